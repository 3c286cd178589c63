"""The rows of one fictional lead, unsaved. Only ids, references and times are the demo's own."""

from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from random import Random

from crm.enums import LeadChannel, Level, Queue
from crm.models import Lead, LeadReference, Person, Placement
from crm.safe_times import slots_said
from crm.services.people import PersonDetails
from crm.targets import REVIEW_WITHIN
from intake.demo.alerts import AlertRows
from intake.demo.hearing import Arrival, FrontDoor, Heard
from intake.demo.ids import id_at
from intake.demo.path import Path
from intake.enums import Hold
from intake.models import Enquiry
from intake.persons import caller_details, patient_details
from intake.services.answering import Answer
from intake.services.screening import review_reason
from intake.sources import campaign_name, source_name
from vault.tokens import token

FORM_VERSIONS = {"WEB": "prebooked-1", "REFERRAL": "refer-1", "PHONE": "phone-1", "API": "api-1"}


@dataclass
class Rows:
    """Everything that one lead is made of."""

    path: Path
    persons: list[Person]
    enquiries: list[Enquiry]
    placements: list[Placement] = field(default_factory=list)
    alerts: AlertRows = field(default_factory=AlertRows)

    @property
    def lead(self) -> Lead:
        return self.path.lead

    @property
    def references(self) -> list[LeadReference]:
        return [LeadReference(reference=each.reference, lead=self.lead) for each in self.enquiries]


def new_enquiry(front: FrontDoor, arrival: Arrival, heard: Heard, rng: Random) -> Enquiry:
    reference = front.new_reference(rng)
    answer = Answer(reference, heard.triage.outcome, heard.triage.level, heard.texts, heard.promise)
    return Enquiry(
        id=id_at(arrival.at, rng),
        reference=reference,
        idempotency_key=arrival.key,
        fingerprint=token("submission", arrival.key),
        site=front.site,
        channel=arrival.story.channel,
        form_version=FORM_VERSIONS[arrival.story.channel],
        answers=heard.answers.to_dict(),
        contact=heard.contact.to_dict(),
        consent={"given": True},
        source=arrival.story.source,
        flags=list(arrival.flags),
        received_at=arrival.at,
        linked_at=arrival.at + timedelta(milliseconds=30),
        answer=answer.to_dict(),
    )


def new_persons(heard: Heard, at: datetime, rng: Random) -> list[Person]:
    """Return the caller and, when that is somebody else, the patient."""
    caller = caller_details(heard.contact, only_stated=Hold.SAFE_CONTACT in heard.triage.holds)
    patient = patient_details(heard.answers, heard.contact)
    return [_person(details, at, rng) for details in (caller, patient) if details]


def new_lead(heard: Heard, enquiry: Enquiry, persons: list[Person]) -> Lead:
    """Return the lead as it is before it is placed."""
    why = "" if heard.triage.level.is_emergency else review_reason(enquiry.flags)
    named = [substance.name for substance in heard.answers.substances] + list(heard.answers.behaviours)
    due = enquiry.received_at + REVIEW_WITHIN if why else heard.promise
    return Lead(
        id=enquiry.id,
        reference=enquiry.reference,
        site=enquiry.site,
        caller=persons[0],
        patient=persons[-1],
        caller_role=heard.answers.enquirer,
        queue=Queue.REVIEW if why else Queue.UNROUTED,
        review_reason=why,
        received_at=enquiry.received_at,
        respond_by=heard.promise,
        due_at=min(due, heard.promise),
        channel=enquiry.channel,
        source=source_name(enquiry.source, LeadChannel(enquiry.channel)),
        campaign=campaign_name(enquiry.source),
        landing=enquiry.source.get("landing", ""),
        main_substance=str(named[0]) if named else "",
    )


def new_placement(rows: Rows, enquiry: Enquiry, heard: Heard, level: Level, at: datetime) -> Placement:
    fired = heard.triage.rules
    return Placement(
        id=id_at(at, rows.path.rng),
        lead=rows.lead,
        decision_key=f"enquiry:{enquiry.pk}",
        rule_set_version=heard.triage.rule_set_version,
        answers=enquiry.answers,
        rules=[{"id": rule.id, "reason": rule.reason, "level": rule.level or ""} for rule in fired],
        decided_level=heard.triage.level,
        level=level,
        queue=level.queue,
        holds=[str(hold) for hold in heard.triage.holds],
        decided_at=at,
    )


def _person(details: PersonDetails, at: datetime, rng: Random) -> Person:
    return Person(
        id=id_at(at, rng),
        **asdict(details),
        safe_slots=slots_said(details.safe_times, details.contact_note),
        search_tokens=details.search_tokens,
        created_at=at,
    )
