"""One lead of two: what the survivor takes over, what is undone, and what is refused."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from crm.enums import Band, Disposition, EventKind, Level, Queue, RequestKind, Stage
from crm.models import CallerRequest, Lead, LeadEvent, LeadMerge, NotDuplicate, Person, Placement, Site, User
from crm.refusals import CannotMerge, LeadInReview, LeadIsOpen, LeadIsOver, NotMerged
from crm.selectors.timeline import timeline_of
from crm.services.caller_requests import Page, stop_contact
from crm.services.contact import add_note
from crm.services.locking import locked
from crm.services.merging import merge_leads, say_not_duplicate, unmerge_leads
from crm.services.stages import reopen_lead
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadFactory, PersonFactory

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def merge(duplicate: Lead, survivor: Lead, by: User) -> Lead:
    """Merge, and return the survivor as it is now."""
    merge_leads(duplicate=duplicate, survivor=survivor, by=by, at=database_now())
    duplicate.refresh_from_db()
    survivor.refresh_from_db()
    return survivor


def part(duplicate: Lead, survivor: Lead, by: User) -> None:
    unmerge_leads(duplicate=duplicate, by=by, at=database_now(), reason="Father and son of one name.")
    duplicate.refresh_from_db()
    survivor.refresh_from_db()


def kinds(lead: Lead) -> list[str]:
    return list(lead.events.order_by("occurred_at", "id").values_list("kind", flat=True))


def twin(person: Person, **changed: Any) -> Person:
    """Return the same human as another enquiry wrote them down."""
    said = {"name": person.name, "phone": person.phone, "email": person.email}
    return PersonFactory(**(said | changed))


def test_the_duplicate_is_closed_and_points_at_the_survivor(site: Site, coordinator: User) -> None:
    duplicate, survivor = LeadFactory(site=site), LeadFactory(site=site)
    merge(duplicate, survivor, coordinator)
    assert (duplicate.stage, duplicate.disposition) == (Stage.CLOSED, Disposition.DUPLICATE)
    assert duplicate.merged_into == survivor
    assert survivor.is_open
    assert kinds(duplicate)[-2:] == [EventKind.CLOSED, EventKind.MERGED]
    joined = survivor.events.get(kind=EventKind.DUPLICATE_JOINED)
    assert (joined.by, joined.data) == (coordinator, {"lead": duplicate.reference})


def test_the_survivor_is_as_urgent_as_either_and_due_as_soon(site: Site, coordinator: User) -> None:
    survivor = LeadFactory(site=site, level=Level.P2, holds=["H-FUND"])
    duplicate = LeadFactory(site=site, level=Level.E2, holds=["H-SAFE"])
    due = duplicate.due_at
    merge(duplicate, survivor, coordinator)
    assert (survivor.level, survivor.queue, survivor.due_at) == (Level.E2, Queue.URGENT, due)
    assert (survivor.respond_by, survivor.holds) == (due, ["H-FUND", "H-SAFE"])
    placement = Placement.objects.get(lead=survivor, level=Level.E2)
    assert placement.rules == duplicate.placements.get().rules


def test_a_survivor_that_gets_more_urgent_alerts_staff(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site, level=Level.P2), LeadFactory(site=site, level=Level.E1)
    merge(duplicate, survivor, coordinator)
    assert Message.objects.filter(about=survivor.pk).exists()
    assert survivor.events.filter(kind=EventKind.LEVEL_RAISED).count() == 1


def test_a_calmer_duplicate_changes_no_level_and_alerts_nobody(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site, level=Level.U1), LeadFactory(site=site, level=Level.P2)
    merge(duplicate, survivor, coordinator)
    assert survivor.level == Level.U1
    assert not Message.objects.filter(about=survivor.pk).exists()
    assert survivor.placements.count() == 1


def test_a_survivor_that_is_not_routed_takes_the_level(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site, unrouted=True), LeadFactory(site=site, level=Level.U3)
    merge(duplicate, survivor, coordinator)
    assert (survivor.queue, survivor.level) == (Queue.URGENT, Level.U3)


def test_of_two_that_are_not_routed_the_survivor_can_wait_no_more(site: Site, coordinator: User) -> None:
    survivor = LeadFactory(site=site, unrouted=True, can_wait=True)
    merge(LeadFactory(site=site, unrouted=True), survivor, coordinator)
    survivor.refresh_from_db()
    assert (survivor.queue, survivor.can_wait) == (Queue.UNROUTED, False)


@pytest.mark.parametrize("theirs", [Level.U3, Level.P2])
def test_who_waits_to_hear_from_us_goes_on_waiting(site: Site, coordinator: User, theirs: Level) -> None:
    later = database_now() + 240 * HOUR
    survivor = LeadFactory(site=site, contacted=True, band=Band.FOLLOW_UP, due_at=later)
    promised = survivor.respond_by
    duplicate = LeadFactory(site=site, level=theirs)
    merge(duplicate, survivor, coordinator)
    assert (survivor.band, survivor.due_at) == (Band.WAITING, duplicate.due_at)
    assert survivor.respond_by == promised  # the promise that was kept is not another one now
    assert survivor.first_contact_at is not None


def test_a_contact_of_the_duplicate_does_not_stop_the_survivors_clock(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site, contacted=True)
    merge(duplicate, survivor, coordinator)
    assert survivor.first_contact_at is None


def test_counts_add_up_and_come_apart_again(site: Site, coordinator: User) -> None:
    first = LeadFactory(site=site, enquiry_count=1, attempt_count=2)
    second = LeadFactory(site=site, enquiry_count=2, attempt_count=1)
    third = LeadFactory(site=site, enquiry_count=4, attempt_count=0)
    merge(first, second, coordinator)
    merge(second, third, coordinator)
    assert (third.enquiry_count, third.attempt_count) == (7, 3)
    part(first, second, coordinator)
    third.refresh_from_db()
    assert (second.enquiry_count, third.enquiry_count) == (2, 6)
    part(second, third, coordinator)
    assert (second.attempt_count, third.attempt_count, third.enquiry_count) == (1, 0, 4)


def test_undone_the_duplicate_is_open_where_it_was(site: Site, coordinator: User) -> None:
    survivor = LeadFactory(site=site)
    duplicate = LeadFactory(site=site, contacted=True, stage=Stage.ASSESSING, level=Level.P1)
    due = duplicate.due_at
    merge(duplicate, survivor, coordinator)
    part(duplicate, survivor, coordinator)
    assert (duplicate.stage, duplicate.merged_into, duplicate.due_at) == (Stage.ASSESSING, None, due)
    assert duplicate.events.filter(kind=EventKind.UNMERGED, data__lead=survivor.reference).exists()
    assert survivor.events.filter(kind=EventKind.UNMERGED, data__lead=duplicate.reference).exists()
    undone = LeadMerge.objects.get()
    assert (undone.undone_by, undone.undone_at is not None) == (coordinator, True)


def test_merged_and_undone_again_and_again(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    for _ in range(3):
        merge(duplicate, survivor, coordinator)
        part(duplicate, survivor, coordinator)
    assert (survivor.enquiry_count, duplicate.is_open) == (1, True)


def test_no_way_of_contact_gets_safer_and_all_is_put_back(site: Site, coordinator: User) -> None:
    known = PersonFactory(may_call=True, may_voicemail=True, may_email=True, contact_note="after six")
    said = twin(known, may_call=True, may_voicemail=False, may_email=False, email="other@example.org")
    survivor, duplicate = LeadFactory(site=site, caller=known), LeadFactory(site=site, caller=said)
    merge(duplicate, survivor, coordinator)
    known.refresh_from_db()
    assert (known.may_call, known.may_voicemail, known.may_email) == (True, False, False)
    assert "other@example.org" in known.contact_note
    part(duplicate, survivor, coordinator)
    known.refresh_from_db()
    assert (known.may_voicemail, known.may_email, known.contact_note) == (True, True, "after six")


def test_what_was_changed_since_is_not_put_back(site: Site, coordinator: User) -> None:
    known = PersonFactory(may_voicemail=True, ask_for="")
    said = twin(known, may_voicemail=False, ask_for="Ada")
    survivor, duplicate = LeadFactory(site=site, caller=known), LeadFactory(site=site, caller=said)
    merge(duplicate, survivor, coordinator)
    Person.objects.filter(pk=known.pk).update(ask_for="Bea")
    part(duplicate, survivor, coordinator)
    known.refresh_from_db()
    assert known.ask_for == "Bea"


def test_safe_times_hold_while_merged_and_are_put_back(site: Site, coordinator: User) -> None:
    known = PersonFactory(safe_times="")
    survivor = LeadFactory(site=site, caller=known)
    duplicate = LeadFactory(site=site, caller=twin(known, safe_times="weekdays after 18:00"))
    merge(duplicate, survivor, coordinator)
    known.refresh_from_db()
    assert (known.safe_times, known.safe_slots is None) == ("weekdays after 18:00", False)
    part(duplicate, survivor, coordinator)
    known.refresh_from_db()
    assert (known.safe_times, known.safe_slots) == ("", None)


def test_what_another_merged_lead_said_still_holds(site: Site, coordinator: User) -> None:
    known = PersonFactory(may_voicemail=True)
    survivor = LeadFactory(site=site, caller=known)
    careful = [LeadFactory(site=site, caller=twin(known, may_voicemail=False)) for _ in range(2)]
    for each in careful:
        merge(each, survivor, coordinator)
    for each, safe in zip(careful, (False, True), strict=True):
        part(each, survivor, coordinator)
        known.refresh_from_db()
        assert known.may_voicemail is safe


def test_a_son_and_his_mother_stay_two_people(site: Site, coordinator: User) -> None:
    """Her lead is about him, his own is for himself: his number is brought to him, not to her."""
    mother, son = PersonFactory(name="Maud Sample"), PersonFactory(name="Sid Sample", phone="", email="")
    hers = LeadFactory(site=site, caller=mother, patient=son)
    his = LeadFactory(site=site, caller=PersonFactory(name="Sid Sample", phone="07700 900999"))
    merge(his, hers, coordinator)
    mother.refresh_from_db()
    son.refresh_from_db()
    assert (son.phone, "900999" in mother.contact_note) == ("07700 900999", False)


def test_who_asked_to_be_left_alone_is_left_alone_by_both(site: Site, coordinator: User) -> None:
    known = PersonFactory()
    survivor = LeadFactory(site=site, caller=known)
    duplicate = LeadFactory(site=site, caller=twin(known))
    merge(duplicate, survivor, coordinator)
    page = Page(enquiry=duplicate.reference, opened_lead=False)
    stop_contact(lead=duplicate, page=page, at=database_now())
    known.refresh_from_db()
    assert known.stopped_at is not None
    part(duplicate, survivor, coordinator)
    assert Person.objects.get(pk=duplicate.caller_id).stopped_at is not None


def test_open_requests_go_along_and_come_back(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    at = database_now()
    more: dict[str, Any] = {"is_verified": True, "asked_at": at, "enquiry": duplicate.reference}
    late, soon = at.date() + timedelta(days=30), at.date() + timedelta(days=3)
    ours = CallerRequest.objects.create(lead=survivor, kind=RequestKind.ERASE, due_date=late, **more)
    theirs = CallerRequest.objects.create(lead=duplicate, kind=RequestKind.ERASE, due_date=soon, **more)
    wish = CallerRequest.objects.create(lead=duplicate, kind=RequestKind.SOONER, **more)
    merge(duplicate, survivor, coordinator)
    ours.refresh_from_db()
    assert set(survivor.requests.filter(settled_at=None)) == {ours, wish}
    assert ours.due_date == soon
    part(duplicate, survivor, coordinator)
    assert set(duplicate.requests.filter(settled_at=None)) == {theirs, wish}


def test_whatever_reaches_the_duplicate_reaches_the_survivor(site: Site, coordinator: User) -> None:
    """Work is never blocked: a note from a page that was open before the merge is kept."""
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    merge(duplicate, survivor, coordinator)
    add_note(lead=duplicate, by=coordinator, text="Rang back.", at=database_now())
    assert ("Rang back.", duplicate.reference) in [(each.words, each.on) for each in timeline_of(survivor)]
    with transaction.atomic():
        assert locked(duplicate) == survivor


def test_a_merged_lead_is_parted_and_not_just_opened_again(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    merge(duplicate, survivor, coordinator)
    with pytest.raises(LeadIsOpen):
        reopen_lead(lead=duplicate, by=coordinator, reason="", at=database_now())


@pytest.mark.parametrize(
    ("state", "refusal"),
    [
        ({"closed": True}, LeadIsOver),
        ({"stage": Stage.ADMITTED}, LeadIsOver),
        ({"review": True}, LeadInReview),
    ],
)
def test_only_open_leads_that_are_accepted_are_merged(
    site: Site, coordinator: User, state: dict[str, Any], refusal: type[Exception]
) -> None:
    fine, other = LeadFactory(site=site), LeadFactory(site=site, **state)
    for pair in ((fine, other), (other, fine)):
        with pytest.raises(refusal):
            merge(*pair, coordinator)
    assert LeadMerge.objects.count() == 0


def test_a_lead_is_not_merged_with_itself_or_across_sites(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    for other in (lead, LeadFactory()):
        with pytest.raises(CannotMerge):
            merge(lead, other, coordinator)


def test_what_is_apart_cannot_be_parted(site: Site, coordinator: User) -> None:
    with pytest.raises(NotMerged):
        unmerge_leads(duplicate=LeadFactory(site=site), by=coordinator, at=database_now())


def test_two_episodes_are_said_apart_once(site: Site, coordinator: User) -> None:
    one, other = LeadFactory(site=site), LeadFactory(site=site)
    for pair in ((one, other), (other, one)):
        say_not_duplicate(lead=pair[0], other=pair[1], by=coordinator, at=database_now())
    assert NotDuplicate.objects.count() == 1


def test_the_database_refuses_a_merge_into_a_lead_that_is_over(site: Site) -> None:
    duplicate = LeadFactory(site=site, closed=True, disposition=Disposition.DUPLICATE)
    for survivor in (LeadFactory(site=site, closed=True), LeadFactory()):
        with pytest.raises(IntegrityError, match="open lead of its site"), transaction.atomic():
            Lead.objects.filter(pk=duplicate.pk).update(merged_into=survivor)


def test_the_database_refuses_an_open_lead_that_was_merged(site: Site) -> None:
    duplicate, survivor = LeadFactory(site=site), LeadFactory(site=site)
    with pytest.raises(IntegrityError, match="merged_lead_is_closed"), transaction.atomic():
        Lead.objects.filter(pk=duplicate.pk).update(merged_into=survivor)


def test_the_events_tell_no_names(site: Site, coordinator: User) -> None:
    survivor, duplicate = LeadFactory(site=site), LeadFactory(site=site)
    merge(duplicate, survivor, coordinator)
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(data::text, '') FROM crm_leadevent")
        assert duplicate.caller.name not in cursor.fetchone()[0]
    assert [event.note for event in LeadEvent.objects.filter(kind=EventKind.MERGED)] == [""]
