"""Where providers report what became of messages. Nothing is believed before its signature was checked.

A report that comes twice, or was recorded and is played again, changes nothing: see services.receipts.
"""

from datetime import datetime

import structlog
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from jobs.clock import database_now
from notifications.hooks.from_twilio import check_from_twilio
from notifications.hooks.receipts import Receipt, Unreadable
from notifications.hooks.signatures import NotTheirs
from notifications.hooks.twilio import read_twilio
from notifications.services.receipts import note_receipts

LARGEST = 256_000  # bytes: e-mail providers report some hundred at a time
log = structlog.get_logger(__name__)


@csrf_exempt
@never_cache
@require_POST
def receipts(request: HttpRequest, provider: str) -> HttpResponse:
    """Note what a provider reports; 403 if it is not theirs, 404 of a message that we do not know (yet)."""
    if len(request.body) > LARGEST:
        return HttpResponse(status=413)
    try:
        at = database_now()
        reported = _read(request, provider, at)
    except NotTheirs:
        return _refused(provider, "forged", 403)
    except Unreadable:
        return _refused(provider, "unreadable", 400)
    all_known = note_receipts(receipts=reported, provider=provider, at=at)
    return HttpResponse(status=204 if all_known else 404)


def _read(request: HttpRequest, provider: str, at: datetime) -> list[Receipt]:
    """Return what is reported. Raises NotTheirs, Unreadable."""
    if provider != "twilio":
        from notifications.hooks.email import read_email_events  # large: loaded when it is used

        return read_email_events(request, provider, at)
    check_from_twilio(request)
    return [read_twilio(request.POST.dict(), message=request.GET.get("message", ""))]


def _refused(provider: str, reason: str, status: int) -> HttpResponse:
    log.warning("receipt_refused", provider=provider, reason=reason)
    return HttpResponse(status=status)
