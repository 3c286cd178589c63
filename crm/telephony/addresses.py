"""The address as another system used it: what it signs is that, not what our own proxies made of it."""

from django.conf import settings
from django.http import HttpRequest


def address_used(request: HttpRequest) -> str:
    """Return scheme, host, path and query as the outermost of our own proxies saw them.

    Only as many entries of a forwarding header are believed as there are TRUSTED_PROXIES.
    """
    scheme = _claimed(request, "X-Forwarded-Proto") or str(request.scheme)
    host = _claimed(request, "X-Forwarded-Host") or request.get_host()
    query = request.META.get("QUERY_STRING", "")
    return f"{scheme}://{host}{request.path}{'?' if query else ''}{query}"


def _claimed(request: HttpRequest, header: str) -> str:
    hops = [hop.strip() for hop in request.headers.get(header, "").split(",") if hop.strip()]
    proxies = settings.TRUSTED_PROXIES
    return hops[-min(proxies, len(hops))] if proxies and hops else ""
