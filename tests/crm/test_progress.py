"""The database keeps on each lead how far its history says that it got."""

import pytest

from crm.enums import FUNNEL, EventKind, Stage
from crm.models import Lead, LeadEvent
from tests.factories import LeadEventFactory, LeadFactory

pytestmark = pytest.mark.django_db


def step_of(lead: Lead) -> int:
    return Lead.objects.values_list("furthest_step", flat=True).get(pk=lead.pk)


@pytest.mark.parametrize(("step", "stage"), list(enumerate(FUNNEL, 1)))
def test_a_move_to_a_stage_is_a_step(step: int, stage: Stage) -> None:
    lead = LeadFactory()
    LeadEventFactory(lead=lead, kind=EventKind.STAGE_MOVED, data={"from": "NEW", "to": stage.value})
    assert step_of(lead) == step


def test_first_contact_is_the_first_step() -> None:
    lead = LeadFactory()
    LeadEventFactory(lead=lead, kind=EventKind.FIRST_CONTACT, data={"minutes": 1.0, "within_target": True})
    assert step_of(lead) == 1


@pytest.mark.parametrize("kind", [EventKind.CLOSED, EventKind.REOPENED, EventKind.LEVEL_RAISED])
def test_other_events_are_no_step_whatever_they_say(kind: EventKind) -> None:
    lead = LeadFactory()
    LeadEventFactory(lead=lead, kind=kind, data={"to": "ADMITTED"})
    assert step_of(lead) == 0


def test_an_earlier_step_takes_nothing_back() -> None:
    lead = LeadFactory()
    for to in ("OFFERED", "ASSESSING"):
        LeadEventFactory(lead=lead, kind=EventKind.STAGE_MOVED, data={"to": to})
    assert step_of(lead) == 3


def test_a_lead_that_was_read_before_takes_nothing_back_when_it_is_saved() -> None:
    lead = LeadFactory()
    LeadEventFactory(lead=lead, kind=EventKind.STAGE_MOVED, data={"to": "BOOKED"})
    lead.stage = Stage.BOOKED
    lead.save()
    Lead.objects.filter(pk=lead.pk).update(furthest_step=0)
    assert step_of(lead) == 4


def test_events_in_bulk_count_too() -> None:
    leads = LeadFactory.create_batch(2)
    moves = [
        LeadEvent(
            lead=lead, kind=EventKind.STAGE_MOVED, occurred_at=lead.received_at, data={"to": "ADMITTED"}
        )
        for lead in leads
    ]
    LeadEvent.objects.bulk_create(moves)
    assert [step_of(lead) for lead in leads] == [5, 5]
