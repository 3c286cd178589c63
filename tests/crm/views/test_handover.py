"""The handover: what the next hours bring, and what the last shift wrote."""

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from crm.enums import Level, PauseKind, PauseReason
from crm.models import HandoverNote, Lead, Site, User
from crm.selectors.handover import MOST_SHOWN
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.caller_requests import Page, ask_for_erasure
from crm.services.handover import write_handover_note
from crm.services.pauses import Pause, pause_lead
from crm.services.queues import claim_lead
from jobs.clock import database_now
from tests.factories import LeadFactory, ShiftFactory
from tests.pages import queries_of, text_of

HANDOVER = "/desk/handover/harbour-house/"
HOUR = timedelta(hours=1)
WHY = "They asked us to ring at any hour."


def due(site: Site, at: datetime, **more: object) -> Lead:
    return LeadFactory(site=site, level=Level.P2, due_at=at, **more)


def test_the_first_site_of_the_reader_is_shown(desk: Client) -> None:
    assert desk.get("/desk/handover/", follow=True).redirect_chain == [(HANDOVER, 302)]


def test_what_is_due_in_the_next_hours_is_listed_the_latest_last(
    desk: Client, site: Site, coordinator: User
) -> None:
    at = database_now()
    soon, later = due(site, at + HOUR), due(site, at + 6 * HOUR, contacted=True)
    overdue, far = due(site, at - HOUR), due(site, at + 30 * HOUR)
    elsewhere, over = LeadFactory(level=Level.U1), LeadFactory(site=site, closed=True)
    claim_lead(lead=soon, by=coordinator, at=at)
    text = text_of(desk.get(HANDOVER))
    places = [text.index(lead.reference) for lead in (overdue, soon, later)]
    assert places == sorted(places)
    assert not any(lead.reference in text for lead in (far, elsewhere, over))
    assert "Follow up P2" in text
    assert later.reference not in text_of(desk.get(HANDOVER, {"hours": "4"}))


def test_an_emergency_is_not_lost_below_a_hundred_late_follow_ups(desk: Client, site: Site) -> None:
    at = database_now()
    for _ in range(MOST_SHOWN + 1):
        due(site, at - 3 * HOUR, contacted=True)
    first = LeadFactory(site=site, level=Level.E1, due_at=at + HOUR)
    second = LeadFactory(site=site, level=Level.E2, due_at=at)
    text = text_of(desk.get(HANDOVER))
    assert "The first 100 are shown." in text
    assert text.index(first.reference) < text.index(second.reference) < text.index("Follow up")


def test_what_comes_back_by_then_is_listed_with_its_reason(
    desk: Client, site: Site, coordinator: User
) -> None:
    at = database_now()
    lead = due(site, at + 40 * HOUR)
    pause = Pause(PauseKind.CLOCK, PauseReason.ASKED_LATER, at + 2 * HOUR)
    pause_lead(lead=lead, by=coordinator, pause=pause, at=at)
    text = text_of(desk.get(HANDOVER))
    assert lead.reference in text
    assert "Its clock goes on: they asked for another time" in text


def test_call_backs_of_the_next_hours_are_listed_even_before_the_first_contact(
    desk: Client, site: Site, coordinator: User
) -> None:
    at = database_now()
    soon, later = (due(site, at + 40 * HOUR) for _ in range(2))
    for lead, hours in ((soon, 2), (later, 20)):
        wish = WishedCall(lead.caller, at + hours * HOUR, note="Ask for Jo.", override_reason=WHY)
        set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    text = text_of(desk.get(HANDOVER))
    assert "Call-backs in the next 8 hours" in text
    assert f"{soon.reference} {soon.caller.name} Agreed with them: Ask for Jo." in text
    assert later.reference not in text


def test_open_requests_of_callers_are_listed(desk: Client, site: Site) -> None:
    lead = due(site, database_now() + 40 * HOUR)
    ask_for_erasure(lead=lead, page=Page(enquiry=lead.reference, opened_lead=True), at=database_now())
    assert f"{lead.reference} To be erased" in text_of(desk.get(HANDOVER))


def test_nothing_due_and_nobody_planned_is_said(desk: Client) -> None:
    text = text_of(desk.get(HANDOVER))
    assert "Nothing is promised" in text
    assert "Nobody is on the rota in the next 8 hours." in text
    assert "Casey Coordinator (you) watching" in text


def test_who_is_next_is_named(desk: Client, site: Site, manager: User) -> None:
    ShiftFactory(site=site, user=manager, starts_at=database_now() + 2 * HOUR, on_call=1)
    assert "Morgan Manager" in text_of(desk.get(HANDOVER))


def test_a_note_is_left_for_the_next_shift(desk: Client, site: Site) -> None:
    page = desk.post(f"{HANDOVER}notes/", {"text": "Two call-backs\nafter six."}, follow=True)
    text = text_of(page)
    assert "The note is there for the next shift." in text
    assert "Two call-backs after six. Casey Coordinator" in text
    page = desk.post(f"{HANDOVER}notes/", {"text": "  "})
    assert (page.status_code, "Write a few words here." in text_of(page)) == (422, True)


def test_notes_of_other_sites_and_of_days_ago_are_not_shown(desk: Client, site: Site, outsider: User) -> None:
    at = database_now()
    write_handover_note(site=outsider.memberships.get().site, by=outsider, text="Far away", at=at)
    write_handover_note(site=site, by=outsider, text="Long ago", at=at - 25 * HOUR)
    text = text_of(desk.get(HANDOVER))
    assert "Far away" not in text
    assert "Long ago" not in text


def test_a_note_is_encrypted_and_never_edited(site: Site, coordinator: User) -> None:
    write_handover_note(site=site, by=coordinator, text="Nobody else knows", at=database_now())
    with connection.cursor() as cursor:
        cursor.execute("SELECT text::text FROM crm_handovernote")
        assert "Nobody" not in str(cursor.fetchone()[0])
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        HandoverNote.objects.update(written_at=database_now())


def test_the_handover_of_another_site_is_not_there(client: Client, outsider: User, site: Site) -> None:
    client.force_login(outsider)
    assert client.get(HANDOVER).status_code == 404
    assert client.post(f"{HANDOVER}notes/", {"text": "Hello"}).status_code == 404


def test_a_long_handover_costs_no_more_queries_than_a_short_one(
    desk: Client, site: Site, coordinator: User
) -> None:
    def queries_with(more: int) -> int:
        at = database_now()
        for _ in range(more):
            lead = due(site, at + HOUR, taken=True)
            ask_for_erasure(lead=lead, page=Page(enquiry=lead.reference, opened_lead=True), at=at)
            write_handover_note(site=site, by=coordinator, text="A note", at=at)
            ShiftFactory(site=site)
        return queries_of(desk, HANDOVER)

    assert queries_with(1) == queries_with(29)
