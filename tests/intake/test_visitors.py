"""Whom a request counts for: the connection behind our proxies, hashed; nobody where that is unknown."""

from typing import Any

import pytest
from django.test import RequestFactory, override_settings
from hypothesis import given
from hypothesis import strategies as st

from intake.visitors import network_of, visitor_key

HOME, NEIGHBOUR = "203.0.113.7", "203.0.113.8"


def request(address: str = HOME, forwarded: str | None = None) -> Any:
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    return RequestFactory().get("/", REMOTE_ADDR=address, headers=headers)


@pytest.mark.parametrize(
    ("address", "network"),
    [
        (HOME, HOME),
        ("::ffff:203.0.113.7", HOME),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("[2001:db8:1:2::1]:443", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("203.0.113.7:5123", HOME),
        ("unix:", ""),
        ("", ""),
        ("unknown", ""),
    ],
)
def test_an_address_counts_by_its_connection(address: str, network: str) -> None:
    assert network_of(request(address)) == network


@pytest.mark.parametrize(
    ("proxies", "forwarded", "counted"),
    [
        (0, "198.51.100.1", HOME),
        (1, "198.51.100.1", "198.51.100.1"),
        (1, "10.0.0.1, 198.51.100.1", "198.51.100.1"),
        (2, "10.0.0.1, 198.51.100.1, 192.0.2.1", "198.51.100.1"),
        (2, "198.51.100.1", "198.51.100.1"),
        (1, None, HOME),
        (1, " , ", HOME),
        (1, "not an address", ""),
    ],
)
def test_only_our_own_proxies_are_believed(
    settings: Any, proxies: int, forwarded: str | None, counted: str
) -> None:
    settings.TRUSTED_PROXIES = proxies
    assert network_of(request(forwarded=forwarded)) == counted


@given(forged=st.lists(st.from_regex(r"[\w.:%\[\] ]{0,40}", fullmatch=True), max_size=4))
def test_whatever_a_visitor_makes_up_changes_nothing(forged: list[str]) -> None:
    with override_settings(TRUSTED_PROXIES=1):
        assert network_of(request(forwarded=", ".join([*forged, NEIGHBOUR]))) == NEIGHBOUR


def test_the_key_says_nothing_of_the_address() -> None:
    key = visitor_key(request())
    assert key == visitor_key(request())
    assert key != visitor_key(request(NEIGHBOUR))
    assert len(key) == 32
    assert HOME not in key


def test_the_key_needs_our_secret(settings: Any) -> None:
    before = visitor_key(request())
    settings.SECRET_KEY = "another secret key, of another installation"
    assert visitor_key(request()) != before


@pytest.mark.parametrize("exempt", [["203.0.113.0/24"], ["203.0.113.7"], ["2001:db8::/32", "203.0.113.7/32"]])
def test_our_own_offices_are_not_counted(settings: Any, exempt: list[str]) -> None:
    settings.BUDGET_EXEMPT = exempt
    assert visitor_key(request()) == ""
    assert visitor_key(request("198.51.100.1")) != ""
