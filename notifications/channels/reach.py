"""Where a host is, and whether we may go there.

Addresses that people give us (webhooks, push subscriptions) must not lead into our own network: the name is
resolved once, every address that it has must be one of the public internet, and the connection is made to
what was checked, so that a second answer of the name server changes nothing.
"""

import socket
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from queue import Empty, SimpleQueue
from threading import Thread

from django.conf import settings

from notifications.channels.base import DeliveryError
from notifications.channels.deadline import Deadline

Address = IPv4Address | IPv6Address

MOST_ADDRESSES = 4
NAT64 = ip_network("64:ff9b::/96")  # RFC 6052: the last 32 bits are an IPv4 address
NEVER = [
    ip_network(each)
    for each in (
        "2002::/16",  # 6to4, RFC 3056: leads to any IPv4 address
        "2001::/32",  # Teredo, RFC 4380: the same
        "64:ff9b:1::/48",  # NAT64 of a network's own, RFC 8215
        "3fff::/20",  # documentation, RFC 9637
        "fec0::/10",  # site-local, RFC 3879: gone, and still routed inside some networks
        "::/96",  # IPv4-compatible, RFC 4291: gone
        "192.0.0.0/24",  # protocols of the network itself, RFC 6890; some clouds' metadata
        "192.88.99.0/24",  # relays of 6to4, RFC 7526: gone
        "168.63.129.16/32",  # Azure's platform, public only by its number
    )
]


class AddressRefused(DeliveryError):
    """The host is, or is also, at an address that is not of the public internet."""

    def __init__(self) -> None:
        super().__init__("AddressRefused", permanent=True)


def addresses_of(host: str, port: int, *, deadline: Deadline, public_only: bool) -> list[Address]:
    """Return a host's addresses, a few at most. Raises OSError, or AddressRefused if `public_only`."""
    found = list(dict.fromkeys(_resolve(host, port, deadline)))
    if public_only and not all(may_be_reached(each) for each in found):
        raise AddressRefused
    return found[:MOST_ADDRESSES]


def may_be_reached(address: Address) -> bool:
    """Return whether an address is of the public internet, or a loopback that the settings let pass."""
    inner = _inside(address)
    if inner.is_loopback and settings.OUTGOING_LOOPBACK:
        return True
    if inner.is_multicast or inner.is_reserved or inner.is_link_local:
        return False
    return inner.is_global and not any(inner in network for network in NEVER)


def _inside(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, IPv4Address):
        return address
    if address in NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address


def _resolve(host: str, port: int, deadline: Deadline) -> list[Address]:
    """Look the host up in a thread: name resolution knows no time-out, and ours may not wait for it."""
    answer: SimpleQueue[list[Address] | Exception] = SimpleQueue()
    Thread(target=lambda: answer.put(_look_up(host, port)), daemon=True).start()
    try:
        found = answer.get(timeout=deadline.left())
    except Empty:
        raise TimeoutError from None
    if isinstance(found, Exception):
        raise found
    return found


def _look_up(host: str, port: int) -> list[Address] | Exception:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [ip_address(sockaddr[0]) for *_, sockaddr in found]
    except (OSError, ValueError) as error:  # UnicodeError is one: a label that cannot be a name
        return error
