"""Encrypted columns. A row holds ciphertext bound to its column, so it cannot be moved to another one.

Nothing can be looked up by such a column, except whether it is NULL: vault.tokens is for searching.
"""

import json
from typing import Any, NoReturn

from django.core import checks
from django.core.exceptions import FieldError
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models.lookups import Exact
from tink import TinkError

from vault.keysets import VaultError, aead_primitive

JSON = DjangoJSONEncoder(ensure_ascii=False, separators=(",", ":"))


class EncryptedField(models.Field):  # type: ignore[type-arg]  # not generic at run time
    """What both kinds of encrypted column share: Tink AEAD on the way in and out, bytea in between.

    The associated data is "table.column"; a migration that renames either must encrypt the rows again.
    Reading with the wrong key raises VaultError: never ciphertext on a page.
    """

    bound_to: bytes

    def contribute_to_class(self, cls: type[models.Model], name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        self.bound_to = f"{cls._meta.db_table}.{self.column}".encode()

    def get_internal_type(self) -> str:
        return "BinaryField"

    def check(self, **kwargs: Any) -> list[checks.CheckMessage]:
        """Refuse `unique`: no two ciphertexts are equal, whatever they hold."""
        errors = super().check(**kwargs)
        if self.unique:
            errors.append(checks.Error("An encrypted field cannot be unique.", obj=self, id="vault.E001"))
        return errors

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        plain = value if prepared else self.get_prep_value(value)
        if plain is None:
            return None
        return aead_primitive().encrypt(self.to_bytes(plain), self.bound_to)

    def from_db_value(self, value: Any, *_: Any) -> Any:
        if value is None:
            return None
        try:
            return self.from_bytes(aead_primitive().decrypt(value, self.bound_to))
        except TinkError:
            raise VaultError(f"{self.bound_to.decode()} cannot be decrypted with our keys.") from None

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name == "isnull":
            return super().get_lookup(lookup_name)
        return _NullOnly if lookup_name == "exact" else self.refuse(lookup_name)

    def get_transform(self, lookup_name: str) -> NoReturn:
        self.refuse(lookup_name)

    def refuse(self, lookup_name: str) -> NoReturn:
        """Raise FieldError: a comparison with ciphertext would match nothing, without a word."""
        raise FieldError(f"{self} is encrypted: no {lookup_name}. Use search tokens (vault.tokens).")

    def to_bytes(self, value: Any) -> bytes:
        raise NotImplementedError

    def from_bytes(self, data: bytes) -> Any:
        raise NotImplementedError


class EncryptedTextField(EncryptedField, models.TextField):  # type: ignore[type-arg]  # not generic at run time
    """Text, encrypted. Blank text is encrypted too."""

    description = "Text, encrypted"

    def get_prep_value(self, value: Any) -> Any:
        # b"": what Django fills a new column of a blank-able "BinaryField" with
        return "" if value == b"" else super().get_prep_value(value)

    def to_bytes(self, value: str) -> bytes:
        return value.encode(errors="replace")  # half a surrogate pair must not cost us an enquiry

    def from_bytes(self, data: bytes) -> str:
        return data.decode()


class EncryptedJSONField(EncryptedField, models.JSONField):
    """JSON, encrypted. Dates and the like become strings, as Django's serialisers write them."""

    description = "JSON, encrypted"

    def to_bytes(self, value: Any) -> bytes:
        return JSON.encode(value).encode(errors="replace")

    def from_bytes(self, data: bytes) -> Any:
        return json.loads(data)


class _NullOnly(Exact):
    """`field=None`, which Django makes IS NULL of; any other value is refused."""

    def get_prep_lookup(self) -> None:
        if self.rhs is not None:
            self.lhs.output_field.refuse("exact")
