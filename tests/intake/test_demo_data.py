"""The demo: complete and consistent rows, made-up people, nothing sent, the same every time."""

import io
import json
import re
import stat
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count, F

from crm.enums import EventKind, Level, Queue, Role, Stage, StepsNeeded
from crm.leases import answer_end
from crm.models import (
    ContactAttempt,
    Lead,
    LeadEvent,
    LeadReference,
    Person,
    Placement,
    Shift,
    Site,
    StaffChannel,
    User,
)
from crm.models.lead import OPEN
from crm.reports.alerts import alerts_report
from crm.reports.window import Window
from crm.selectors.people import find_leads
from crm.selectors.unreachable import unreachable
from intake.models import Enquiry
from intake.selectors import current_rule_set
from intake.services.reconciliation import reconcile
from intake.triage.answers import parse_answers
from intake.triage.engine import triage
from jobs.clock import database_now
from jobs.models import Job
from notifications.enums import Acknowledgement, MessageState
from notifications.models import Escalation, Message

LEADS = 90
DRAMA = re.compile(
    r"\+44(7700900\d{3}|(113|114|115|116|117|118|121|131|141|151|161)4960\d{3}|1914980\d{3}|2079460\d{3}|"
    r"2920180\d{3}|1632960\d{3})"
)


@pytest.fixture(autouse=True)
def folder(db: None, settings: Any, tmp_path: Path) -> Path:
    settings.DATA_DIR = tmp_path / "data"
    return settings.DATA_DIR


def make(*options: str) -> dict[str, Any]:
    out = io.StringIO()
    call_command("demo_data", *options, stdout=out)
    return json.loads(out.getvalue())


@pytest.fixture
def demo(folder: Path) -> None:
    make("--leads", str(LEADS))


def test_command_says_what_it_made(folder: Path) -> None:
    made = make("--leads", "60")
    assert (made["site"], made["leads"], made["rows"]["leads"]) == ("Alder House", 60, 60)
    assert Lead.objects.count() == 60
    assert reconcile().unaccounted == 0


def test_the_second_time_nothing_happens(demo: None) -> None:
    assert make() == {"site": "Alder House", "leads": LEADS, "rows": {}}
    assert (Lead.objects.count(), User.objects.count(), Site.objects.count()) == (LEADS, 6, 1)


def test_more_can_be_added_up_to_a_number(folder: Path) -> None:
    make("--leads", "10")
    assert make("--leads", "40", "--add")["rows"]["leads"] == 30
    assert make("--leads", "40", "--add")["rows"] == {}
    assert Lead.objects.count() == 40
    assert reconcile().unaccounted == 0


def test_without_leads_there_are_staff_and_a_site(folder: Path) -> None:
    make("--leads", "0")
    site = Site.objects.get(is_default=True)
    roles = dict(site.memberships.values_list("user__email", "role"))
    assert roles["coordinator@threshold.example"] == Role.COORDINATOR
    assert roles["clinician@threshold.example"] == Role.CLINICAL_LEAD
    assert roles["manager@threshold.example"] == roles["admin@threshold.example"] == Role.MANAGER
    assert User.objects.get(is_superuser=True).email == "admin@threshold.example"
    assert site.phone.startswith("01632 960")
    assert not Lead.objects.exists()


def test_sign_ins_are_kept_for_the_owner_only_and_work(folder: Path) -> None:
    make("--leads", "0")
    file = folder / "demo-sign-ins.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    sign_ins = json.loads(file.read_text())
    assert len(set(sign_ins.values())) == len(sign_ins) == 4
    assert all(User.objects.get(email=email).check_password(word) for email, word in sign_ins.items())
    assert not User.objects.get(email="robin@threshold.example").has_usable_password()
    make("--leads", "5", "--add")
    assert json.loads(file.read_text()) == sign_ins


def test_an_existing_site_is_used(folder: Path) -> None:
    Site.objects.create(slug="own", name="Our own house", phone="01632 960000", is_default=True)
    assert make("--leads", "3")["site"] == "Our own house"


def test_everybody_is_made_up(demo: None) -> None:
    people = list(Person.objects.all())
    assert all(DRAMA.fullmatch(person.phone_e164) for person in people if person.phone)
    assert all(re.search(r"@example\.(com|org|net)$", person.email) for person in people if person.email)
    assert sum(bool(person.phone) for person in people) == LEADS


def test_nobody_who_waits_has_a_mobile_number(demo: None) -> None:
    """Somebody who tries the demo with one must not end up on a demo lead."""
    waiting = Lead.objects.filter(OPEN).select_related("caller")
    assert waiting.count() > 20
    assert not [lead for lead in waiting if "7700900" in lead.caller.phone_e164]


