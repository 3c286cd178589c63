import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from vault.keysets import aead_primitive, check_keysets


def vault_keys(*args: str) -> Any:
    """Return what the command prints."""
    printed = StringIO()
    call_command("vault_keys", *args, stdout=printed)
    check_keysets(printed.getvalue())
    return json.loads(printed.getvalue())


def test_new_prints_keysets_that_work(settings: Any) -> None:
    settings.VAULT_KEYSETS = json.dumps(vault_keys("new"))
    assert aead_primitive().decrypt(aead_primitive().encrypt(b"text", b""), b"") == b"text"


def test_new_needs_no_keysets_of_today(settings: Any) -> None:
    settings.VAULT_KEYSETS = ""
    assert set(vault_keys("new")) == {"aead", "prf"}


@pytest.mark.parametrize("name", ["aead", "prf"])
def test_rotate_is_add_and_promote(settings: Any, name: str) -> None:
    before = json.loads(settings.VAULT_KEYSETS)[name]
    rotated = vault_keys("rotate", "--keyset", name)[name]
    added = vault_keys("add", "--keyset", name)
    settings.VAULT_KEYSETS = json.dumps(added)
    promoted = vault_keys("promote", "--keyset", name)[name]

    assert added[name]["primaryKeyId"] == before["primaryKeyId"]
    for after in (rotated, promoted):
        assert after["key"][0] == before["key"][0]
        assert after["primaryKeyId"] == after["key"][1]["keyId"] != before["primaryKeyId"]


def test_what_was_encrypted_before_a_rotation_is_readable_after_it(settings: Any) -> None:
    sealed = aead_primitive().encrypt(b"text", b"")
    settings.VAULT_KEYSETS = json.dumps(vault_keys("rotate"))
    assert aead_primitive().decrypt(sealed, b"") == b"text"


@pytest.mark.parametrize("action", ["add", "promote", "rotate"])
def test_broken_keysets_are_an_error_and_not_replaced(settings: Any, action: str) -> None:
    settings.VAULT_KEYSETS = "{}"
    with pytest.raises(CommandError, match="cannot be read"):
        vault_keys(action)
