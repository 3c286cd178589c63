"""/healthz, /readyz and /metrics, answered before anything else looks at the request.

They stand in front of the other middleware because probes ask by address, not by the host name that
ALLOWED_HOSTS expects, and over plain HTTP. Send traffic by /healthz; let /readyz alert people.
"""

from collections.abc import Callable
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound, JsonResponse
from prometheus_client import CONTENT_TYPE_LATEST

from config.metrics import exposition
from intake.selectors.readiness import check_readiness

View = Callable[[HttpRequest], HttpResponse]
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_FORWARDED_PROTO")


class HealthMiddleware:
    """Answers the three pages and leaves every other request alone."""

    def __init__(self, get_response: View) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        view = PAGES.get(request.path) if request.method in {"GET", "HEAD"} else None
        response = view(request) if view else self.get_response(request)
        if view:
            response["Cache-Control"] = "no-store"
        return response


def healthz(_: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process works."""
    return JsonResponse({"status": "ok"})


def readyz(_: HttpRequest) -> HttpResponse:
    """Answer 200 when everything works, 503 when something needs a person; the body says what."""
    checks = check_readiness()
    ready = all(check.ok for check in checks)
    body = {check.name: {"ok": check.ok, "seconds": check.seconds} for check in checks}
    status = "ready" if ready else "not ready"
    response = JsonResponse({"status": status, "checks": body}, status=200 if ready else 503)
    response._has_been_logged = True  # type: ignore[attr-defined]  # the answer is the news, not an error of ours
    return response


def metrics(request: HttpRequest) -> HttpResponse:
    """Answer a Prometheus scrape, to METRICS_ALLOWED only; to others the page does not exist."""
    if not may_read_metrics(request):
        return HttpResponseNotFound()
    return HttpResponse(exposition(), content_type=CONTENT_TYPE_LATEST)


def may_read_metrics(request: HttpRequest) -> bool:
    """Tell whether the request comes straight from an allowed address; a proxied one never does."""
    if any(header in request.META for header in FORWARDED):
        return False
    address = ip_address(request.META.get("REMOTE_ADDR") or "0.0.0.0")  # noqa: S104 (nobody's address)
    return any(address in ip_network(network, strict=False) for network in settings.METRICS_ALLOWED)


PAGES: dict[str, View] = {"/healthz": healthz, "/readyz": readyz, "/metrics": metrics}
