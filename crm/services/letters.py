"""Ready-made words to the people of a lead: read first, sent by the outbox, logged as an attempt."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from crm.enums import CallBackKind, ContactMethod, ContactOutcome
from crm.letters import LETTERS, TEXTS, Letter, voice_for
from crm.models import ContactAttempt, Lead, Person, User
from crm.refusals import ContactNotSafe, NoCallBack, SentAlready
from crm.selectors.call_backs import open_call_back
from crm.services.contact import Try, log_attempt
from crm.services.safe_contact import Reach, why_not_safe
from notifications.channels.mime import sender_name
from notifications.enums import MessageKind
from notifications.guards import NotSafeToSend
from notifications.models import Message
from notifications.services.outbox import queue_message
from notifications.services.rendering import preview_message

Context = dict[str, str]


def letters_for(lead: Lead, at: datetime, to: Person | None = None) -> list[Letter]:
    """Return what can be written to the caller or to somebody else of a lead, as it would read, and what
    stands in the way.
    """
    person = to or lead.caller
    known = ((kind, _context(lead, kind, person)) for kind in LETTERS)
    return [_letter(lead, person, kind, context, at) for kind, context in known if context]


@transaction.atomic
def send_letter(
    *, lead: Lead, by: User, kind: MessageKind, at: datetime, to: Person | None = None
) -> ContactAttempt:
    """Send one of LETTERS by e-mail, to the caller or `to`, and log that; once in ten minutes at most.

    Raises ContactNotSafe where e-mail is not safe (no reason sets that aside: whoever must write does it by
    hand), for the person discussed who has not agreed, NoCallBack for a call that is not agreed, SentAlready,
    and what log_attempt raises.
    """
    attempt = Try(to or lead.caller, ContactMethod.EMAIL, ContactOutcome.SENT, two_way=False, note=kind.label)
    written = log_attempt(lead=lead, by=by, attempt=attempt, at=at)
    context = _context(lead, kind, written.person)
    if context is None:
        raise NoCallBack
    key = f"letter:{lead.pk}:{kind}:{written.person_id}:{at:%Y%m%d%H}{at.minute // 10}"
    if Message.objects.filter(dedupe_key=key).exists():
        raise SentAlready
    try:
        queue_message(
            kind=kind, to=written.person.email, context=context, dedupe_key=key, about=lead.pk, at=at
        )
    except NotSafeToSend as refusal:
        raise ContactNotSafe("E-mail to this person is not safe, so it cannot be sent.") from refusal
    return written


def _context(lead: Lead, kind: MessageKind, person: Person) -> Context | None:
    """Return what fills the words; None for a call-back that nobody agreed with them, and for thanks to
    somebody who has never been in touch.
    """
    asks = person.pk == lead.caller_id
    voice = voice_for(lead.caller_role) if asks else "self"
    context = {"reference": lead.reference, "phone": lead.site.phone, "voice": voice}
    if kind == MessageKind.CALLER_OPEN_DOOR:
        return context if asks or lead.attempts.filter(person=person, two_way=True).exists() else None
    if kind != MessageKind.CALLER_CALL_BACK:
        return context
    call_back = open_call_back(lead)
    if call_back is None or call_back.kind != CallBackKind.AGREED or call_back.person_id != person.pk:
        return None
    there = call_back.due_at.astimezone(ZoneInfo(lead.site.time_zone))
    return context | {"call_at": f"{there:%H:%M on %A %-d %B}"}


def _letter(lead: Lead, person: Person, kind: MessageKind, context: Context, at: datetime) -> Letter:
    shown = preview_message(kind, context)
    return Letter(
        kind=kind,
        subject=shown.subject,
        body=shown.text,
        text=TEXTS[kind].format(sender=sender_name(), **context),
        no_email=_why_not(lead, person, ContactMethod.EMAIL, at),
        no_text=_why_not(lead, person, ContactMethod.TEXT, at),
    )


def _why_not(lead: Lead, person: Person, method: ContactMethod, at: datetime) -> str:
    address = person.email if method == ContactMethod.EMAIL else person.phone
    return why_not_safe(lead, Reach(person, method, at)) or ("" if address else "We have no address.")
