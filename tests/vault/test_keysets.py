import json
from typing import Any

import pytest

from vault.keysets import (
    VaultError,
    aead_primitive,
    check_keysets,
    new_keysets,
    prf_set,
    with_added_key,
    with_latest_primary,
)


def test_new_keysets_are_readable_and_never_the_same() -> None:
    first, second = new_keysets(), new_keysets()
    check_keysets(first)
    assert json.loads(first)["aead"] != json.loads(second)["aead"]


def test_changing_one_keyset_leaves_the_other_alone() -> None:
    before = new_keysets()
    after = with_latest_primary(with_added_key(before, name="prf"), name="prf")
    check_keysets(after)
    assert json.loads(after)["aead"] == json.loads(before)["aead"]
    assert len(json.loads(after)["prf"]["key"]) == 2


@pytest.mark.parametrize(
    "keysets",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"aead": {}, "prf": {}}',
        '{"aead": {"primaryKeyId": 1, "key": [{"keyData": {"value": "c2VjcmV0"}}]}}',
    ],
)
def test_broken_keysets_are_named_and_not_shown(settings: Any, keysets: str) -> None:
    settings.VAULT_KEYSETS = keysets
    for primitive in (aead_primitive, prf_set):
        with pytest.raises(
            VaultError, match=r"The (aead|prf) keyset in VAULT_KEYSETS cannot be read"
        ) as caught:
            primitive()
        assert "c2VjcmV0" not in str(caught.value)


def test_primitives_are_built_once_for_the_same_setting(settings: Any) -> None:
    assert aead_primitive() is aead_primitive()
    before = aead_primitive()
    settings.VAULT_KEYSETS = new_keysets()
    assert aead_primitive() is not before
