"""Encrypted columns. A row holds ciphertext bound to its column, so it cannot be moved to another one."""

import json
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from tink import TinkError

from vault.keysets import VaultError, aead_primitive


class EncryptedTextField(models.BinaryField):  # type: ignore[type-arg]
    """Text, encrypted with Tink AEAD; the associated data names the column (app.Model.field).

    Reading with the wrong key raises VaultError: never ciphertext on a page. Not searchable:
    see vault.tokens.
    """

    description = "Text, encrypted at rest"

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["editable"] = kwargs.get("editable", True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("editable", None)
        return name, path, args, kwargs

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        if value is None:
            return None
        sealed = aead_primitive().encrypt(self.encode(value), self._column())
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: bytes | memoryview | None, *_: Any) -> Any:
        if value is None:
            return None
        try:
            return self.decode(aead_primitive().decrypt(bytes(value), self._column()))
        except TinkError as error:
            raise VaultError(f"{self._column().decode()} cannot be decrypted with our keys.") from error

    def to_python(self, value: Any) -> Any:
        return value

    def value_to_string(self, obj: models.Model) -> Any:
        return self.value_from_object(obj)

    def get_default(self) -> Any:
        return self._get_default()  # type: ignore[attr-defined]

    @property
    def _get_default(self) -> Any:
        if not self.has_default():
            return lambda: None if self.null else self.empty()
        return self.default if callable(self.default) else lambda: self.default

    def encode(self, value: Any) -> bytes:
        return str(value).encode()

    def decode(self, data: bytes) -> Any:
        return data.decode()

    def empty(self) -> Any:
        return ""

    def _column(self) -> bytes:
        return f"{self.model._meta.label}.{self.attname}".encode()


class EncryptedJSONField(EncryptedTextField):
    """JSON, encrypted the same way. An absent value reads as an empty object."""

    description = "JSON, encrypted at rest"

    def encode(self, value: Any) -> bytes:
        return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).encode()

    def decode(self, data: bytes) -> Any:
        return json.loads(data)

    def empty(self) -> Any:
        return {}
