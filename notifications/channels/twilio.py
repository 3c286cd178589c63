"""Twilio's API, for texts and calls: how to ask, and what each refusal means.

Codes: https://www.twilio.com/docs/api/errors/<code>. What is not listed is tried again: our own account,
number or permissions, which somebody may be putting right (20003, 21408, 21606), or a fault of theirs. A 429
was not processed and may be sent again (20429); a 500 may have gone out (20500), and there is no idempotency
key: before another try we look whether it did.
"""

import base64
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from notifications.channels.base import AddressGone, DeliveryError, Outgoing, Stopped
from notifications.channels.deadline import Deadline
from notifications.channels.http import Answer, call

NUMBER = re.compile(r"\+[1-9]\d{6,14}")
STOPPED = 21610  # the recipient has texted STOP
GONE = {  # the number can never be reached in this way
    13223,  # a call: the number's form is wrong
    13224,  # a call: the number is invalid, or of a kind that cannot be rung
    21211,  # the number is invalid
    21214,  # a call: the number cannot be reached
    21217,  # a call: the number does not appear to be valid
    21401,  # the number is invalid
    21407,  # this kind of number takes no texts
    21421,  # the number is invalid
    21614,  # not a mobile number
    21635,  # a landline
}
REFUSED = {  # this message, or this sender to this number, will never do
    21602,  # no text
    21612,  # no route from our number to theirs
    21617,  # the text is too long
    32018,  # what is to be said in a call is too long
}
CLOCKS_DIFFER = timedelta(seconds=30)
PAGE = "20"  # of the list of what was sent; one such page fits into an answer


def check_number(outgoing: Outgoing) -> str:
    """Return the number. Raises DeliveryError when it is not one in international form."""
    if not NUMBER.fullmatch(outgoing.to):
        raise DeliveryError("InvalidAddress", permanent=True)
    return outgoing.to


def create(resource: str, form: Mapping[str, str | Sequence[str]], deadline: Deadline) -> str:
    """Create a Message or a Call and return its sid. Raises DeliveryError."""
    body = urlencode({key: value for key, value in form.items() if value}, doseq=True).encode()
    answer = _ask("POST", _address(resource), deadline, body)
    if answer.is_success:
        return str(answer.json().get("sid", ""))
    raise _failure(answer)


def latest(resource: str, to: str, deadline: Deadline) -> list[dict[str, Any]]:
    """Return the latest Messages or Calls to a number, newest first. Raises DeliveryError."""
    query = urlencode({"To": to, "PageSize": PAGE})
    answer = _ask("GET", f"{_address(resource)}?{query}", deadline)
    if not answer.is_success:
        raise _failure(answer)
    found = answer.json().get(resource.lower())
    if not isinstance(found, list):
        raise DeliveryError("UnreadableAnswer", permanent=False)
    return [each for each in found if isinstance(each, dict)]


def still_unknown(error: DeliveryError) -> DeliveryError:
    """Return the error of not even being able to ask: whatever it was, the earlier try stays open."""
    return DeliveryError(error.reason, permanent=False, retry_after=error.retry_after, ambiguous=True)


def made_since(found: list[dict[str, Any]], since: datetime, lost: set[str]) -> Iterator[dict[str, Any]]:
    """Yield what our API calls made since about then and what did not fail; Twilio's clock may differ."""
    for each in found:
        made_at = _moment(each.get("date_created"))
        ours = each.get("direction") == "outbound-api" and each.get("status") not in lost
        if ours and made_at and made_at >= since - CLOCKS_DIFFER:
            yield each


def _moment(written: object) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(written))
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _address(resource: str) -> str:
    account = quote(settings.TWILIO_ACCOUNT_SID, safe="")
    return f"{settings.TWILIO_API_URL}/2010-04-01/Accounts/{account}/{resource}.json"


def _ask(method: str, url: str, deadline: Deadline, body: bytes = b"") -> Answer:
    pair = f"{settings.TWILIO_ACCOUNT_SID}:{settings.TWILIO_AUTH_TOKEN}"
    headers = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    return call(method, url, headers=headers, body=body, deadline=deadline)


def _failure(answer: Answer) -> DeliveryError:
    code = answer.json().get("code")
    if not isinstance(code, int):
        return answer.failure()
    reason = f"Twilio {code}"
    if code == STOPPED:
        return Stopped(reason)
    if code in GONE:
        return AddressGone(reason)
    return answer.failure(reason, permanent=code in REFUSED)
