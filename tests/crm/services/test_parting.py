"""Two leads that are parted again are as they were, as far as nobody has changed them since."""

from datetime import datetime, timedelta

import pytest

from crm.enums import Band, CallBackKind, EventKind, Level, Queue
from crm.event_words import event_details
from crm.models import CallBack, ContactPlan, Lead, Site, User
from crm.refusals import ReasonTooShort
from crm.selectors.leads import latest_placement, pending_lowering
from crm.selectors.merges import level_after_parting
from crm.services.call_backs import WishedCall, cancel_call_back, set_call_back
from crm.services.levels import confirm_lowering
from crm.services.merging import merge_leads, unmerge_leads
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory, PlacementFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
WHY = "Father and son of one name."


def merge(duplicate: Lead, survivor: Lead, by: User) -> None:
    merge_leads(duplicate=duplicate, survivor=survivor, by=by, at=database_now())
    _look_again(duplicate, survivor)


def part(duplicate: Lead, survivor: Lead, by: User, reason: str = WHY) -> None:
    unmerge_leads(duplicate=duplicate, by=by, at=database_now(), reason=reason)
    _look_again(duplicate, survivor)


def _look_again(*leads: Lead) -> None:
    for lead in leads:
        lead.refresh_from_db()


def standing(lead: Lead) -> tuple[object, ...]:
    return lead.level, lead.queue, lead.band, lead.holds, lead.due_at, lead.respond_by, lead.wants_interpreter


def call(lead: Lead, by: User, at: datetime, kind: CallBackKind = CallBackKind.AGREED) -> CallBack:
    wish = WishedCall(lead.caller, at, kind)
    return set_call_back(lead=lead, by=by, wish=wish, at=database_now())


def open_calls(lead: Lead) -> list[CallBack]:
    return list(lead.call_backs.filter(settled_at=None))


def test_both_stand_as_they_stood(site: Site, coordinator: User) -> None:
    survivor = LeadFactory(site=site, level=Level.P2, holds=["H-PRESC"])
    duplicate = LeadFactory(site=site, level=Level.U1, holds=["H-SAFE", "H-PRESC"], wants_interpreter="Welsh")
    before = standing(survivor), standing(duplicate)
    merge(duplicate, survivor, coordinator)
    assert standing(survivor) != before[0]
    part(duplicate, survivor, coordinator)
    assert (standing(survivor), standing(duplicate)) == before
    told = survivor.events.get(kind=EventKind.UNMERGED)
    assert event_details(told)[1].startswith("Went with it: ")


def test_the_reasons_are_the_survivors_own_again(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.U1)
    own = survivor.placements.get().rules
    merge(duplicate, survivor, coordinator)
    part(duplicate, survivor, coordinator)
    placement = latest_placement(survivor)
    assert placement
    assert (placement.level, placement.rules, placement.reason) == (Level.P2, own, WHY)


def test_a_level_goes_back_only_with_a_reason(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.U1)
    merge(duplicate, survivor, coordinator)
    assert level_after_parting(duplicate) == Level.P2
    with pytest.raises(ReasonTooShort):
        part(duplicate, survivor, coordinator, reason="two people")
    _look_again(duplicate, survivor)
    assert (duplicate.merged_into, survivor.level) == (survivor, Level.U1)


def test_an_emergency_stays_until_a_second_person_confirms(
    site: Site, coordinator: User, clinician: User
) -> None:
    survivor, duplicate = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.E2)
    own = survivor.placements.get().rules
    merge(duplicate, survivor, coordinator)
    part(duplicate, survivor, coordinator)
    assert survivor.level == Level.E2
    asked = pending_lowering(survivor)
    assert asked
    confirm_lowering(lead=survivor, by=clinician, asked=asked.pk, at=database_now())
    _look_again(survivor)
    assert (survivor.level, survivor.queue) == (Level.P2, Queue.PREBOOKED)
    placement = latest_placement(survivor)
    assert placement
    assert placement.rules == own


