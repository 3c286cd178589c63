"""What the API says of the call to come: what the caller's own page said at the moment of the enquiry."""

from django.utils.translation import gettext as _

from intake.promise import Promise, promise_as_made
from intake.services.submission import Receipt
from intake.status import ways_said


def promised(receipt: Receipt) -> str:
    """Return the promise in words: of what is stored alone, so that every retry is told the same."""
    ways = ways_said(receipt.enquiry)
    if not ways:
        return f"{_('We do not know a safe way to reach you')}. {_('So we cannot promise a call.')}"
    promise = promise_as_made(
        promise=receipt.answer.promise,
        ways=ways,
        time_zone=receipt.enquiry.site.time_zone,
        at=receipt.enquiry.received_at,
    )
    return " ".join(sentence for sentence in _sentences(promise) if sentence)


def _sentences(promise: Promise) -> list[str]:
    """Return the sentences of templates/intake/parts/own_promise.html, and no others."""
    before = _("before %(moment)s") % {"moment": promise.when}
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
