"""Tink keysets: one for encryption (AEAD), one for search tokens (PRF).

The setting VAULT_KEYSETS is JSON: `{"aead": <Tink JSON keyset>, "prf": <Tink JSON keyset>}`.
"""

import json
from functools import cache

import tink
from django.conf import settings
from tink import aead, prf, secret_key_access

aead.register()
prf.register()


class VaultError(Exception):
    """A keyset is missing or broken, or a value was not encrypted with any of our keys."""


@cache
def aead_primitive() -> aead.Aead:
    """Return the AEAD of the configured keyset; encrypts with its primary key, decrypts with any of them."""
    return _handle("aead").primitive(aead.Aead)


@cache
def prf_set() -> prf.PrfSet:
    """Return the PRF set of the configured keyset; old keys still find rows written before a rotation."""
    return _handle("prf").primitive(prf.PrfSet)


def new_keysets() -> str:
    """Return a fresh pair of keysets as JSON."""
    templates = {"aead": aead.aead_key_templates.AES256_GCM, "prf": prf.prf_key_templates.HMAC_SHA256}
    handles = {name: tink.new_keyset_handle(template) for name, template in templates.items()}
    return json.dumps({name: json.loads(_to_json(handle)) for name, handle in handles.items()})


def rotated(keysets: str, *, name: str = "aead") -> str:
    """Return the keysets with a new primary key in `name`; its older keys go on reading."""
    old, fresh = json.loads(keysets), json.loads(new_keysets())
    old[name]["key"] += fresh[name]["key"]
    old[name]["primaryKeyId"] = fresh[name]["primaryKeyId"]
    return json.dumps(old)


def _handle(name: str) -> tink.KeysetHandle:
    try:
        keyset = json.dumps(json.loads(settings.VAULT_KEYSETS)[name])
        return tink.json_proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
    except (KeyError, ValueError, tink.TinkError) as error:
        raise VaultError(f"The {name} keyset in VAULT_KEYSETS cannot be read.") from error


def _to_json(handle: tink.KeysetHandle) -> str:
    return tink.json_proto_keyset_format.serialize(handle, secret_key_access.TOKEN)