def test_people_are_found_by_name_and_number(demo: None) -> None:
    coordinator = User.objects.get(email="coordinator@threshold.example")
    for lead in Lead.objects.select_related("caller").order_by("reference")[:10]:
        for query in (lead.caller.phone, lead.caller.name.split()[1]):
            assert lead in find_leads(user=coordinator, query=query)


def test_nothing_is_sent_and_no_work_is_left(demo: None) -> None:
    settled = (MessageState.SENT, MessageState.REPLACED)
    assert not Message.objects.exclude(state__in=settled).exists()
    assert not Escalation.objects.filter(ended_at=None).exists()
    assert not Job.objects.exists()


def test_placements_are_what_the_rules_say(demo: None) -> None:
    rules = current_rule_set()
    for placement in Placement.objects.all():
        result = triage(rules, parse_answers(placement.answers))
        assert placement.decided_level == result.level
        assert [rule["id"] for rule in placement.rules] == [rule.id for rule in result.rules]
        assert set(placement.holds) == set(map(str, result.holds))


def test_leads_agree_with_their_history(demo: None) -> None:
    now = database_now()
    for lead in Lead.objects.prefetch_related("events", "attempts"):
        events = sorted(lead.events.all(), key=lambda event: (event.occurred_at, event.pk))
        assert events[0].kind == EventKind.ENQUIRY_RECEIVED
        assert all(lead.received_at <= event.occurred_at <= now for event in events)
        assert lead.stage == _stage_after(events)
        first = [event for event in events if event.kind == EventKind.FIRST_CONTACT]
        assert [event.occurred_at for event in first] == (
            [lead.first_contact_at] if lead.first_contact_at else []
        )
        assert lead.attempt_count == lead.attempts.count()
        assert (lead.closed_at is not None) == (lead.stage == Stage.CLOSED)


def _stage_after(events: list[LeadEvent]) -> str:
    stage = Stage.NEW.value
    for event in events:
        if event.kind == EventKind.STAGE_MOVED:
            assert event.data["from"] == stage
            stage = event.data["to"]
        elif event.kind == EventKind.CLOSED:
            assert event.data["from"] == stage
            stage = Stage.CLOSED.value
    return stage


def test_nobody_is_contacted_in_a_way_that_is_not_safe(demo: None) -> None:
    for attempt in ContactAttempt.objects.select_related("person"):
        assert attempt.person.allows(attempt.method)


def test_no_bed_is_offered_while_a_hold_stands(demo: None) -> None:
    beyond = [Stage.OFFERED, Stage.BOOKED, Stage.ADMITTED]
    assert Lead.objects.filter(stage__in=beyond).exists()
    assert not Lead.objects.filter(stage__in=beyond).exclude(holds=[]).exists()


def test_today_shows_every_queue_and_state(demo: None) -> None:
    now = database_now()
    waiting = Lead.objects.filter(OPEN)
    assert {lead.queue for lead in waiting} == {Queue.URGENT, Queue.PREBOOKED, Queue.REVIEW}
    assert {Level.E2, Level.U1, Level.U2, Level.U3, Level.P1, Level.P2} <= {lead.level for lead in waiting}
    assert waiting.filter(respond_by__lt=now, first_contact_at=None).exists()
    assert waiting.filter(owner__email="coordinator@threshold.example", lease_until__gt=now).exists()
    assert waiting.filter(owner__email="robin@threshold.example", lease_until__gt=now).exists()
    assert waiting.filter(enquiry_count=2).count() >= 2
    assert waiting.filter(holds__contains=["H-CONSENT"], patient__no_contact=True).exists()
    assert waiting.filter(queue=Queue.REVIEW).count() == 2
    assert not waiting.filter(queue=Queue.UNROUTED).exists()


def test_a_repeat_is_one_level_up_and_both_references_find_the_lead(demo: None) -> None:
    repeated = list(Lead.objects.filter(enquiry_count=2))
    assert repeated
    for lead in repeated:
        first, second = lead.placements.order_by("decided_at")
        assert Level(second.level).rank == Level(first.level).rank - 1
        known = set(LeadReference.objects.filter(lead=lead).values_list("reference", flat=True))
        assert known == set(Enquiry.objects.filter(lead=lead).values_list("reference", flat=True))
        assert len(known) == 2


