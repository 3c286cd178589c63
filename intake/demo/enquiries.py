"""Fictional enquiries come in: each opens a lead that the real rules place, or joins its open one."""

from datetime import datetime, timedelta
from random import Random

from crm.enums import CallerRole, EventKind, Level, Queue, most_severe, raised_once
from crm.ordering import timing_of
from crm.targets import respond_by
from intake.contact import Contact, parse_contact
from intake.demo.hearing import Arrival, FrontDoor, Heard
from intake.demo.path import Path
from intake.demo.people import character
from intake.demo.rows import Rows, new_enquiry, new_lead, new_persons, new_placement
from intake.models import Enquiry

ABOUT_OTHERS = frozenset({CallerRole.LOVED_ONE, CallerRole.PROFESSIONAL})


def open_lead(front: FrontDoor, arrival: Arrival, rng: Random) -> Rows:
    """Return the rows of a new lead, placed by the rules, or in review when a flag asks for that."""
    heard = front.hear(arrival, _contact(arrival, rng))
    enquiry = new_enquiry(front, arrival, heard, rng)
    persons = new_persons(heard, arrival.at, rng)
    enquiry.lead = new_lead(heard, enquiry, persons)
    path = Path(enquiry.lead, now=front.now, rng=rng)
    rows = Rows(path, persons, [enquiry])
    _note_received(path, EventKind.ENQUIRY_RECEIVED, enquiry, heard)
    _place(rows, enquiry, heard, heard.triage.level)
    return rows


def enquire_again(front: FrontDoor, rows: Rows, arrival: Arrival) -> None:
    """Let the same caller write once more: the enquiry joins the lead and raises it by one level."""
    lead = rows.lead
    heard = front.hear(arrival, Contact.model_validate(rows.enquiries[0].contact))
    enquiry = new_enquiry(front, arrival, heard, rows.path.rng)
    enquiry.lead, enquiry.answer = lead, {**enquiry.answer, "reference": lead.reference}
    rows.enquiries.append(enquiry)
    lead.enquiry_count += 1
    _note_received(rows.path, EventKind.REPEAT_ENQUIRY, enquiry, heard)
    _place(rows, enquiry, heard, most_severe(heard.triage.level, raised_once(rows.path.level)))


def _contact(arrival: Arrival, rng: Random) -> Contact:
    """Return how to reach somebody made up; a call is safe unless the arrival says otherwise."""
    caller, patient = character(rng), character(rng)
    safe = {"call": True, "voicemail": rng.random() < 0.4, "text": rng.random() < 0.6, "email": True}
    return parse_contact(
        {
            "name": caller.name,
            "phone": arrival.phone,
            "email": caller.email if rng.random() < 0.75 else "",
            "safe_contact": safe | arrival.safe,
            "patient_name": patient.name if arrival.story.answers["enquirer"] in ABOUT_OTHERS else "",
        }
    )


def _note_received(path: Path, kind: EventKind, enquiry: Enquiry, heard: Heard) -> None:
    data = {
        "enquiry": enquiry.reference,
        "channel": enquiry.channel,
        "flags": enquiry.flags,
        "came_from": enquiry.source,
        "told": heard.texts,
        "call_by": heard.promise.isoformat(),
    }
    path.note(kind, enquiry.received_at, data=data)


def _place(rows: Rows, enquiry: Enquiry, heard: Heard, level: Level) -> None:
    """Do what crm.services.placements does with a decision; without alerts and jobs."""
    at = enquiry.received_at + timedelta(milliseconds=rows.path.rng.randrange(60, 400))
    rows.placements.append(new_placement(rows, enquiry, heard, level, at))
    if rows.lead.queue == Queue.REVIEW:
        return
    _move(rows, enquiry, heard, level, at)
    rules = [rule.id for rule in heard.triage.rules]
    placed = {
        "level": level,
        "queue": level.queue,
        "rules": rules,
        "holds": list(map(str, heard.triage.holds)),
    }
    rows.path.note(EventKind.PLACED, at, data=placed)


def _move(rows: Rows, enquiry: Enquiry, heard: Heard, level: Level, at: datetime) -> None:
    lead, promise = rows.lead, respond_by(level, enquiry.received_at)
    lead.level, lead.queue, lead.band = level, level.queue, level.band
    lead.respond_by = min(lead.respond_by, promise)
    lead.due_at = min(lead.due_at, promise) if lead.placed_at else lead.respond_by
    lead.holds = sorted({*lead.holds, *map(str, heard.triage.holds)})
    lead.timing = timing_of(enquiry.answers)
    lead.placed_at = lead.placed_at or at
