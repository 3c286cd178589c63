from datetime import datetime, timedelta
from typing import Any

import factory
from factory.django import DjangoModelFactory

from crm.enums import (
    Band,
    CallerRole,
    ContactMethod,
    ContactOutcome,
    Disposition,
    EventKind,
    LeadChannel,
    Level,
    Queue,
    Stage,
)
from crm.models import ContactAttempt, Lead, LeadEvent, LeadReference, Placement
from crm.references import new_reference
from crm.targets import respond_by
from jobs.clock import database_now
from jobs.ids import uuid7
from tests.factories.people import PersonFactory
from tests.factories.staff import SiteFactory, UserFactory


def _promise(lead: Any) -> datetime:
    if not lead.level:
        return lead.received_at + timedelta(minutes=30)
    return respond_by(Level(lead.level), lead.received_at)


class LeadFactory(DjangoModelFactory[Lead]):
    """An urgent lead (U2) that came in five minutes ago and that nobody has taken.

    `LeadFactory(level=Level.P2)` goes to the pre-booked queue by itself; see the traits for the rest.
    """

    class Meta:
        model = Lead
        skip_postgeneration_save = True

    class Params:
        unrouted = factory.Trait(queue=Queue.UNROUTED, level=None, placed_at=None)
        review = factory.Trait(
            queue=Queue.REVIEW, level=None, placed_at=None, review_reason="A hidden field was filled in"
        )
        taken = factory.Trait(
            owner=factory.SubFactory(UserFactory),
            claimed_at=factory.LazyFunction(database_now),
            lease_until=factory.LazyFunction(lambda: database_now() + timedelta(minutes=20)),
        )
        contacted = factory.Trait(
            stage=Stage.CONTACTED,
            first_contact_at=factory.LazyFunction(database_now),
            band=Band.FOLLOW_UP,
        )
        closed = factory.Trait(
            stage=Stage.CLOSED,
            closed_at=factory.LazyFunction(database_now),
            disposition=Disposition.CHOSE_ANOTHER,
        )

    reference = factory.LazyFunction(new_reference)
    site = factory.SubFactory(SiteFactory)
    caller = factory.SubFactory(PersonFactory)
    patient = factory.SelfAttribute("caller")
    caller_role = CallerRole.SELF
    level = Level.U2
    queue = factory.LazyAttribute(lambda lead: Level(lead.level).queue)
    band = factory.LazyAttribute(lambda lead: Level(lead.level).band if lead.level else Band.WAITING)
    received_at = factory.LazyFunction(lambda: database_now() - timedelta(minutes=5))
    respond_by = factory.LazyAttribute(_promise)
    due_at = factory.SelfAttribute("respond_by")
    placed_at = factory.SelfAttribute("received_at")
    channel = LeadChannel.WEB
    source = "search"
    main_substance = "alcohol"

    @factory.post_generation
    def with_reference(self: Lead, create: bool, extracted: object, **_: object) -> None:
        """Give the lead its row of references; a placed one its placement and its events, too."""
        if not create:
            return
        LeadReference.objects.create(reference=self.reference, lead=self)
        LeadEventFactory(lead=self, kind=EventKind.ENQUIRY_RECEIVED, occurred_at=self.received_at)
        if self.level:
            PlacementFactory(lead=self)


class PlacementFactory(DjangoModelFactory[Placement]):
    class Meta:
        model = Placement

    lead = factory.SubFactory(LeadFactory)
    decision_key = factory.LazyFunction(lambda: f"test:{uuid7()}")
    rule_set_version = "2026-01"
    answers = factory.LazyFunction(dict)
    rules = factory.LazyAttribute(
        lambda placement: [
            {"id": "alcohol-30-units", "reason": "Drinking 30 or more units a day", "level": placement.level}
        ]
    )
    decided_level = factory.SelfAttribute("level")
    level = factory.SelfAttribute("lead.level")
    queue = factory.LazyAttribute(lambda placement: Level(placement.level).queue)
    holds = factory.SelfAttribute("lead.holds")
    decided_at = factory.SelfAttribute("lead.received_at")


class LeadEventFactory(DjangoModelFactory[LeadEvent]):
    class Meta:
        model = LeadEvent

    lead = factory.SubFactory(LeadFactory)
    kind = EventKind.NOTE_ADDED
    occurred_at = factory.LazyFunction(database_now)


class ContactAttemptFactory(DjangoModelFactory[ContactAttempt]):
    class Meta:
        model = ContactAttempt

    lead = factory.SubFactory(LeadFactory)
    person = factory.SelfAttribute("lead.caller")
    by = factory.SubFactory(UserFactory)
    method = ContactMethod.CALL
    outcome = ContactOutcome.NO_ANSWER
    attempted_at = factory.LazyFunction(database_now)
