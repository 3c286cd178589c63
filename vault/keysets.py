"""Tink keysets: one for encryption (AEAD), one for search tokens (PRF).

The setting VAULT_KEYSETS is JSON: `{"aead": <Tink JSON keyset>, "prf": <Tink JSON keyset>}`. In each, the
primary key writes and all keys read, so a key is changed by adding one (manage.py vault_keys).
"""

import json
from functools import cache
from typing import Any

import tink
from django.conf import settings
from tink import aead, prf, secret_key_access

aead.register()
prf.register()

TEMPLATES = {"aead": aead.aead_key_templates.AES256_GCM, "prf": prf.prf_key_templates.HMAC_SHA256}


class VaultError(Exception):
    """A keyset is missing or broken, or a value was not encrypted with any of our keys."""


def aead_primitive() -> aead.Aead:
    """Return the configured AEAD: encrypts with the primary key, decrypts with any. Raises VaultError."""
    return _primitive(settings.VAULT_KEYSETS, "aead", aead.Aead)


def prf_set() -> prf.PrfSet:
    """Return the configured PRFs, of which the primary one makes new search tokens. Raises VaultError."""
    return _primitive(settings.VAULT_KEYSETS, "prf", prf.PrfSet)


def new_keysets() -> str:
    """Return a fresh pair of keysets as JSON."""
    return json.dumps({name: _new_keyset(name) for name in TEMPLATES})


def with_added_key(keysets: str, *, name: str) -> str:
    """Return the keysets with a new key in `name`, which reads but does not write yet."""
    changed = json.loads(keysets)
    changed[name]["key"] += _new_keyset(name)["key"]
    return json.dumps(changed)


def with_latest_primary(keysets: str, *, name: str) -> str:
    """Return the keysets with the latest key of `name` as the one that writes."""
    changed = json.loads(keysets)
    changed[name]["primaryKeyId"] = changed[name]["key"][-1]["keyId"]
    return json.dumps(changed)


def check_keysets(keysets: str) -> None:
    """Raise VaultError unless both keysets can be read."""
    _primitive(keysets, "aead", aead.Aead)
    _primitive(keysets, "prf", prf.PrfSet)


@cache
def _primitive(keysets: str, name: str, kind: Any) -> Any:
    try:
        keyset = json.dumps(json.loads(keysets)[name])
        return tink.json_proto_keyset_format.parse(keyset, secret_key_access.TOKEN).primitive(kind)
    except (KeyError, TypeError, ValueError, tink.TinkError):
        raise VaultError(f"The {name} keyset in VAULT_KEYSETS cannot be read.") from None


def _new_keyset(name: str) -> Any:
    handle = tink.new_keyset_handle(TEMPLATES[name])
    return json.loads(tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN))
