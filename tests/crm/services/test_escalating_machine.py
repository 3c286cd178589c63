"""Random interleavings of alerts, clocks, lost jobs and answers, against a plain model of who must be told.

The model knows moments and people; it does not know rows, jobs, locks or keys. Whatever happens: everybody
who is due is told once and nobody else, nothing is told after somebody answered, only the first answer
counts, and after an outage each person gets one message, whatever the number of leads.
"""

import os
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from crm.enums import Disposition, EventKind, Level, Role
from crm.models import Lead, LeadEvent, Site, User
from crm.refusals import Refusal
from crm.services.acknowledging import acknowledge, acknowledge_as_told
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step, sweep_escalations
from crm.services.queues import claim_lead
from crm.services.stages import Closing, close_lead
from jobs.clock import database_now
from jobs.models import Job
from notifications.enums import Acknowledgement
from notifications.models import Escalation, Message
from notifications.selectors import open_escalation
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory, SiteFactory

EXAMPLES = 200 if os.environ.get("FAULTS") == "long" else 15
MOST_LEADS = 3
OUTAGE = 60  # seconds late
# What ships for U1, written out: after how many seconds who is told, then managers and both on call every
# five minutes.
TOLD_AT = {0: {"desk", "first"}, 120: {"second", "desk", "listed"}, 300: {"boss", "first", "second"}}
REPEAT = 300
PEOPLE = {"desk": None, "first": 1, "second": 2}
WAYS = st.sampled_from(["desk", "link", "claim"])
ANYBODY = st.sampled_from(["desk", "first", "second", "listed", "boss"])


