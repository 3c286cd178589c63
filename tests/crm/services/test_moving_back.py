"""A slip of the hand on the board is taken back; what a contact or a closing did is not."""

from datetime import timedelta

import pytest

from crm.enums import EventKind, Level, Stage
from crm.event_words import event_details, event_title
from crm.models import Lead, Site, User
from crm.refusals import NothingToTakeBack
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.moving_back import take_move_back
from crm.services.stages import move_stage
from jobs.clock import database_now
from tests.factories import LeadFactory

pytestmark = pytest.mark.django_db
WAY = [Stage.ASSESSING, Stage.OFFERED, Stage.BOOKED, Stage.ADMITTED]


def moved(lead: Lead, by: User, *to: Stage) -> Lead:
    for stage in to:
        lead = move_stage(lead=lead, by=by, to=stage, at=database_now())
    return lead


def back(lead: Lead, by: User) -> Lead:
    return take_move_back(lead=lead, by=by, at=database_now())


def test_every_move_by_a_button_is_taken_back_step_by_step(site: Site, coordinator: User) -> None:
    lead = moved(LeadFactory(site=site, contacted=True, level=Level.P1), coordinator, *WAY)
    for stage in (Stage.BOOKED, Stage.OFFERED, Stage.ASSESSING, Stage.CONTACTED):
        lead = back(lead, coordinator)
        assert (lead.stage, lead.is_open) == (stage, True)
    with pytest.raises(NothingToTakeBack):
        back(lead, coordinator)
    last = lead.events.order_by("-id").first()
    assert last
    assert (event_title(last), event_details(last)) == (
        "Move taken back",
        ["From Assessing back to Contacted."],
    )


def test_an_admission_by_mistake_loses_no_call_and_no_owner(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, contacted=True, stage=Stage.BOOKED, taken=True, owner=coordinator)
    at = database_now()
    wish = WishedCall(lead.caller, at + timedelta(hours=2))
    call = set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    due = Lead.objects.get(pk=lead.pk).due_at
    lead = back(moved(lead, coordinator, Stage.ADMITTED), coordinator)
    lead.refresh_from_db()
    assert list(lead.call_backs.filter(settled_at=None)) == [call]
    assert (lead.owner, lead.due_at) == (coordinator, due)


@pytest.mark.parametrize("state", [{}, {"contacted": True}, {"closed": True}])
def test_nothing_is_taken_back_where_no_button_moved_it(
    site: Site, coordinator: User, state: dict[str, bool]
) -> None:
    lead = LeadFactory(site=site, **state)
    with pytest.raises(NothingToTakeBack):
        back(lead, coordinator)
    assert not lead.events.filter(kind=EventKind.NOTE_ADDED).exists()
