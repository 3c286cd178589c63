"""A lead that a colleague is on, as its page and the warnings on every other page show it."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.enums import EventKind
from crm.models import Lead, Presence, Site, User
from crm.services.handing import ask_for_lead
from crm.services.queues import claim_lead, release_lead, return_lapsed_lease
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory
from tests.pages import text_of

MINUTE = timedelta(minutes=1)
WHY = "Their mother rings me back in a minute."
HTMX = {"headers": {"HX-Request": "true"}}


@pytest.fixture
def robin(site: Site) -> User:
    return MembershipFactory(site=site, user__full_name="Robin Example").user


@pytest.fixture
def theirs(site: Site, robin: User) -> Lead:
    """A lead that a colleague has."""
    return claim_lead(lead=LeadFactory(site=site), by=robin, at=database_now())


@pytest.fixture
def mine(site: Site, coordinator: User) -> Lead:
    return claim_lead(lead=LeadFactory(site=site), by=coordinator, at=database_now())


def url(lead: Lead, action: str = "") -> str:
    return f"/desk/leads/{lead.reference}/{action}"


def test_the_page_says_who_is_on_a_lead_and_offers_two_ways(desk: Client, theirs: Lead, robin: User) -> None:
    text = text_of(desk.get(url(theirs)))
    assert "Robin Example has this lead until" in text
    assert "They have no screen open." in text
    assert "Ask for it" in text
    assert "Take it over" in text
    Presence.objects.create(user=robin, seen_at=database_now(), acted_at=database_now())
    assert "Their screen is open." in text_of(desk.get(url(theirs)))


def test_the_page_says_who_else_has_just_read_it(
    desk: Client, client: Client, theirs: Lead, manager: User
) -> None:
    other = Client()
    other.force_login(manager)
    other.get(url(theirs))
    assert "Morgan Manager opened this page in the last minutes" in text_of(desk.get(url(theirs)))


def test_asking_shows_on_the_holders_screen_and_page(desk: Client, theirs: Lead, robin: User) -> None:
    page = desk.post(url(theirs, "ask/"), {"note": "I know her."}, follow=True)
    assert "You asked for it at" in text_of(page)
    holder = Client()
    holder.force_login(robin)
    assert "Casey Coordinator asks for this lead: “I know her.”" in text_of(holder.get(url(theirs)))
    assert f"Casey Coordinator asks for {theirs.reference} : “I know her.”" in text_of(
        holder.get("/desk/watch/")
    )


def test_the_holder_hands_over(desk: Client, mine: Lead, robin: User) -> None:
    ask = ask_for_lead(lead=mine, by=robin, note="", at=database_now())
    page = desk.post(url(mine, "ask/hand-over/"), {"asked": ask.pk}, follow=True)
    assert f"Robin Example has {mine.reference} now." in text_of(page)
    mine.refresh_from_db()
    assert mine.owner == robin


def test_the_holder_keeps_it(desk: Client, mine: Lead, robin: User) -> None:
    ask = ask_for_lead(lead=mine, by=robin, note="", at=database_now())
    page = desk.post(url(mine, "ask/decline/"), {"asked": ask.pk}, follow=True)
    assert f"You keep {mine.reference}." in text_of(page)
    assert "asks for this lead" not in text_of(page)


@pytest.mark.parametrize("action", ["ask/hand-over/", "ask/decline/"])
def test_an_answer_to_nothing_is_refused(desk: Client, mine: Lead, action: str) -> None:
    assert desk.post(url(mine, action), {"asked": "nonsense"}).status_code == 404
    page = desk.post(url(mine, action), {"asked": mine.pk}, follow=True)
    assert "Nobody asks for this lead any more." in text_of(page)


def test_taking_over_with_a_reason(desk: Client, theirs: Lead, coordinator: User, robin: User) -> None:
    page = desk.post(url(theirs, "take-over/"), {"reason": WHY}, follow=True)
    text = text_of(page)
    assert "You have this lead now." in text
    assert f"Taken over from a colleague by Casey Coordinator {WHY}" in text
    holder = Client()
    holder.force_login(robin)
    assert f"Casey Coordinator took over {theirs.reference} : “{WHY}”" in text_of(holder.get("/desk/watch/"))


def test_a_short_reason_is_refused_and_stays_in_the_form(desk: Client, theirs: Lead) -> None:
    page = desk.post(url(theirs, "take-over/"), {"reason": "because"})
    assert page.status_code == 409
    assert "Write at least 10 characters" in text_of(page)
    assert "because</textarea>" in page.content.decode()


def test_what_one_typed_is_not_lost_when_the_lead_is_free_by_now(desk: Client, site: Site) -> None:
    page = desk.post(url(LeadFactory(site=site), "take-over/"), {"reason": WHY})
    assert page.status_code == 409
    assert "Nobody has this lead now. Take it." in text_of(page)
    assert WHY in page.content.decode()


def test_the_holder_is_warned_and_keeps_the_lead_from_wherever_they_are(desk: Client, mine: Lead) -> None:
    assert mine.reference not in text_of(desk.get("/desk/watch/"))
    Lead.objects.filter(pk=mine.pk).update(lease_until=database_now() + 5 * MINUTE)
    assert f"{mine.reference} goes back to its queue at" in text_of(desk.get("/desk/watch/"))
    answer = desk.post(url(mine, "keep/"), **HTMX)
    assert (answer.status_code, f"{mine.reference} stays with you" in text_of(answer)) == (200, True)
    assert "goes back" not in text_of(answer)


def test_without_scripts_the_button_is_on_the_leads_page(desk: Client, mine: Lead) -> None:
    page = desk.post(url(mine, "keep/"), follow=True)
    assert f"{mine.reference} stays with you for now." in text_of(page)
    assert mine.events.filter(kind=EventKind.LEASE_KEPT).exists()


def test_the_holder_is_told_that_it_went_back(desk: Client, mine: Lead) -> None:
    Lead.objects.filter(pk=mine.pk).update(lease_until=database_now() - MINUTE)
    return_lapsed_lease(lead_id=mine.pk, at=database_now())
    assert f"{mine.reference} went back to its queue at" in text_of(desk.get("/desk/watch/"))
    answer = desk.post(url(mine, "keep/"), **HTMX)
    assert "This lead is not with you any more." in text_of(answer)


def test_the_holder_is_told_that_a_manager_put_it_back(desk: Client, mine: Lead, manager: User) -> None:
    release_lead(lead=mine, by=manager, at=database_now(), may_release_others=True)
    assert f"Morgan Manager put {mine.reference} back" in text_of(desk.get("/desk/watch/"))


def test_what_one_gave_back_oneself_is_no_news(desk: Client, mine: Lead, coordinator: User) -> None:
    release_lead(lead=mine, by=coordinator, at=database_now())
    text = text_of(desk.get("/desk/watch/"))
    assert [f"{mine.reference} went back" in text, f"{mine.reference} back" in text] == [False, False]


def test_a_lapsed_lease_blocks_neither_note_nor_attempt(desk: Client, mine: Lead) -> None:
    Lead.objects.filter(pk=mine.pk).update(lease_until=database_now() - MINUTE)
    assert "Note added." in text_of(desk.post(url(mine, "notes/"), {"text": "She rang."}, follow=True))
    tried = {"person": mine.caller_id, "method": "CALL", "outcome": "NO_ANSWER", "override_reason": WHY}
    assert "Attempt logged." in text_of(desk.post(url(mine, "attempts/"), tried, follow=True))


@pytest.mark.parametrize("action", ["keep/", "ask/", "ask/hand-over/", "ask/decline/", "take-over/"])
def test_nobody_acts_on_a_lead_of_another_site(
    client: Client, outsider: User, theirs: Lead, action: str
) -> None:
    client.force_login(outsider)
    data = {"reason": WHY, "note": "", "asked": theirs.pk}
    assert client.post(url(theirs, action), data).status_code == 404
    assert client.get(url(theirs, action)).status_code == 405
