"""Ready-made words to the people of a lead: read first, sent by the outbox, logged as an attempt."""

from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction

from crm.contact_rules import next_safe_time
from crm.enums import ContactMethod, ContactOutcome
from crm.letters import BY, LETTERS, SAY_WHEN, Letter
from crm.models import ContactAttempt, Lead, Person, User
from crm.refusals import ContactNotSafe, NoCallBack, SentAlready
from crm.selectors.letters import Context, context_of, when_to_call
from crm.services.contact import Try, log_attempt
from crm.services.safe_contact import Reach, why_not_safe
from notifications.enums import ChannelName, Language, MessageKind, WhyMoved
from notifications.guards import NotSafeToSend
from notifications.models import Message
from notifications.services.outbox import queue_message
from notifications.services.rendering import preview_message


@dataclass(frozen=True, slots=True)
class Written:
    """One of LETTERS, to whom and by which way; `why` a time has changed."""

    kind: MessageKind
    to: Person
    way: ContactMethod = ContactMethod.EMAIL
    why: WhyMoved = WhyMoved.OTHER


def letters_for(lead: Lead, at: datetime, to: Person | None = None) -> list[Letter]:
    """Return what can be written to the caller or to somebody else of a lead, as it would read, and what
    stands in the way.
    """
    person = to or lead.caller
    known = ((kind, context_of(lead, kind, person, at)) for kind in LETTERS)
    return [_letter(lead, person, kind, context, at) for kind, context in known if context]


def send_letter(
    *, lead: Lead, by: User, kind: MessageKind, at: datetime, to: Person | None = None
) -> ContactAttempt:
    """Send one of LETTERS by e-mail, to the caller or `to`: see write_letter."""
    return write_letter(lead=lead, by=by, written=Written(kind, to or lead.caller), at=at)


@transaction.atomic
def write_letter(*, lead: Lead, by: User, written: Written, at: datetime) -> ContactAttempt:
    """Send one of LETTERS by e-mail or text, and log that; once in ten minutes at most.

    Outside their safe hours it waits until these begin. Raises ContactNotSafe where the way is not safe (no
    reason sets that aside: whoever must write does it by hand), for the person discussed who has not agreed,
    NoCallBack for a call that is not agreed, SentAlready, and what log_attempt raises.
    """
    goes_at = next_safe_time(written.to, at, lead.site.time_zone)
    attempt = log_attempt(lead=lead, by=by, attempt=_attempt(written, goes_at), at=at)
    context = context_of(lead, written.kind, attempt.person, at)
    if context is None:
        raise NoCallBack
    _queue(lead, replace(written, to=attempt.person), context, at)
    return attempt


def _attempt(written: Written, goes_at: datetime) -> Try:
    note, sent = written.kind.label, ContactOutcome.SENT
    return Try(written.to, written.way, sent, two_way=False, note=note, goes_at=goes_at)


def _queue(lead: Lead, written: Written, context: Context, at: datetime) -> None:
    key = f"letter:{lead.pk}:{written.kind}:{written.to.pk}:{at:%Y%m%d%H}{at.minute // 10}"
    key += ":text" if written.way == ContactMethod.TEXT else ""
    if Message.objects.filter(dedupe_key=key).exists():
        raise SentAlready
    if written.kind == MessageKind.CALLER_NEW_TIME:
        context = context | {"why": written.why.value}
    try:
        queue_message(
            kind=written.kind,
            channel=BY[written.way],
            to=_address(written.to, written.way),
            context=context,
            dedupe_key=key,
            about=lead.pk,
            at=at,
            expires_at=when_to_call(lead, written.to, at) if written.kind in SAY_WHEN else None,
        )
    except NotSafeToSend as refusal:
        raise ContactNotSafe("That way to this person is not safe, so it cannot be sent.") from refusal


def _letter(lead: Lead, person: Person, kind: MessageKind, context: Context, at: datetime) -> Letter:
    shown = preview_message(kind, context)
    goes_at = next_safe_time(person, at, lead.site.time_zone)
    return Letter(
        kind=kind,
        subject=shown.subject,
        body=shown.text,
        text=preview_message(kind, context, ChannelName.SMS).text.strip(),
        no_email=_why_not(lead, person, ContactMethod.EMAIL, goes_at),
        no_text=_why_not(lead, person, ContactMethod.TEXT, goes_at),
        waits_until=goes_at if goes_at > at else None,
        language=Language(context["language"]),
    )


def _why_not(lead: Lead, person: Person, method: ContactMethod, at: datetime) -> str:
    return why_not_safe(lead, Reach(person, method, at)) or (
        "" if _address(person, method) else "We have no address."
    )


def _address(person: Person, method: ContactMethod) -> str:
    return person.email if method == ContactMethod.EMAIL else person.phone_e164
