"""What the API says of the call to come: exactly what the caller's own page says at the same moment."""

from datetime import datetime

import structlog
from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

from crm.selectors.opening import opening_hours
from intake.promise import Promise
from intake.services.submission import Receipt
from intake.status import State, Status, status_of

log = structlog.get_logger(__name__)

OTHERWISE = {
    State.NO_SAFE_WAY: ("We do not know a safe way to reach you", "So we cannot promise a call."),
    State.UNSAID: ("A person reads your message",),
    State.STOPPED: ("We have stopped contacting you",),
    State.OVER: ("This message is closed",),
    State.IN_TOUCH: ("We have been in touch",),
}


def promised(receipt: Receipt, at: datetime) -> tuple[datetime | None, str]:
    """Return by when a person will be in touch, None where that cannot be promised, and it in words.

    The enquiry is stored: if the database is away by now, nothing is promised.
    """
    try:
        hours = opening_hours(receipt.enquiry.site)
        status = status_of(receipt.enquiry, receipt.answer, hours, at)
    except (OperationalError, InterfaceError) as error:
        log.error("promise_unknown", error=type(error).__name__)
        return None, ""
    is_certain = status.state == State.WAITING and not status.promise.is_aim
    return (receipt.answer.call_by if is_certain else None), in_words(status)


def in_words(status: Status) -> str:
    if status.state != State.WAITING:
        return " ".join(f"{_(sentence).rstrip('.')}." for sentence in OTHERWISE[status.state])
    return " ".join(sentence for sentence in _sentences(status.promise) if sentence)


def _sentences(promise: Promise) -> list[str]:
    """Return the sentences of templates/intake/parts/own_promise.html, and no others."""
    before = _("before %(moment)s") % {"moment": promise.when}
    if promise.is_past:
        return [f"{promise.said} {before}."]
    if not promise.is_aim:
        return [f"{promise.given} {before}.", *_of_the_desk(promise)]
    doubt = _("The last person leaves at %(moment)s.") % {"moment": promise.closes_at}
    unsure = [_("But we cannot be sure of it."), doubt if promise.closes_at else ""]
    return [f"{promise.wanted} {before}.", *unsure, *_of_the_desk(promise)]


def _of_the_desk(promise: Promise) -> list[str]:
    behind = _("Others are still waiting for their call, so it may take longer than we say.")
    back = _("The next person is here at %(moment)s.") % {"moment": promise.back_at}
    away = [] if promise.is_staffed else [_("Nobody is on shift right now."), back if promise.back_at else ""]
    return [behind if promise.is_behind else "", *away]