def test_a_level_that_somebody_set_since_stays(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.U3)
    merge(duplicate, survivor, coordinator)
    Lead.objects.filter(pk=survivor.pk).update(level=Level.U1)
    PlacementFactory(lead=Lead.objects.get(pk=survivor.pk), decided_at=database_now() + HOUR)
    assert level_after_parting(duplicate) is None
    part(duplicate, survivor, coordinator, reason="")
    assert survivor.level == Level.U1


def test_nothing_goes_below_what_is_still_merged(site: Site, coordinator: User) -> None:
    survivor = LeadFactory(site=site, level=Level.P2)
    first = LeadFactory(site=site, level=Level.U1, holds=["H-SAFE"])
    second = LeadFactory(site=site, level=Level.U3, holds=["H-SAFE"])
    merge(first, survivor, coordinator)
    merge(second, survivor, coordinator)
    part(first, survivor, coordinator)
    assert (survivor.level, survivor.holds, survivor.due_at) == (Level.U3, ["H-SAFE"], second.due_at)


def test_what_the_rules_have_asked_for_since_stays(site: Site, coordinator: User) -> None:
    survivor = LeadFactory(site=site, level=Level.U1)
    duplicate = LeadFactory(site=site, level=Level.U1, holds=["H-SAFE"])
    merge(duplicate, survivor, coordinator)
    PlacementFactory(lead=survivor, decided_at=database_now())  # with the holds of the lead as it is
    part(duplicate, survivor, coordinator)
    assert survivor.holds == ["H-SAFE"]


def test_whoever_we_spoke_with_waits_no_longer_for_the_other(site: Site, coordinator: User) -> None:
    later = database_now() + 24 * HOUR
    survivor = LeadFactory(site=site, contacted=True, band=Band.FOLLOW_UP, due_at=later)
    duplicate = LeadFactory(site=site)
    merge(duplicate, survivor, coordinator)
    part(duplicate, survivor, coordinator)
    assert (survivor.band, survivor.due_at, duplicate.band) == (Band.FOLLOW_UP, later, Band.WAITING)


def test_an_agreed_call_goes_home_and_the_survivors_own_is_set_again(site: Site, coordinator: User) -> None:
    at = database_now()
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site, patient=PersonFactory())
    own, agreed = call(survivor, coordinator, at + 5 * HOUR), call(duplicate, coordinator, at + HOUR)
    merge(duplicate, survivor, coordinator)
    assert open_calls(survivor) == [agreed]
    part(duplicate, survivor, coordinator)
    assert (open_calls(survivor), open_calls(duplicate)) == ([own], [agreed])
    assert open_calls(duplicate)[0].person == duplicate.caller


def test_an_agreed_call_that_gave_way_comes_back(site: Site, coordinator: User) -> None:
    at = database_now()
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    own, agreed = call(survivor, coordinator, at + HOUR), call(duplicate, coordinator, at + 5 * HOUR)
    merge(duplicate, survivor, coordinator)
    part(duplicate, survivor, coordinator)
    assert (open_calls(survivor), open_calls(duplicate)) == ([own], [agreed])


def test_a_call_that_was_taken_off_meanwhile_stays_off(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    call(duplicate, coordinator, database_now() + HOUR)
    merge(duplicate, survivor, coordinator)
    cancel_call_back(lead=survivor, by=coordinator, reason="They rang us meanwhile.", at=database_now())
    part(duplicate, survivor, coordinator)
    assert (open_calls(survivor), open_calls(duplicate)) == ([], [])


def test_the_duplicate_is_tried_on_as_its_plan_went(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    ContactPlan.objects.create(lead=duplicate, tries=2, begun_at=database_now())
    planned = call(duplicate, coordinator, database_now() + HOUR, CallBackKind.PLANNED)
    merge(duplicate, survivor, coordinator)
    part(duplicate, survivor, coordinator)
    assert (open_calls(duplicate), ContactPlan.objects.get().tries) == ([planned], 2)
