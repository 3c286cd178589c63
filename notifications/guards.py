"""Who may be written to. This leaf knows nobody, so whoever knows people says it: the desk, for callers.

Asked when a message is queued and again when it is sent, because what is safe changes in between; then also
whether it is a safe hour for them, and whether what the message says is still true. And told
when a provider says that somebody wants nothing more, or that there is nobody.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog
from django.db import transaction

from jobs.errors import INFRASTRUCTURE_ERRORS
from notifications.enums import Audience, ChannelName, MessageKind, Purpose

Guard = Callable[[ChannelName, str, UUID | None], None]  # the way, and what the message is about
Consent = Callable[[str, UUID | None], None]  # the address, and what the message is about
InUse = Callable[[MessageKind, ChannelName, str, UUID | None], bool]  # the kind, the way, the address, whose
StillTrue = Callable[[UUID | None, datetime], str]  # what it is about, now; why not, "" if it is
SaidNow = Callable[[UUID | None, datetime], Mapping[str, str]]  # what it is about, now; keys of the context
AddressListener = Callable[[ChannelName, str, datetime], None]  # the channel, the address, when we were told
ResultListener = Callable[[ChannelName, str, str, datetime], None]  # … what was wrong ("" if nothing), when

log = structlog.get_logger(__name__)

_GUARDS: dict[Audience, Guard] = {}
_HOURS: dict[Audience, "Hours"] = {}
_IN_USE: dict[Audience, InUse] = {}
_CONSENT: dict[str, Consent] = {}
_STILL_TRUE: dict[MessageKind, list[StillTrue]] = {}
_SAID_NOW: dict[MessageKind, SaidNow] = {}
_STOP_LISTENERS: dict[str, AddressListener] = {}
_GONE_LISTENERS: dict[str, AddressListener] = {}
_RESULT_LISTENERS: dict[str, ResultListener] = {}


class NotSafeToSend(Exception):
    """The person did not say that this address is safe, has asked us to stop, or has not agreed to hear."""


@dataclass(frozen=True, slots=True)
class SafeSpan:
    """When a message may arrive: from then on, until then, if that is known."""

    begins: datetime
    ends: datetime | None = None


# The kind, the way, what it is about, now; it returns when, or the code (Why) of why it is never sent.
Hours = Callable[[MessageKind, ChannelName, str, UUID | None, datetime], SafeSpan | str]


def guard(audience: Audience, check: Guard) -> None:
    """Ask `check` about every message to an audience; it raises NotSafeToSend."""
    _GUARDS[audience] = check


def check_is_safe(audience: Audience, *, channel: ChannelName, to: str, about: UUID | None) -> None:
    """Raise NotSafeToSend for a message that must not go out. Callers are never written to unguarded."""
    check = _GUARDS.get(audience)
    if check:
        check(channel, to, about)
    elif audience == Audience.CALLER:
        raise NotSafeToSend("Nobody can say whether this is safe.")


def use_only(audience: Audience, check: InUse) -> None:
    """Ask `check` before each try of a message to an audience whether its address is in use still."""
    _IN_USE[audience] = check


def is_in_use(
    audience: Audience, kind: MessageKind, *, channel: ChannelName, to: str, person: UUID | None
) -> bool:
    """Return whether messages to a person still go to an address; if not, they go another way."""
    check = _IN_USE.get(audience)
    return check is None or check(kind, channel, to, person)


def keep_hours(audience: Audience, hours: Hours) -> None:
    """Ask `hours` before each try of a message to an audience."""
    _HOURS[audience] = hours


def safe_span(  # noqa: PLR0913 (what a message is)
    audience: Audience, kind: MessageKind, *, channel: ChannelName, to: str, about: UUID | None, at: datetime
) -> SafeSpan | str:
    """Return when a message may arrive, from now on, or the code of why it never may."""
    hours = _HOURS.get(audience)
    return hours(kind, channel, to, about, at) if hours else SafeSpan(at)


def ask_for_consent(name: str, check: Consent) -> None:
    """Ask `check` about every marketing message; it raises NotSafeToSend without consent."""
    _CONSENT[name] = check


def check_consent(purpose: Purpose, *, to: str, about: UUID | None) -> None:
    """Raise NotSafeToSend for marketing to somebody of whom nobody can say that they agreed."""
    if purpose != Purpose.MARKETING:
        return
    if not _CONSENT:
        raise NotSafeToSend("Nobody can say whether they agreed to marketing.")
    for check in _CONSENT.values():
        check(to, about)


def still_true(kind: MessageKind, check: StillTrue) -> None:
    """Ask `check` before each try of a kind. What it returns, a code, is why the message is cancelled."""
    checks = _STILL_TRUE.setdefault(kind, [])
    if check not in checks:
        checks.append(check)


def why_not_true(kind: MessageKind, *, about: UUID | None, at: datetime) -> str:
    """Return why what a message says is no longer so, "" if it is.

    A check that fails is logged and counts as true: rather an alert too many than none.
    """
    return next(filter(None, (_ask(check, kind, about, at) for check in _STILL_TRUE.get(kind, ()))), "")


def _ask(check: StillTrue, kind: MessageKind, about: UUID | None, at: datetime) -> str:
    try:
        with transaction.atomic():
            return check(about, at)
    except INFRASTRUCTURE_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with a check, the alert goes out
        log.error("still_true_failed", kind=kind, error_class=type(error).__name__)
        return ""


def say_anew(kind: MessageKind, words: SaidNow) -> None:
    """Ask `words` before a try of a kind for what is by then as it says; the keys of its context alone."""
    _SAID_NOW[kind] = words


def said_now(kind: MessageKind, *, about: UUID | None, at: datetime) -> Mapping[str, str]:
    """Return what a message says of the moment at which it is sent; nothing if that cannot be told."""
    words = _SAID_NOW.get(kind)
    if words is None:
        return {}
    try:
        with transaction.atomic():
            return words(about, at)
    except INFRASTRUCTURE_ERRORS:
        raise
    except Exception as error:  # noqa: BLE001  whatever is wrong with the words, the message goes out
        log.error("said_now_failed", kind=kind, error_class=type(error).__name__)
        return {}


def on_stop(name: str, listener: AddressListener) -> None:
    """Tell `listener`, known by its name, whenever a provider says that a recipient has told it to stop."""
    _STOP_LISTENERS[name] = listener


def tell_of_stop(channel: ChannelName, *, to: str, at: datetime) -> None:
    """Tell whoever knows people that this address wants nothing more from us."""
    for listener in _STOP_LISTENERS.values():
        listener(channel, to, at)


def on_gone(name: str, listener: AddressListener) -> None:
    """Tell `listener`, known by its name, whenever a provider says that an address will never do."""
    _GONE_LISTENERS[name] = listener


def tell_of_gone(channel: ChannelName, *, to: str, at: datetime) -> None:
    """Tell whoever keeps this address that nothing will ever arrive there."""
    for listener in _GONE_LISTENERS.values():
        listener(channel, to, at)


def on_result(name: str, listener: ResultListener) -> None:
    """Tell `listener`, known by its name, whether messages get through by their way, when that is known."""
    _RESULT_LISTENERS[name] = listener


def tell_of_result(channel: ChannelName, *, to: str, wrong: str, at: datetime) -> None:
    """Tell whoever keeps this address that a message arrived, or why it did not (a class or code)."""
    for listener in _RESULT_LISTENERS.values():
        listener(channel, to, wrong, at)
