"""Writing down what the rules said: it raises, alerts, and happens once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.enums import Disposition, EventKind, Level, Queue, Stage
from crm.models import Lead, LeadEvent, Membership, Placement, Site, User
from crm.services.levels import Change, lower_level
from crm.services.placements import Decision, record_placement
from crm.services.stages import Closing, close_lead
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import LeadEventFactory, LeadFactory

pytestmark = pytest.mark.django_db


def decision(
    lead: Lead, level: Level, *, key: str = "", is_repeat: bool = False, holds: tuple[str, ...] = ()
) -> Decision:
    return Decision(
        key=key or f"test:{lead.pk}:{level}:{is_repeat}",
        level=level,
        rules=[{"id": "test-rule", "reason": "A test", "level": level.value}],
        holds=list(holds),
        answers={"suicide": "unknown"},
        rule_set_version="2026-01",
        received_at=lead.received_at,
        is_repeat=is_repeat,
    )


def place(lead: Lead, level: Level, **more: object) -> Lead:
    record_placement(lead=lead, decision=decision(lead, level, **more), at=database_now())
    return Lead.objects.get(pk=lead.pk)


@pytest.fixture
def unplaced(site: Site) -> Lead:
    return LeadFactory(site=site, unrouted=True)


@pytest.mark.parametrize("level", list(Level))
def test_a_lead_goes_to_its_levels_queue_with_its_levels_promise(unplaced: Lead, level: Level) -> None:
    Lead.objects.update(respond_by=unplaced.received_at + timedelta(days=9))
    lead = place(unplaced, level)
    minutes = {"E1": 5, "E2": 15, "U1": 30, "U2": 120, "U3": 240, "P1": 1440, "P2": 2880}[level]
    assert (lead.level, lead.queue, lead.band) == (level, level.queue, level.band)
    assert lead.respond_by == lead.due_at == lead.received_at + timedelta(minutes=minutes)
    assert lead.placed_at is not None


def test_the_decision_is_kept_as_it_was_made(unplaced: Lead) -> None:
    place(unplaced, Level.U2, holds=("H-CLIN",))
    made = Placement.objects.get(lead=unplaced)
    assert (made.level, made.decided_level, made.queue, made.decided_by) == ("U2", "U2", Queue.URGENT, None)
    assert made.rules == [{"id": "test-rule", "reason": "A test", "level": "U2"}]
    assert (made.answers, made.rule_set_version, made.holds) == (
        {"suicide": "unknown"},
        "2026-01",
        ["H-CLIN"],
    )


def test_the_same_decision_is_written_down_once(unplaced: Lead, coordinator: User) -> None:
    for _ in range(2):
        place(unplaced, Level.E1, key="one")
    assert Placement.objects.filter(lead=unplaced).count() == 1
    assert LeadEvent.objects.filter(lead=unplaced, kind=EventKind.PLACED).count() == 1
    assert Message.objects.count() == 1


def test_the_rules_never_lower(site: Site) -> None:
    lead = place(LeadFactory(site=site, level=Level.U1), Level.P2)
    assert (lead.level, lead.queue) == (Level.U1, Queue.URGENT)
    latest = Placement.objects.latest("decided_at")
    assert (latest.decided_level, latest.level) == (Level.P2, Level.U1)


@pytest.mark.parametrize(
    ("before", "asked", "after"),
    [
        ("P2", "P2", "P1"),
        ("P1", "P2", "U3"),
        ("U1", "P2", "E2"),
        ("E2", "E2", "E2"),
        ("E1", "P2", "E1"),
        ("P2", "E1", "E1"),
    ],
)
def test_a_repeat_enquiry_raises_one_level_but_never_to_e1_by_itself(
    site: Site, before: str, asked: str, after: str
) -> None:
    assert place(LeadFactory(site=site, level=Level(before)), Level(asked), is_repeat=True).level == after


def test_a_promise_is_never_moved_later(site: Site) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    again = replace(decision(lead, Level.U1), received_at=lead.received_at + timedelta(hours=1))
    record_placement(lead=lead, decision=again, at=database_now())
    lead.refresh_from_db()
    assert lead.respond_by == lead.due_at == lead.received_at + timedelta(minutes=30)


def test_a_more_severe_enquiry_brings_a_follow_up_forward(site: Site) -> None:
    tomorrow = database_now() + timedelta(days=1)
    lead = LeadFactory(site=site, contacted=True, due_at=tomorrow)
    lead = place(lead, Level.E2, is_repeat=True)
    assert lead.due_at == lead.received_at + timedelta(minutes=15)


def test_holds_add_up(site: Site) -> None:
    assert place(LeadFactory(site=site, holds=["H-SG"]), Level.U2, holds=("H-CLIN", "H-SG")).holds == [
        "H-CLIN",
        "H-SG",
    ]


class TestAlerts:
    @pytest.mark.parametrize("level", list(Level))
    def test_staff_are_alerted_from_e1_to_u3(self, unplaced: Lead, coordinator: User, level: Level) -> None:
        place(unplaced, level)
        assert Message.objects.exists() == (level in {"E1", "E2", "U1", "U2", "U3"})

    def test_everyone_at_the_site_who_gets_alerts_gets_one(
        self, unplaced: Lead, coordinator: User, clinician: User, manager: User, outsider: User
    ) -> None:
        Membership.objects.filter(user=manager).update(gets_alerts=False)
        User.objects.filter(pk=clinician.pk).update(is_active=False)
        place(unplaced, Level.U1)
        assert [message.to for message in Message.objects.all()] == [coordinator.email]
        assert LeadEvent.objects.get(kind=EventKind.ALERT_STEP).data["people"] == 1

    def test_an_alert_names_nobody(self, unplaced: Lead, coordinator: User) -> None:
        place(unplaced, Level.E1)
        context = Message.objects.get().context
        assert context["reference"] == unplaced.reference
        assert context["link"].endswith(f"/desk/leads/{unplaced.reference}/")
        assert unplaced.caller.name not in str(context)

    def test_each_new_enquiry_alerts_anew(self, unplaced: Lead, coordinator: User) -> None:
        place(unplaced, Level.U1)
        place(unplaced, Level.U1, key="again", is_repeat=True)
        assert Message.objects.count() == 2

    def test_nobody_to_alert_is_on_record(self, unplaced: Lead) -> None:
        place(unplaced, Level.E1)
        assert LeadEvent.objects.get(kind=EventKind.ALERT_STEP).data["people"] == 0

    def test_it_says_so_when_new_answers_overrule_a_person(self, site: Site, coordinator: User) -> None:
        lead = LeadFactory(site=site, level=Level.U1)
        change = Change(Level.P1, "CLINICAL_JUDGEMENT", "Spoke for ten minutes, all is calm.")
        lower_level(lead=lead, by=coordinator, change=change, at=database_now())
        place(lead, Level.U2)
        assert LeadEvent.objects.get(kind=EventKind.MORE_SEVERE).data == {"from": "P1", "to": "U2"}


class TestLeadsThatStayPut:
    def test_a_lead_in_review_gets_the_decision_in_its_history(self, site: Site, coordinator: User) -> None:
        lead = place(LeadFactory(site=site, review=True), Level.U1)
        assert (lead.queue, lead.level) == (Queue.REVIEW, None)
        assert Placement.objects.get(lead=lead).level == Level.U1
        assert not Message.objects.exists()

    def test_a_lead_that_a_person_closed_stays_closed(self, unplaced: Lead, coordinator: User) -> None:
        close_lead(lead=unplaced, by=coordinator, closing=Closing(Disposition.NOT_NOW), at=database_now())
        assert place(unplaced, Level.E1).stage == Stage.CLOSED

    def test_one_that_was_closed_before_anyone_read_a_repeat_enquiry_opens_again(
        self, site: Site, coordinator: User
    ) -> None:
        lead = LeadFactory(site=site, level=Level.P2, stage=Stage.ASSESSING, first_contact_at=database_now())
        close_lead(lead=lead, by=coordinator, closing=Closing(Disposition.NOT_NOW), at=database_now())
        lead = place(lead, Level.E2, is_repeat=True)
        assert (lead.stage, lead.level, lead.queue, lead.closed_at) == (Stage.ASSESSING, "E2", "URGENT", None)
        assert lead.due_at == lead.received_at + timedelta(minutes=15)
        assert LeadEvent.objects.get(kind=EventKind.REOPENED).by is None
        assert Message.objects.exists()

    def test_a_person_who_has_been_admitted_stays_admitted(self, site: Site) -> None:
        lead = LeadFactory(site=site, stage=Stage.ADMITTED)
        LeadEventFactory(lead=lead)
        assert place(lead, Level.E1, is_repeat=True).stage == Stage.ADMITTED
