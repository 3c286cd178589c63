"""Where phone systems report calls and texts. Nothing is believed before its signature was checked.

The body of a refused message is neither kept nor logged: only its line and the reason are.
"""

import json
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from crm.enums import PhoneProvider
from crm.models import PhoneLine
from crm.services.phone_events import Replayed, receive_event
from crm.services.phone_refusals import BAD_SECRET, FORGED, NO_SECRET, REPLAYED, STALE, note_refusal
from crm.telephony.addresses import address_used
from crm.telephony.twiml import NOTHING_MORE, engaged, pass_call_on
from jobs.clock import database_now
from notifications.hooks.signatures import (
    NotTheirs,
    Stale,
    StandardHeaders,
    UnusableSecret,
    check_standard,
    check_twilio,
    replay_key,
)

REFUSED: dict[type[Exception], tuple[str, int]] = {
    UnusableSecret: (BAD_SECRET, 403),
    NotTheirs: (FORGED, 403),
    Stale: (STALE, 403),
    Replayed: (REPLAYED, 409),
}
LARGEST = 64_000  # bytes: a text has 1,600 letters


@csrf_exempt
@never_cache
@require_POST
def phone_event(request: HttpRequest, line: UUID) -> HttpResponse:
    """Store what a phone system tells us of one line; 403 if it is not theirs or too old, 409 if replayed."""
    found = get_object_or_404(PhoneLine.objects.filter(is_active=True), pk=line)
    if len(request.body) > LARGEST:
        return HttpResponse(status=413)
    secret = settings.PHONE_SECRETS.get(found.secret_name, "")
    if not secret:
        return _refused(found, NO_SECRET, 403)
    try:
        known_by = _checked(request, found, secret)
        receive_event(
            line=found, replay_key=replay_key(known_by), payload=_payload(request, found), at=database_now()
        )
    except (UnusableSecret, NotTheirs, Stale, Replayed) as why:
        return _refused(found, *REFUSED[type(why)])
    return _answer(request, found)


def _checked(request: HttpRequest, line: PhoneLine, secret: str) -> str:
    if line.provider == PhoneProvider.TWILIO:
        signature = request.headers.get("X-Twilio-Signature", "")
        return check_twilio(
            secret=secret, url=address_used(request), posted=request.POST, signature=signature
        )
    headers = StandardHeaders(
        id=request.headers.get("webhook-id", ""),
        timestamp=request.headers.get("webhook-timestamp", ""),
        signatures=request.headers.get("webhook-signature", ""),
    )
    return check_standard(secret=secret, headers=headers, body=request.body, at=database_now())


def _payload(request: HttpRequest, line: PhoneLine) -> str:
    if line.provider == PhoneProvider.TWILIO:
        return json.dumps(request.POST.dict())
    return request.body.decode("utf-8", "replace")


def _refused(line: PhoneLine, reason: str, status: int) -> HttpResponse:
    note_refusal(line=line, reason=reason)
    return HttpResponse(status=status)


def _answer(request: HttpRequest, line: PhoneLine) -> HttpResponse:
    """Twilio asks what to do with a call that rings, and wants instructions in any case."""
    if line.provider != PhoneProvider.TWILIO:
        return HttpResponse(status=204)
    said = request.POST
    asks = said.get("CallStatus") == "ringing" and said.get("Direction") == "inbound"
    words = NOTHING_MORE
    if asks and not said.get("ParentCallSid"):
        there = address_used(request)
        words = pass_call_on(number=line.passes_on_to, report_to=there) if line.passes_on_to else engaged()
    return HttpResponse(words, content_type="text/xml")