def test_the_demo_is_the_same_every_time(folder: Path) -> None:
    def picture() -> list[Any]:
        with transaction.atomic():
            make("--leads", "60")
            leads = Lead.objects.select_related("caller").order_by("reference")
            found = [(lead.reference, lead.level, lead.source, lead.caller.name) for lead in leads]
            transaction.set_rollback(True)
        return found

    assert picture() == picture()


def test_the_report_of_alerts_has_something_in_every_part(folder: Path) -> None:
    make("--leads", "300", "--days", "90")
    today = database_now()
    window = Window((Site.objects.get(),), (today - timedelta(days=100)).date(), today.date(), today)
    report = alerts_report(window)
    parts = {table.key: table for table in report.tables}
    assert report.has_leads
    steps = {row.heading: int(row.cells[0].text) for row in parts["steps"].rows}
    assert steps["All"] > steps[str(StepsNeeded.FIRST.label)] > steps[str(StepsNeeded.SECOND.label)] > 0
    answered = dict(Escalation.objects.values_list("how").annotate(Count("id")))
    duties = {row.heading: row.cells[0].text for row in parts["by_duty"].rows}
    assert "0" not in duties.values()
    assert set(Acknowledgement.values) - {Acknowledgement.CONTACT} <= answered.keys()
    assert {row.heading for row in parts["messages"].rows} >= {"E-mail", "Text", "Call", "Push"}
    channels = {row.heading.partition(":")[0] for row in parts["failures"].rows}
    assert channels >= {"E-mail", "Text", "Push"}
    assert Escalation.objects.filter(acknowledged_at__gt=F("red_at")).exists()


def test_an_alert_agrees_with_the_history_of_its_lead(demo: None) -> None:
    assert Escalation.objects.exists()
    for alert in Escalation.objects.all():
        lead = Lead.objects.get(pk=alert.about)
        assert lead.received_at <= alert.started_at <= alert.ended_at <= database_now()
        ends = lead.events.filter(kind__in=[EventKind.ACKNOWLEDGED, EventKind.ALERT_ENDED])
        noted = ends.get(occurred_at=alert.ended_at)
        assert (noted.occurred_at, noted.by_id) == (alert.ended_at, alert.acknowledged_by)
        since = lead.events.filter(kind=EventKind.CLAIMED, occurred_at__gte=alert.started_at)
        taken = since.order_by("occurred_at").first()
        assert not alert.how or taken is None or alert.acknowledged_at <= taken.occurred_at
        assert alert.messages.filter(state=MessageState.SENT).exists()


def test_of_every_urgent_lead_somebody_was_told_step_by_step_and_has_it(demo: None) -> None:
    """Or it would have been alerted about again: an answer is good for as long as a lease."""
    now, urgent = database_now(), Lead.objects.filter(OPEN, queue=Queue.URGENT)
    staff = set(map(str, User.objects.values_list("pk", flat=True)))
    assert urgent.filter(first_contact_at=None, attempt_count=0, owner=None).count() >= 4
    for lead in urgent:
        alert = Escalation.objects.filter(about=lead.pk).latest("started_at")
        steps = lead.events.filter(kind=EventKind.ALERT_STEP, occurred_at__gte=alert.started_at)
        told = [step.data["step"] for step in steps.order_by("occurred_at")]
        # An answer in the seconds in which a step is being told leaves it out.
        assert told == list(range(1, max(alert.step, 1) + 1)) or told == list(range(1, alert.step + 2))
        assert {who for step in steps for some in step.data["told"].values() for who in some} <= staff
        assert User.objects.filter(pk=alert.acknowledged_by).exists()
        assert lead.owner or lead.attempt_count or answer_end(lead, alert.acknowledged_at) > now


def test_curves_are_plausible(folder: Path) -> None:
    make("--leads", "300", "--days", "90")
    levels = Counter(Lead.objects.values_list("level", flat=True))
    assert 0.01 < (levels[Level.E1] + levels[Level.E2]) / 300 < 0.09
    admitted = LeadEvent.objects.filter(kind=EventKind.STAGE_MOVED, data__to=Stage.ADMITTED)
    assert 0.15 < admitted.count() / 300 < 0.35


def test_whoever_is_on_call_can_be_woken(demo: None, settings: Any) -> None:
    """Or every page of a demo would begin with an alarm."""
    settings.SMS_CHANNEL = "file"
    nights = {shift.starts_at + timedelta(hours=4) for shift in Shift.objects.filter(on_call=1)}
    assert nights
    assert [night for night in nights if list(unreachable([Site.objects.get().pk], night))] == []
    assert all(DRAMA.fullmatch(way.address) for way in StaffChannel.objects.all())
