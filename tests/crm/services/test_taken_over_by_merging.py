"""What the survivor of a merge takes over besides urgency: calls, answers, wishes, and an end to waiting."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import CallBackKind, EventKind, Level, PauseKind, PauseReason
from crm.models import CallBack, Lead, Person, Site, User
from crm.selectors.call_backs import open_call_back
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.caller_requests import Page, stop_contact
from crm.services.merging import merge_leads, unmerge_leads
from crm.services.pauses import Pause, pause_lead
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def agree(lead: Lead, by: User, hours: int) -> CallBack:
    at = database_now()
    return set_call_back(lead=lead, by=by, wish=WishedCall(lead.caller, at + hours * HOUR), at=at)


def merge(duplicate: Lead, survivor: Lead, by: User) -> Lead:
    merge_leads(duplicate=duplicate, survivor=survivor, by=by, at=database_now())
    return Lead.objects.get(pk=survivor.pk)


def twin(person: Person, **changed: Any) -> Person:
    return PersonFactory(**({"name": person.name, "phone": person.phone, "email": person.email} | changed))


@pytest.mark.parametrize(
    ("ours", "theirs", "kept"), [(None, 5, "theirs"), (9, 5, "theirs"), (3, 5, "ours"), (3, None, "ours")]
)
def test_of_two_calls_that_were_agreed_the_sooner_is_made(
    site: Site, coordinator: User, ours: int | None, theirs: int | None, kept: str
) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    calls = {"ours": ours and agree(survivor, coordinator, ours)}
    calls["theirs"] = theirs and agree(duplicate, coordinator, theirs)
    survivor = merge(duplicate, survivor, coordinator)
    call = open_call_back(survivor)
    assert call == calls[kept]
    assert call
    assert call.person == survivor.caller
    assert CallBack.objects.filter(settled_at=None).count() == 1


def test_the_next_try_of_a_plan_is_not_handed_on(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    planned = agree(duplicate, coordinator, 5)
    CallBack.objects.filter(pk=planned.pk).update(kind=CallBackKind.PLANNED)
    assert open_call_back(merge(duplicate, survivor, coordinator)) is None


@pytest.mark.parametrize("who", ["survivor", "duplicate"])
def test_no_call_is_handed_on_to_somebody_who_asked_us_to_stop(
    site: Site, coordinator: User, who: str
) -> None:
    survivor = LeadFactory(site=site)
    duplicate = LeadFactory(site=site, caller=twin(survivor.caller))
    stopped, other = (survivor, duplicate) if who == "survivor" else (duplicate, survivor)
    agree(other, coordinator, 5)
    page = Page(enquiry=stopped.reference, opened_lead=True)
    stop_contact(lead=stopped, page=page, at=database_now())
    survivor = merge(duplicate, survivor, coordinator)
    assert survivor.caller.stopped_at
    assert open_call_back(survivor) is None


@pytest.mark.parametrize(("known", "kept"), [("", "Polish"), ("Welsh", "Welsh")])
def test_what_the_survivor_was_not_told_is_filled_in(
    site: Site, coordinator: User, known: str, kept: str
) -> None:
    survivor = LeadFactory(site=site, wants_interpreter=known, timing="now" if known else "")
    duplicate = LeadFactory(site=site, wants_interpreter="Polish", timing="within_72h")
    survivor = merge(duplicate, survivor, coordinator)
    assert (survivor.wants_interpreter, survivor.timing) == (kept, "now" if known else "within_72h")


@pytest.mark.parametrize("who", ["survivor", "duplicate"])
def test_neither_of_two_merged_leads_stays_set_aside(site: Site, coordinator: User, who: str) -> None:
    at = database_now()
    leads = {"survivor": LeadFactory(site=site), "duplicate": LeadFactory(site=site, level=Level.E2)}
    if who == "duplicate":
        leads["duplicate"] = LeadFactory(site=site, level=Level.U1)
    pause = Pause(PauseKind.SNOOZE, PauseReason.TRY_AGAIN, at + timedelta(minutes=20))
    pause_lead(lead=leads[who], by=coordinator, pause=pause, at=at)
    assert not merge(**leads, by=coordinator).is_paused(at)
    assert leads[who].events.get(kind=EventKind.SNOOZE_ENDED).by == coordinator
    assert not Lead.objects.filter(pause=PauseKind.SNOOZE).exists()


def test_after_one_was_parted_the_other_that_has_not_agreed_still_forbids_contact(
    site: Site, coordinator: User
) -> None:
    son = PersonFactory(name="Tom Sample", phone="", email="")
    survivor = LeadFactory(site=site, patient=son)
    others = [LeadFactory(site=site, patient=twin(son, no_contact=True)) for _ in range(2)]
    for other in others:
        merge(other, survivor, coordinator)
    for other, forbidden in zip(others, (True, False), strict=True):
        unmerge_leads(duplicate=other, by=coordinator, at=database_now())
        assert Person.objects.get(pk=son.pk).no_contact is forbidden
