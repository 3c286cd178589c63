"""A desk with four people, leads, and a clock that only goes forward; what is true of it at every moment."""

from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from crm.enums import Level, Role
from crm.models import Lead, Site, User
from crm.refusals import Refusal
from crm.services.locking import locked
from crm.services.placements import Decision
from crm.tasks import end_pause as end_pause_task
from crm.tasks import remind_call_back, return_lease
from jobs.clock import database_now
from jobs.durable import Postpone
from jobs.models import Job
from tests.crm.life import truths
from tests.factories import MembershipFactory, SiteFactory, UserFactory

WHY = "They rang me directly, and said so."
MINUTE = timedelta(minutes=1)
TABLES = (
    "lead",
    "person",
    "leadevent",
    "contactattempt",
    "placement",
    "callback",
    "contactplan",
    "callerrequest",
)
ROWS = " UNION ALL ".join(
    f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM crm_{name} t" for name in TABLES
)
TASKS = {
    "crm.tasks.return_lease": return_lease,
    "crm.tasks.end_pause": end_pause_task,
    "crm.tasks.remind_call_back": remind_call_back,
}
LEADS, PEOPLE = st.integers(0, 3), st.integers(0, 3)
LEVELS, MINUTES = st.sampled_from(Level), st.sampled_from([1, 12, 45, 300, 1500, 5000])


class Machine(RuleBasedStateMachine):
    """What the rules of the other modules stand on. `act` does something to a lead; `staff` are four."""

    staff: list[User]

    def __init__(self) -> None:
        super().__init__()
        self.before = transaction.savepoint()
        self.at = database_now()
        self.site: Site = SiteFactory()
        roles = (Role.COORDINATOR, Role.COORDINATOR, Role.CLINICAL_LEAD, Role.MANAGER)
        for user, role in zip(self.staff, roles, strict=True):
            MembershipFactory(user=user, site=self.site, role=role)
        self.unplaced: list[Decision] = []

    def teardown(self) -> None:
        transaction.savepoint_rollback(self.before)

    @rule(minutes=MINUTES)
    def wait(self, minutes: int) -> None:
        self.at += minutes * MINUTE

    @rule()
    def work(self) -> None:
        """A worker does all that is due."""
        for job in Job.objects.filter(kind__in=TASKS, due_at__lte=self.at, done_at=None).order_by("due_at"):
            try:
                TASKS[job.kind](subject=job.subject, at=self.at)
            except Postpone as later:
                Job.objects.filter(pk=job.pk).update(due_at=later.until)
            else:
                Job.objects.filter(pk=job.pk).update(done_at=self.at)
        assert not Job.objects.filter(kind__in=TASKS, due_at__lte=self.at, done_at=None).exists()

    @invariant()
    def all_that_is_true(self) -> None:
        self.at += timedelta(seconds=1)
        leads, user = self.fresh(), self.staff[0]
        truths.check_timelines(leads)
        truths.check_found_once(leads, user, self.at)
        truths.check_back_in_time(leads, user)
        truths.check_leases(leads, self.at)
        truths.check_clocks(leads, user, self.at)
        truths.check_left_alone(leads)
        truths.check_order(self.site)

    def act(self, what: Callable[[Lead], object], n: int) -> bool:
        """Do something to a lead; return False when it was refused, which leaves no trace."""
        lead, before = self.one(n), self.rows()
        try:
            with transaction.atomic():
                what(lead)
        except Refusal:
            assert self.rows() == before
            return False
        return True

    def fresh(self) -> list[Lead]:
        found = Lead.objects.filter(site=self.site).select_related("caller", "patient", "owner")
        return list(found.order_by("received_at", "id"))

    def one(self, n: int) -> Lead:
        leads = self.fresh()
        return leads[n % len(leads)]

    def survivor(self, n: int) -> Lead:
        with transaction.atomic():
            return locked(self.one(n))

    def rows(self) -> list[tuple[object, ...]]:
        """Return a digest of each table that says something of a lead."""
        with connection.cursor() as cursor:
            cursor.execute(ROWS)
            return cursor.fetchall()


def four_people() -> list[User]:
    return [UserFactory() for _ in range(4)]
