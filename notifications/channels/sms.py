"""Texts by Twilio: https://www.twilio.com/docs/messaging/api/message-resource"""

from django.conf import settings

from notifications.channels import twilio
from notifications.channels.base import DeliveryError, Handed, Outgoing
from notifications.channels.deadline import Deadline
from notifications.channels.reports import report_address

LONGEST_VALIDITY = 36_000  # seconds that Twilio keeps a text that it cannot pass on
LOST = {"failed", "undelivered", "canceled"}


def send_by_twilio_sms(outgoing: Outgoing) -> Handed:
    """Hand the text to Twilio within OUTGOING_TIMEOUT seconds, unless an earlier try already did."""
    deadline = Deadline(min(settings.OUTGOING_TIMEOUT, outgoing.patience))
    to = twilio.check_number(outgoing)
    if sid := _taken_before(outgoing, deadline):
        return Handed(sid)
    sender = settings.TWILIO_SMS_FROM
    form = {
        "To": to,
        "MessagingServiceSid" if sender.startswith("MG") else "From": sender,
        "Body": outgoing.text.strip(),
        "ValidityPeriod": str(min(max(outgoing.useful_for, 1), LONGEST_VALIDITY)),
        "StatusCallback": report_address("twilio", outgoing.id),
    }
    return Handed(twilio.create("Messages", form, deadline))


def _taken_before(outgoing: Outgoing, deadline: Deadline) -> str:
    """Return the sid of the same words to the same number since an earlier try, "" if there was none.

    Raises DeliveryError, ambiguous, if Twilio cannot be asked: without an answer it must not be sent again.
    """
    if outgoing.maybe_taken_at is None:
        return ""
    try:
        found = twilio.latest("Messages", outgoing.to, deadline)
    except DeliveryError as error:
        raise twilio.still_unknown(error) from None
    words = _letters(outgoing.text)
    for each in twilio.made_since(found, outgoing.maybe_taken_at, LOST):
        if _letters(str(each.get("body", ""))).endswith(words):
            return str(each.get("sid", ""))
    return ""


def _letters(text: str) -> str:
    """Return letters and digits only: Twilio may exchange signs, and puts words before trials."""
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())
