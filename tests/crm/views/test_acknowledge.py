"""Saying that one has an alert: the link needs no sign-in, and nothing happens before the button."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from crm.ack_tokens import GOOD_FOR, ack_token, bearer_of
from crm.enums import ContactMethod, ContactOutcome, Disposition, EventKind, Level
from crm.leases import answer_end
from crm.models import Lead, Site, User
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.contact import Try, log_attempt
from crm.services.queues import claim_lead
from crm.services.stages import Closing, close_lead
from jobs.clock import database_now
from notifications.enums import Acknowledgement
from notifications.models import Escalation, Message
from tests.factories import LeadFactory, MembershipFactory, PersonFactory
from tests.pages import text_of


@pytest.fixture
def lead(site: Site, coordinator: User) -> Lead:
    lead = LeadFactory(site=site, level=Level.E2, caller=PersonFactory(name="Zebedee Quagmire"))
    alert_staff(lead=lead, key="k", at=database_now())
    return lead


def link(user: User) -> str:
    token = ack_token(escalation=Escalation.objects.get().pk, user=user.pk, at=database_now())
    return reverse("crm:ack", args=[token])


def chain() -> Escalation:
    return Escalation.objects.get()


def test_the_link_in_the_message_is_the_recipients_own(lead: Lead, coordinator: User, client: Client) -> None:
    address = Message.objects.get(about=lead.pk).context["answer_link"]
    assert bearer_of(address.rstrip("/").rpartition("/")[2]).user == coordinator.pk  # type: ignore[union-attr]
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_looking_changes_nothing(lead: Lead, coordinator: User, client: Client, method: str) -> None:
    """Mail filters and phones open every link that they see."""
    for _ in range(3):
        getattr(client, method)(link(coordinator))
    assert chain().acknowledged_at is None
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 0


def test_the_page_says_reference_level_and_queue_and_nothing_of_anybody(
    lead: Lead, coordinator: User, client: Client
) -> None:
    page = client.get(link(coordinator))
    body = page.content.decode()
    assert all(words in body for words in (lead.reference, "E2", "Urgent", "I have it"))
    assert "Zebedee" not in body
    assert "alcohol" not in body.lower()
    assert (page["Referrer-Policy"], page["X-Robots-Tag"]) == ("no-referrer", "noindex, nofollow")
    assert "no-store" in page["Cache-Control"]
    assert not page.cookies


def test_pressing_the_button_ends_the_alert_and_leaves_the_clock_running(
    lead: Lead, coordinator: User
) -> None:
    client = Client(enforce_csrf_checks=True)  # from a mail program: no cookie, no session
    page = client.post(link(coordinator))
    assert f"You said you have {lead.reference}" in page.content.decode()
    assert (chain().acknowledged_by, chain().how) == (coordinator.pk, "LINK")
    lead.refresh_from_db()
    assert (lead.first_contact_at, lead.owner) == (None, None)
    event = lead.events.get(kind=EventKind.ACKNOWLEDGED)
    assert (event.by, event.data["how"]) == (coordinator, "LINK")


def test_it_says_by_when_to_take_the_lead_and_what_follows_if_not_also_when_it_is_loaded_again(
    lead: Lead, coordinator: User, client: Client
) -> None:
    client.post(link(coordinator))
    until = answer_end(lead, chain().acknowledged_at or database_now()).astimezone(
        ZoneInfo(lead.site.time_zone)
    )
    words = text_of(client.get(link(coordinator)))
    assert f"if nobody has taken it or called by {until:%H:%M}" in words
    assert "others are alerted again: those told before, and more people, with all managers." in words


def test_a_colleague_reads_who_is_seeing_to_it_and_that_they_can_take_it(
    lead: Lead, manager: User, coordinator: User, client: Client
) -> None:
    acknowledge(lead=lead, by=manager, at=database_now())
    words = text_of(client.get(link(coordinator)))
    assert "and has not called yet. You can still take it." in words
    assert "others are alerted again" in words
    assert "Nothing is left" not in words
    claim_lead(lead=lead, by=manager, at=database_now())
    assert f"Morgan Manager has {lead.reference}" in text_of(client.get(link(coordinator)))


def test_it_tells_nobody_to_call_by_a_time_that_is_over(
    lead: Lead, coordinator: User, client: Client
) -> None:
    assert "the time to the first call runs on: call by" in text_of(client.post(link(coordinator)))
    Escalation.objects.update(acknowledged_at=None, acknowledged_by=None, how="", ended_at=None, ended_why="")
    Lead.objects.update(respond_by=database_now() - timedelta(minutes=1))
    words = text_of(client.post(link(coordinator)))
    assert "the time promised for the first call is over:" in words
    assert "call by" not in words


def test_the_slower_of_two_is_told_who_has_it(
    lead: Lead, site: Site, coordinator: User, client: Client
) -> None:
    other = MembershipFactory(site=site, user__full_name="Robin Second").user
    client.post(link(other))
    body = client.post(link(coordinator)).content.decode()
    assert f"Robin Second is seeing to {lead.reference}" in body
    assert chain().acknowledged_by == other.pk
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_whoever_has_no_name_is_a_colleague_and_their_address_is_not_said(
    lead: Lead, site: Site, coordinator: User, client: Client
) -> None:
    other = MembershipFactory(site=site, user__full_name="").user
    client.post(link(other))
    body = client.post(link(coordinator)).content.decode()
    assert f"A colleague is seeing to {lead.reference}" in body
    assert other.email not in body
    tapped = tap(pushed(coordinator))[1]
    assert "A colleague is seeing to it" in tapped


@pytest.mark.django_db(transaction=True)
def test_of_many_at_the_same_moment_exactly_one_is_first(lead: Lead, site: Site) -> None:
    links = [link(MembershipFactory(site=site).user) for _ in range(6)]

    def press(address: str) -> str:
        try:
            return Client().post(address).content.decode()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        pages = list(pool.map(press, links))
    assert sum(f"You said you have {lead.reference}" in page for page in pages) == 1
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_a_link_runs_out_after_a_day(lead: Lead, coordinator: User, client: Client) -> None:
    at = database_now() - GOOD_FOR - timedelta(seconds=1)
    old = reverse("crm:ack", args=[ack_token(escalation=chain().pk, user=coordinator.pk, at=at)])
    assert [client.get(old).status_code, client.post(old).status_code] == [410, 410]
    assert chain().acknowledged_at is None


def left(user: User) -> None:
    User.objects.filter(pk=user.pk).update(is_active=False)


def moved(user: User) -> None:
    user.memberships.all().delete()


@pytest.mark.parametrize("gone", [left, moved])
def test_whoever_does_not_work_there_any_more_answers_nothing(
    lead: Lead, coordinator: User, client: Client, gone: Callable[[User], None]
) -> None:
    address = link(coordinator)
    gone(coordinator)
    assert client.post(address).status_code == 410
    assert chain().acknowledged_at is None


def test_a_token_that_is_not_ours_opens_nothing(lead: Lead, coordinator: User, client: Client) -> None:
    good = ack_token(escalation=chain().pk, user=coordinator.pk, at=database_now())
    forged = ack_token(escalation=chain().pk, user=uuid4(), at=database_now())
    for token in (good[:-1] + ("A" if good[-1] != "A" else "B"), good.split(".")[0], "x.y", "." + good):
        assert client.post(f"/ack/{token}/").status_code == 404
    spliced = forged.split(".")[0] + "." + good.split(".")[1]
    assert client.post(f"/ack/{spliced}/").status_code == 404
    assert chain().acknowledged_at is None


def test_what_is_over_says_so(lead: Lead, manager: User, coordinator: User, client: Client) -> None:
    address = link(coordinator)
    close_lead(lead=lead, by=manager, closing=Closing(Disposition.NOT_NOW), at=database_now())
    body = client.post(address).content.decode()
    assert "needs no answer any more" in body
    assert chain().acknowledged_at is None


# --- a tap on the button of a push message: a service worker posts, and shows what it is told


def tap(address: str) -> tuple[int, str, bool]:
    answer = Client(enforce_csrf_checks=True).post(address, headers={"Accept": "application/json"})
    assert "no-store" in answer["Cache-Control"]
    said = answer.json()
    return answer.status_code, said["said"], said["first"]


def pushed(user: User, at: datetime | None = None) -> str:
    how = Acknowledgement.PUSH
    token = ack_token(escalation=chain().pk, user=user.pk, at=at or database_now(), how=how)
    return reverse("crm:ack", args=[token])


def test_a_tap_on_a_push_message_answers_and_says_so(lead: Lead, coordinator: User) -> None:
    status, said, first = tap(pushed(coordinator))
    assert (status, first) == (200, True)
    assert said.startswith(
        f"You said you have {lead.reference}. Nobody else is alerted about it now. If nobody"
    )
    assert (chain().acknowledged_by, chain().how) == (coordinator.pk, "PUSH")
    _, again, first = tap(pushed(coordinator))
    assert again.startswith("You said so already, at ")
    assert not first
    assert lead.events.filter(kind=EventKind.ACKNOWLEDGED).count() == 1


def test_the_slower_tap_is_told_who_has_it(lead: Lead, manager: User, coordinator: User) -> None:
    acknowledge(lead=lead, by=manager, at=database_now())
    status, said, first = tap(pushed(coordinator))
    assert (status, first) == (200, False)
    assert said.startswith(
        f"{lead.reference}: Morgan Manager is seeing to it, and has not called yet. You can"
    )
    assert chain().acknowledged_by == manager.pk


def test_a_tap_that_is_too_late_says_so(lead: Lead, manager: User, coordinator: User) -> None:
    status, said, _ = tap(pushed(coordinator, database_now() - GOOD_FOR - timedelta(seconds=1)))
    assert (status, said) == (410, "This has run out. Open the desk.")
    address = pushed(coordinator)
    close_lead(lead=lead, by=manager, closing=Closing(Disposition.NOT_NOW), at=database_now())
    assert tap(address)[1] == f"Nobody has to answer any more for {lead.reference}."
    assert chain().acknowledged_at is None


def test_a_browser_that_takes_anything_gets_the_page(lead: Lead, coordinator: User, client: Client) -> None:
    for accept in ("text/html,application/xhtml+xml,*/*;q=0.8", "*/*", ""):
        page = client.get(pushed(coordinator), headers={"Accept": accept})
        assert page["Content-Type"].startswith("text/html")


class TestAtTheDesk:
    def test_a_button_on_the_lead_and_in_the_queue(self, lead: Lead, desk: Client) -> None:
        address = reverse("crm:acknowledge", args=[lead.reference])
        for page in (reverse("crm:lead", args=[lead.reference]), reverse("crm:dashboard")):
            assert f'action="{address}"' in desk.get(page).content.decode()
        answer = desk.post(address, {"next": "/desk/"}, follow=True)
        assert answer.redirect_chain == [("/desk/", 302)]
        assert f"You said you have {lead.reference}" in answer.content.decode()
        until = answer_end(lead, chain().acknowledged_at or database_now())
        clock = until.astimezone(ZoneInfo(lead.site.time_zone))
        rule = f"If nobody has taken it or called by {clock:%H:%M}, others are alerted again."
        assert rule in answer.content.decode()
        assert (chain().how, lead.events.filter(kind=EventKind.ACKNOWLEDGED).count()) == ("DESK", 1)
        for page in (reverse("crm:lead", args=[lead.reference]), reverse("crm:dashboard")):
            assert f'action="{address}"' not in desk.get(page).content.decode()

    def test_the_slower_colleague_is_told_who_has_it(self, lead: Lead, manager: User, desk: Client) -> None:
        acknowledge(lead=lead, by=manager, at=database_now())
        page = desk.post(reverse("crm:acknowledge", args=[lead.reference]), follow=True)
        assert "Morgan Manager said so already." in page.content.decode()

    def test_it_leads_nowhere_else(self, lead: Lead, desk: Client) -> None:
        address = reverse("crm:acknowledge", args=[lead.reference])
        for elsewhere in ("https://evil.example/desk/", "//evil.example/desk/", "/accounts/logout/"):
            assert desk.post(address, {"next": elsewhere})["Location"] == f"/desk/leads/{lead.reference}/"

    def test_taking_the_lead_answers_its_alert(self, lead: Lead, coordinator: User, desk: Client) -> None:
        desk.post(reverse("crm:claim", args=[lead.reference]))
        assert (chain().acknowledged_by, chain().how) == (coordinator.pk, "CLAIM")

    def test_a_logged_attempt_answers_it(self, lead: Lead, coordinator: User) -> None:
        tried = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False, inbound=True)
        log_attempt(lead=lead, by=coordinator, attempt=tried, at=database_now())
        assert chain().how == "CONTACT"

    def test_the_timeline_says_who_was_told_how_and_who_has_it(self, lead: Lead, desk: Client) -> None:
        desk.post(reverse("crm:acknowledge", args=[lead.reference]))
        body = desk.get(reverse("crm:lead", args=[lead.reference])).content.decode()
        assert "E-mail: Casey Coordinator." in body
        assert "At the desk, after less than a minute." in body