@dataclass
class Expected:
    """One alert as the model sees it: its lead, when it began, until when all were told, and who has it."""

    lead: Lead
    began: int
    done: int = 0
    told: Counter[str] = field(default_factory=Counter)
    answered_by: str = ""
    is_over: bool = False

    def moments(self, now: int) -> list[int]:
        """The seconds at which somebody is due and has not been told."""
        elapsed = now - self.began
        every = [*TOLD_AT, *range(300 + REPEAT, max(elapsed, 300) + 1, REPEAT)]
        return [moment for moment in every if self.done < moment <= elapsed]

    def following(self) -> int:
        """The seconds after which somebody is due next."""
        return next(
            (moment for moment in TOLD_AT if moment > self.done),
            300 + REPEAT * ((self.done - 300) // REPEAT + 1),
        )


class Alerts(RuleBasedStateMachine):
    """The machine. Time is a number of seconds that only moves when the machine says so."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        self.start, self.now = database_now(), 0
        self.expected: list[Expected] = []
        self.messages = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    @property
    def at(self) -> datetime:
        return self.start + timedelta(seconds=self.now)

    @initialize()
    def staff(self) -> None:
        self.site: Site = SiteFactory()
        self.users: dict[str, User] = {}
        for name in ("desk", "first", "second", "listed", "boss"):
            role = Role.MANAGER if name == "boss" else Role.COORDINATOR
            alerts = name in {"desk", "listed"}
            email = f"{name}@threshold.example"
            member = MembershipFactory(site=self.site, role=role, gets_alerts=alerts, user__email=email)
            self.users[name] = member.user
        ends = self.start + timedelta(days=30)
        for name, place in PEOPLE.items():
            ShiftFactory(site=self.site, user=self.users[name], on_call=place, ends_at=ends)

    @precondition(lambda self: len(self.expected) < MOST_LEADS)
    @rule()
    def an_alert_begins(self) -> None:
        lead = LeadFactory(site=self.site, level=Level.U1, received_at=self.at)
        alert_staff(lead=lead, key=str(lead.pk), at=self.at)
        alert = Expected(lead, self.now)
        alert.told.update(TOLD_AT[0])
        self.expected.append(alert)
        self._expect_messages(Counter(TOLD_AT[0]))

    @rule(seconds=st.sampled_from([1, 59, 60, 61, 119, 120, 121, 180, 300, 1800]))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds

    @rule(times=st.integers(1, 3))
    def the_jobs_run(self, times: int) -> None:
        """Each as often as a broker may deliver it."""
        due = self._due()
        for chain in list(Escalation.objects.filter(ended_at=None).order_by("pk")):
            for _ in range(times):
                run_step(escalation=chain.pk, at=self.at)
        self._expect_told(due)

    @rule()
    def the_jobs_are_lost_and_the_sweep_comes(self) -> None:
        Job.objects.all().delete()
        swept = [alert for alert in self._due() if self._late_by(alert) >= 10]
        sweep_escalations(at=self.at)
        self._expect_told(swept)

    @precondition(lambda self: self.expected)
    @rule(which=st.integers(0, MOST_LEADS - 1), who=ANYBODY, way=WAYS)
    def somebody_answers(self, which: int, who: str, way: str) -> None:
        alert = self.expected[which % len(self.expected)]
        chain = Escalation.objects.get(about=alert.lead.pk)
        try:
            if way == "link":
                acknowledge_as_told(
                    escalation=chain, by=self.users[who], how=Acknowledgement.LINK, at=self.at
                )
            else:
                act = claim_lead if way == "claim" else acknowledge
                act(lead=alert.lead, by=self.users[who], at=self.at)
        except Refusal:
            assert alert.answered_by or alert.is_over
        if not alert.is_over and not alert.answered_by:
            alert.answered_by = who

    @precondition(lambda self: self.expected)
    @rule(which=st.integers(0, MOST_LEADS - 1))
    def the_lead_is_closed(self, which: int) -> None:
        alert = self.expected[which % len(self.expected)]
        if not alert.is_over:
            closing = Closing(Disposition.NOT_NOW)
            close_lead(lead=alert.lead, by=self.users["boss"], closing=closing, at=self.at)
            alert.is_over = True

    @invariant()
    def rows_say_what_the_model_says(self) -> None:
        for alert in self.expected:
            chain = Escalation.objects.get(about=alert.lead.pk)
            goes_on = not alert.answered_by and not alert.is_over
            assert (open_escalation(alert.lead.pk) is not None) == goes_on
            holder = self.users[alert.answered_by].pk if alert.answered_by else None
            assert chain.acknowledged_by == holder
            answers = LeadEvent.objects.filter(lead=alert.lead, kind=EventKind.ACKNOWLEDGED)
            assert answers.count() == (1 if alert.answered_by else 0)
            if goes_on:
                due = self.start + timedelta(seconds=alert.began + alert.following())
                assert chain.next_at == due
                assert chain.red_at == self.start + timedelta(seconds=alert.began + 300)

    def _due(self) -> list[Expected]:
        running = [alert for alert in self.expected if not alert.answered_by and not alert.is_over]
        return [alert for alert in running if alert.moments(self.now)]

    def _late_by(self, alert: Expected) -> int:
        return self.now - alert.began - alert.moments(self.now)[0]

    def _expect_told(self, alerts: list[Expected]) -> None:
        """Everybody who is due, once a lead; once for all leads together that are overdue by a minute."""
        got: Counter[str] = Counter()
        overdue: set[str] = set()
        for alert in alerts:
            moments = alert.moments(self.now)
            people = {name for moment in moments for name in TOLD_AT[min(moment, 300)]}
            if self._late_by(alert) >= OUTAGE:
                overdue |= people
            else:
                got.update(people)
            alert.told.update(people)
            alert.done = moments[-1]
        got.update(overdue)
        self._expect_messages(got)

    def _expect_messages(self, expected: Counter[str]) -> None:
        messages = list(Message.objects.order_by("id"))[self.messages :]
        got = Counter(message.to.partition("@")[0] for message in messages)
        self.messages += len(messages)
        assert got == expected


@pytest.mark.django_db
def test_whoever_is_due_is_told_once_until_somebody_answers() -> None:
    run_state_machine_as_test(
        Alerts,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
