"""Which addresses may be reached when somebody else gave them to us."""

import socket
import time
from collections.abc import Callable
from ipaddress import IPv6Address, ip_address
from threading import Event
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.channels.base import DeliveryError
from notifications.channels.deadline import Deadline
from notifications.channels.http import call
from notifications.channels.reach import addresses_of, may_be_reached
from tests.notifications.patience import IN_TIME
from tests.notifications.peers.server import HANG, Provider


@pytest.mark.parametrize(
    "address",
    [
        "0.0.0.0",
        "10.0.0.1",
        "100.64.0.1",  # carrier-grade NAT
        "100.100.100.200",  # metadata of one cloud
        "127.0.0.1",
        "168.63.129.16",  # the platform of another
        "169.254.169.254",  # metadata of most
        "172.16.0.1",
        "192.0.0.192",  # metadata of yet another
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "233.252.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::127.0.0.1",
        "::ffff:10.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::a00:1",  # NAT64 of 10.0.0.1
        "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
        "64:ff9b:1::1",
        "100::1",
        "2001::1",  # Teredo
        "2001:db8::1",
        "2002:a00:1::1",  # 6to4 of 10.0.0.1
        "3fff::1",
        "::ffff:0:a00:1",  # IPv4-translated, RFC 2765: 10.0.0.1
        "fc00::1",
        "fd00:ec2::254",  # metadata by IPv6
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "ff0e::1",
    ],
)
def test_what_is_not_of_the_public_internet_is_refused(settings: Any, address: str) -> None:
    settings.OUTGOING_LOOPBACK = False
    assert not may_be_reached(ip_address(address))


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.215.14", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
)
def test_the_public_internet_is_reached(settings: Any, address: str) -> None:
    settings.OUTGOING_LOOPBACK = False
    assert may_be_reached(ip_address(address))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_in_the_guise_of_ipv6_is_judged_as_itself(address: Any) -> None:
    mapped, nat64 = IPv6Address(f"::ffff:{address}"), IPv6Address(f"64:ff9b::{address}")
    assert may_be_reached(mapped) == may_be_reached(nat64) == may_be_reached(address)


def test_only_loopback_is_let_pass_by_the_setting(settings: Any) -> None:
    settings.OUTGOING_LOOPBACK = True
    assert may_be_reached(ip_address("127.0.0.1"))
    assert may_be_reached(ip_address("::1"))
    assert not may_be_reached(ip_address("10.0.0.1"))
    assert not may_be_reached(ip_address("169.254.169.254"))


def test_a_name_is_judged_by_all_of_its_addresses(settings: Any) -> None:
    settings.OUTGOING_LOOPBACK = False
    with pytest.raises(DeliveryError) as caught:
        addresses_of("localhost", 443, deadline=Deadline(5), public_only=True)
    assert caught.value.permanent


# --- name servers that say what suits them: the operating system's look-up is the edge of our program

Answers = Callable[[str], list[str]]


@pytest.fixture
def name_server(monkeypatch: pytest.MonkeyPatch) -> Callable[[Answers], list[str]]:
    """Return a function that has names answered by another, and returns which it was asked for."""
    real = socket.getaddrinfo

    def install(answers: Answers) -> list[str]:
        asked: list[str] = []

        def look_up(host: str, port: int, *rest: Any, **more: Any) -> Any:
            if host[0].isdigit():
                return real(host, port, *rest, **more)
            asked.append(host)
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (each, port)) for each in answers(host)]

        monkeypatch.setattr(socket, "getaddrinfo", look_up)
        return asked

    return install


def test_a_name_with_one_address_inside_is_refused(settings: Any, name_server: Any) -> None:
    name_server(lambda _: ["1.1.1.1", "10.0.0.1"])
    with pytest.raises(DeliveryError) as caught:
        addresses_of("example.org", 443, deadline=Deadline(5), public_only=True)
    assert caught.value.reason == "AddressRefused"


def test_a_name_that_changes_its_answer_is_reached_where_it_was_checked(serve: Any, name_server: Any) -> None:
    provider: Provider = serve(Provider)
    provider.then("ok")
    answers = iter([["127.0.0.1"], ["127.0.0.2"]])
    asked = name_server(lambda _: next(answers))
    url = f"https://localhost:{provider.port}/"
    call("POST", url, headers={}, deadline=Deadline(5), public_only=True)
    assert (asked, len(provider.asked)) == (["localhost"], 1)


def test_an_address_that_does_not_answer_leaves_time_for_the_next(serve: Any, name_server: Any) -> None:
    provider: Provider = serve(Provider)
    provider.then("ok")
    name_server(lambda _: ["127.0.0.3", "127.0.0.1"])  # nobody listens at the first
    url = f"https://localhost:{provider.port}/"
    assert call("GET", url, headers={}, deadline=Deadline(5)).is_success


def test_a_name_server_that_does_not_answer_is_left_in_time(name_server: Any) -> None:
    over = Event()
    name_server(lambda _: [str(over.wait(HANG))])
    began = time.monotonic()
    with pytest.raises(TimeoutError):
        addresses_of("example.org", 443, deadline=Deadline(0.3), public_only=False)
    over.set()
    assert time.monotonic() - began < IN_TIME


def test_a_provider_of_the_settings_may_be_anywhere(settings: Any) -> None:
    settings.OUTGOING_LOOPBACK = False
    found = addresses_of("127.0.0.1", 443, deadline=Deadline(5), public_only=False)
    assert found == [ip_address("127.0.0.1")]
