"""Asking anew which ways of contact are safe: what is safe changes."""

from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction

from crm.contact_rules import WAYS
from crm.enums import EventKind
from crm.models import Lead, LeadEvent, Person, User
from crm.refusals import ContactNotSafe
from crm.safe_times import slots_said
from crm.services.locking import locked
from notifications.enums import Audience
from notifications.services.outbox import cancel_unsent_messages


@dataclass(frozen=True, slots=True)
class SafeWays:
    """What a person says is safe now."""

    may_call: bool
    may_voicemail: bool
    may_text: bool
    may_email: bool
    may_post: bool = False
    safe_times: str = ""
    ask_for: str = ""
    say_instead: str = ""
    contact_note: str = ""


@transaction.atomic
def change_contact_rules(*, lead: Lead, by: User, person: Person, ways: SafeWays, at: datetime) -> Person:
    """Write down which ways are safe for the caller or the patient of a lead, with a trace on its timeline.

    What was to be sent by a way that is safe no longer is cancelled, also if it had failed before.

    Raises ContactNotSafe for somebody who must not be contacted at all: a clinician clears that hold, or the
    caller takes back that they asked us to stop.
    """
    lead = locked(lead)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.no_contact:
        raise ContactNotSafe("This person must not be contacted. A clinician clears that hold first.")
    if person.stopped_at:
        raise ContactNotSafe(
            "This person asked us to stop. Write down first that they may be contacted again."
        )
    for name, value in asdict(ways).items():
        setattr(person, name, value)
    person.safe_slots = slots_said(person.safe_times, person.contact_note)
    person.save(update_fields=[*asdict(ways), "safe_slots"])
    if not person.may_email:
        cancel_unsent_messages(about=lead.pk, audience=Audience.CALLER)
    _note(lead, person, by, at)
    return person


def _note(lead: Lead, person: Person, by: User, at: datetime) -> None:
    who = "caller" if person.pk == lead.caller_id else "patient"
    safe = [way.value for way in WAYS if person.allows(way)]
    data = {"rules_of": who, "safe": safe}
    LeadEvent.objects.create(
        lead=lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, data=data, note=person.contact_note
    )
