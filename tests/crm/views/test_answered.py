"""Somebody has said "I have it" and nobody has taken the lead yet: every page says so, none "nobody"."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.ack_tokens import ack_token
from crm.enums import ContactMethod, ContactOutcome, Level, Queue
from crm.leases import lease_of
from crm.models import Lead, Site, User
from crm.selectors.answers_given import YOU_SAID
from crm.services.acknowledging import acknowledge, acknowledge_as_told
from crm.services.alerts import alert_staff
from crm.services.contact import Try, log_attempt
from crm.services.queues import claim_lead
from crm.services.unkept_answers import alert_unless_kept
from notifications.enums import Acknowledgement
from notifications.models import Escalation
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory
from tests.pages import text_of

SEEING = "is seeing to it, and has not called yet. You can still take it."
BOARD, QUEUE = "/desk/board/", "/desk/"


@pytest.fixture
def clock(database_clock: DatabaseClock) -> DatabaseClock:
    database_clock.stop()
    return database_clock


def alerted(site: Site, clock: DatabaseClock) -> Lead:
    lead = LeadFactory(site=site, level=Level.U1, received_at=clock.now())
    alert_staff(lead=lead, key=str(lead.pk), at=clock.now())
    return lead


@pytest.fixture
def lead(site: Site, coordinator: User, manager: User, clock: DatabaseClock) -> Lead:
    """A lead whose alert the manager answered three minutes ago, by its link."""
    lead = alerted(site, clock)
    chain = Escalation.objects.get(about=lead.pk)
    acknowledge_as_told(escalation=chain, by=manager, how=Acknowledgement.LINK, at=clock.now())
    clock.advance(seconds=200)
    return lead


def pages(desk: Client, lead: Lead) -> list[str]:
    return [text_of(desk.get(page)) for page in (f"/desk/leads/{lead.reference}/", QUEUE, BOARD)]


def test_the_lead_the_queue_and_the_board_name_who_answered(lead: Lead, desk: Client) -> None:
    on_lead, in_queue, on_board = pages(desk, lead)
    assert all(f"Morgan Manager {SEEING}" in page for page in (on_lead, in_queue, on_board))
    assert "Nobody has this lead" not in on_lead
    assert "With nobody" not in on_board
    assert "Take this lead" in on_lead, "whoever answered may have meant it, and still be in the car"


def test_whoever_answered_reads_you(lead: Lead, manager: User, client: Client) -> None:
    client.force_login(manager)
    assert all(YOU_SAID in page for page in pages(client, lead))


def test_whoever_has_no_name_is_known_by_their_address_at_the_desk(
    site: Site, clock: DatabaseClock, desk: Client
) -> None:
    nameless = MembershipFactory(site=site, user__full_name="").user
    lead = alerted(site, clock)
    acknowledge(lead=lead, by=nameless, at=clock.now())
    assert f"{nameless.email} is seeing to it" in pages(desk, lead)[1]


def taken(lead: Lead, by: User, clock: DatabaseClock) -> None:
    claim_lead(lead=lead, by=by, at=clock.now())


def tried(lead: Lead, by: User, clock: DatabaseClock) -> None:
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=by, attempt=attempt, at=clock.now())
    Lead.objects.update(owner=None, claimed_at=None, lease_until=None)


def lowered(lead: Lead, by: User, clock: DatabaseClock) -> None:
    Lead.objects.update(queue=Queue.PREBOOKED, level=Level.P1)


def forgotten(lead: Lead, by: User, clock: DatabaseClock) -> None:
    at = clock.advance(by=lease_of(lead.level))
    alert_unless_kept(escalation=Escalation.objects.get().pk, at=at)


@pytest.mark.parametrize("then", [taken, tried, lowered, forgotten])
def test_it_is_over_when_something_followed_or_nobody_is_needed(
    lead: Lead, manager: User, desk: Client, clock: DatabaseClock, then: Callable[..., None]
) -> None:
    then(lead, manager, clock)
    assert not any("is seeing to it" in page for page in pages(desk, lead))


def test_taking_it_and_giving_it_back_is_no_answer_without_taking(
    site: Site, manager: User, coordinator: User, desk: Client, clock: DatabaseClock
) -> None:
    lead = alerted(site, clock)
    claim_lead(lead=lead, by=manager, at=clock.now())
    Lead.objects.update(owner=None, claimed_at=None, lease_until=None)
    assert not any("is seeing to it" in page for page in pages(desk, lead))


@pytest.mark.parametrize("page", [QUEUE, BOARD])
def test_it_costs_as_many_queries_for_one_as_for_thirty(
    site: Site, manager: User, desk: Client, clock: DatabaseClock, page: str
) -> None:
    counts = []
    for number in range(30):
        acknowledge(lead=alerted(site, clock), by=manager, at=clock.now())
        if number in {0, 29}:
            clock.advance(by=timedelta(seconds=200))
            with CaptureQueriesContext(connection) as queries:
                desk.get(page)
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_the_handover_says_who_is_seeing_to_it(lead: Lead, desk: Client) -> None:
    page = text_of(desk.get("/desk/handover/harbour-house/"))
    assert f"Morgan Manager {SEEING}" in page


MINE = "/desk/queues/mine/"


def test_what_one_answered_and_has_not_taken_is_the_first_of_ones_own(
    lead: Lead, site: Site, manager: User, desk: Client, client: Client, clock: DatabaseClock
) -> None:
    taken_before = LeadFactory(site=site, level=Level.E1, received_at=clock.now())
    claim_lead(lead=taken_before, by=manager, at=clock.now())
    assert lead.reference not in text_of(desk.get(MINE))
    client.force_login(manager)
    mine = text_of(client.get(MINE))
    assert YOU_SAID in mine
    assert mine.index(lead.reference) < mine.index(taken_before.reference)
    claim_lead(lead=lead, by=manager, at=clock.now())
    mine = text_of(client.get(MINE))
    assert YOU_SAID not in mine
    assert mine.count(lead.reference) == mine.count(taken_before.reference)


class TestASecondAnswer:
    """Of whoever let the first lapse: the pages say that it does not stop the alert."""

    SAYS = "so others are told all the same: until one of them answers"

    @pytest.fixture
    def again(self, lead: Lead, manager: User, clock: DatabaseClock) -> Escalation:
        forgotten(lead, manager, clock)
        return Escalation.objects.get(ended_at=None)

    def test_its_link_says_so_before_and_after(
        self, again: Escalation, manager: User, coordinator: User, client: Client, clock: DatabaseClock
    ) -> None:
        link = reverse("crm:ack", args=[ack_token(escalation=again.pk, user=manager.pk, at=clock.now())])
        theirs = ack_token(escalation=again.pk, user=coordinator.pk, at=clock.now())
        assert self.SAYS in text_of(client.get(link))
        assert self.SAYS not in text_of(client.get(reverse("crm:ack", args=[theirs])))
        assert "Noted: " in text_of(client.post(link))
        again.refresh_from_db()
        assert again.ended_at is None

    def test_the_desk_says_so(self, again: Escalation, lead: Lead, manager: User, client: Client) -> None:
        client.force_login(manager)
        page = client.post(reverse("crm:acknowledge", args=[lead.reference]), follow=True)
        assert self.SAYS in text_of(page)
        assert "They had it before and did not call: others are told on." in text_of(page)

    def test_the_link_of_the_first_says_that_it_has_begun_again(
        self, again: Escalation, manager: User, client: Client, clock: DatabaseClock
    ) -> None:
        first = Escalation.objects.earliest("started_at")
        token = ack_token(escalation=first.pk, user=manager.pk, at=clock.now())
        words = text_of(client.get(reverse("crm:ack", args=[token])))
        assert "others are alerted again. Open the lead, and say there that you have it." in words
        assert "Nobody else is alerted" not in words
