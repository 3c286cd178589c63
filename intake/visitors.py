"""Which connection a request came from, for counting only: the address itself is never kept or logged."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest
from django.utils.crypto import salted_hmac


def visitor_key(request: HttpRequest) -> str:
    """Return a keyed hash that stands for the visitor's connection, or "" when it is not to be counted."""
    network = network_of(request)
    if not network or _is_exempt(network):
        return ""
    return salted_hmac("intake.visitors", network, algorithm="sha256").hexdigest()[:32]


def network_of(request: HttpRequest) -> str:
    """Return the visitor's IPv4 address, or the /64 of an IPv6 one, which is one home; "" if unknown."""
    try:
        address = ip_address(_bare(_claimed(request)))
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is None:
            return str(ip_network((int(address), 64), strict=False))
        address = address.ipv4_mapped
    return str(address)


def _claimed(request: HttpRequest) -> str:
    """Return the address that the outermost of our own proxies saw; whatever stands before it may be made up.

    Each proxy adds the address of whoever asked it to the end of X-Forwarded-For.
    """
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    if proxies and hops:
        return hops[-min(proxies, len(hops))]
    return str(request.META.get("REMOTE_ADDR", ""))


def _bare(address: str) -> str:
    """Return an address without port, brackets and zone."""
    if address.startswith("["):
        address = address[1:].partition("]")[0]
    elif address.count(":") == 1:
        address = address.partition(":")[0]
    return address.partition("%")[0]


def _is_exempt(network: str) -> bool:
    address = ip_address(network.partition("/")[0])
    return any(address in ip_network(each, strict=False) for each in settings.BUDGET_EXEMPT)
