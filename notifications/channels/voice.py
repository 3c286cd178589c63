"""Calls by Twilio: https://www.twilio.com/docs/voice/api/call-resource"""

from django.conf import settings

from notifications.channels import twilio
from notifications.channels.base import DeliveryError, Handed, Outgoing
from notifications.channels.deadline import Deadline
from notifications.channels.reports import report_address
from notifications.channels.spoken import call_script

RINGS_FOR = "30"  # seconds: shorter than most answering machines wait
LOST = {"failed", "canceled"}  # engaged or not picked up is a call that was made


def send_by_twilio_call(outgoing: Outgoing) -> Handed:
    """Have Twilio ring the number within OUTGOING_TIMEOUT seconds, unless an earlier try already did."""
    deadline = Deadline(min(settings.OUTGOING_TIMEOUT, outgoing.patience))
    to = twilio.check_number(outgoing)
    if sid := _made_before(outgoing, deadline):
        return Handed(sid)
    form = {
        "To": to,
        "From": settings.TWILIO_VOICE_FROM,
        "Twiml": call_script(outgoing),
        "Timeout": RINGS_FOR,
        "StatusCallback": report_address("twilio", outgoing.id),
        "StatusCallbackEvent": ["answered", "completed"],
    }
    return Handed(twilio.create("Calls", form, deadline))


def _made_before(outgoing: Outgoing, deadline: Deadline) -> str:
    """Return the sid of the first call that we made to the number since an earlier try, "" if there was none.

    Calls carry no words of ours, so one about something else counts, too: that person's phone did ring.
    """
    if outgoing.maybe_taken_at is None:
        return ""
    try:
        found = twilio.latest("Calls", outgoing.to, deadline)
    except DeliveryError as error:
        raise twilio.still_unknown(error) from None
    made = list(twilio.made_since(found, outgoing.maybe_taken_at, LOST))
    return str(made[-1].get("sid", "")) if made else ""
