"""A day at the desk: enquiries arrive, workers do their jobs, and eight coordinators answer, all at once.

The database's clock moves in steps of a quarter of an hour; within a step everybody acts in a thread of
their own. What each of them believes they did is kept, to be held against what is stored.
"""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from uuid import UUID

from django.db import InterfaceError, OperationalError, connection
from django.test import Client
from psycopg.errors import DeadlockDetected

from crm.enums import AwayReason, ContactMethod, ContactOutcome, Disposition, Queue
from crm.models import Lead, Site, User
from crm.refusals import Refusal
from crm.services.absences import come_back, go_away
from crm.services.contact import Try, log_attempt
from crm.services.handing import take_over
from crm.services.queues import claim_lead, release_lead, take_next
from crm.services.stages import Closing, close_lead
from intake.services.repair import link_stranded_enquiries
from intake.services.submission import Submission, submit_enquiry
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import OPEN, Job
from jobs.services.leases import claim
from jobs.services.running import run_job
from tests.factories.enquiries import CALM, DRINKER, IN_DANGER, submission

KINDS = ("intake.tasks.place_lead", "crm.tasks.return_lease", "crm.tasks.end_pause")
CONNECTION_LOST = (OperationalError, InterfaceError)
SAID = (CALM, CALM, CALM, DRINKER, DRINKER, CALM | {"suicide": "thoughts_safe_now"}, IN_DANGER)
REACHED, MISSED = ContactOutcome.SPOKE, ContactOutcome.NO_ANSWER
CUT = """
    SELECT count(pg_terminate_backend(pid)) FROM (
        SELECT pid FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND xact_start < clock_timestamp()
          AND backend_type = 'client backend' ORDER BY xact_start LIMIT 1) AS one
"""


@dataclass
class Ledger:
    """What people believe: who took which lead, and whom they spoke with when."""

    taken: list[tuple[UUID, UUID]] = field(default_factory=list)
    tries: list[tuple[UUID, bool, datetime]] = field(default_factory=list)
    figures: Counter[str] = field(default_factory=Counter)


@dataclass
class Coordinator:
    """One of the eight. Half of them work through the pages, half as the API does: through the services."""

    user: User
    chance: Random
    ledger: Ledger
    desk: Client | None
    is_away: bool = False

    def work(self) -> None:
        """Do what fits into one step. A lost connection ends it, as it does a request."""
        try:
            self._work()
        except CONNECTION_LOST as error:
            connection.close()
            if isinstance(error.__cause__, DeadlockDetected):
                raise
            self.ledger.figures["acts cut short"] += 1

    def _work(self) -> None:
        if self.is_away:
            come_back(user=self.user, by=self.user, at=database_now())
            self.is_away = False
        if self.chance.random() < 0.03:
            go_away(user=self.user, reason=AwayReason.BREAK, by=self.user, at=database_now())
            self.is_away = True
            self.ledger.figures["times away"] += 1
            return
        for _ in range(self.chance.choice((1, 2, 2, 3))):
            lead = self._take()
            if lead is None or self.chance.random() < 0.06:
                return  # nothing to do, or called away from the screen with the lead in hand
            self._answer(lead)

    def _take(self) -> Lead | None:
        queue = Queue.URGENT if self.chance.random() < 0.6 else Queue.PREBOOKED
        other = Queue.PREBOOKED if queue == Queue.URGENT else Queue.URGENT
        lead = self._next(queue) or self._next(other)
        if lead:
            self.ledger.taken.append((lead.pk, self.user.pk))
        return lead

    def _next(self, queue: Queue) -> Lead | None:
        if self.desk is None:
            return take_next(by=self.user, queue=queue, at=database_now())
        sent_to = self._press("/desk/take-next/", {"queue": queue})
        if not sent_to.startswith("/desk/leads/"):
            return None
        return Lead.objects.select_related("caller").get(reference=sent_to.split("/")[3])

    def _answer(self, lead: Lead) -> None:
        reached = self.chance.random() < 0.6
        self._try(lead, REACHED if reached else MISSED)
        if reached and self.chance.random() < 0.6:
            closing = Closing(Disposition.NOT_NOW)
            close_lead(lead=lead, by=self.user, closing=closing, at=database_now())
            self.ledger.figures["closed"] += 1
        else:
            self._give_back(lead)

    def _try(self, lead: Lead, outcome: ContactOutcome) -> None:
        at = database_now()
        self.ledger.tries.append((lead.pk, outcome == REACHED, at))
        if self.desk is None:
            tried = Try(lead.caller, ContactMethod.CALL, outcome, two_way=False)
            log_attempt(lead=lead, by=self.user, attempt=tried, at=at)
            return
        said = {"person": str(lead.caller_id), "method": "CALL", "outcome": outcome}
        said["key"] = str(UUID(int=self.chance.getrandbits(128), version=4))
        for _ in range(2 if self.chance.random() < 0.3 else 1):
            self._press(f"/desk/leads/{lead.reference}/attempts/", said)
            self.ledger.figures["forms sent"] += 1

    def _press(self, path: str, said: dict[str, str]) -> str:
        """Send a form and return where it leads. Raises OperationalError for the page that says 503."""
        assert self.desk
        response = self.desk.post(path, said)
        if response.status_code == 503:
            raise OperationalError
        assert response.status_code == 302, response.content
        return response["Location"]

    def _give_back(self, lead: Lead) -> None:
        try:
            release_lead(lead=lead, by=self.user, at=database_now())
        except Refusal:  # a colleague took it over meanwhile
            self.ledger.figures["given back too late"] += 1


@dataclass
class Day:
    """The front door, the workers and the desk of one site."""

    site: Site
    people: list[Coordinator]
    chance: Random
    ledger: Ledger
    sent: list[Submission] = field(default_factory=list)

    def arrive(self, count: int) -> None:
        """Hand in so many new enquiries; now and then one twice, and one from somebody who wrote before."""
        for _ in range(count):
            repeat = len(self.sent) > 20 and self.chance.random() < 0.03
            number = self.chance.randrange(len(self.sent)) if repeat else len(self.sent)
            who = {"name": f"Caller {number}", "phone": f"07{400_000_000 + number}", "email": ""}
            key = str(UUID(int=self.chance.getrandbits(128), version=4))
            new = submission(self.site, key=key, said=self.chance.choice(SAID), **who)
            self.sent.append(new)
            self.hand_in(new)
            if self.chance.random() < 0.05:
                self.hand_in(new)
                self.ledger.figures["enquiries sent twice"] += 1

    def hand_in(self, new: Submission) -> None:
        """Press the button until it works."""
        try:
            submit_enquiry(submission=new, at=database_now())
        except CONNECTION_LOST:
            connection.close()
            self.ledger.figures["enquiries sent again"] += 1
            self.hand_in(new)

    def do_jobs(self) -> None:
        """Run what is due, as the workers do; now and then one dies with a job in its hands."""
        try:
            link_stranded_enquiries(at=database_now())
            due = Job.objects.filter(OPEN, kind__in=KINDS, due_at__lte=database_now()).order_by("due_at")
            found = list(due.values_list("pk", "kind"))
        except CONNECTION_LOST:
            connection.close()
            return
        for job, kind in found:
            if self.chance.random() < 0.02:
                claim(job=job, kind=kind, seconds=kind_named(kind).lease)  # and never heard of again
                self.ledger.figures["workers that died"] += 1
            else:
                run_job(job=job, kind=kind_named(kind))

    def two_on_one(self) -> None:
        """Let two people reach for one lead at the same moment; then one takes over what the other has."""
        lead = Lead.objects.filter(stage="NEW", owner=None).exclude(queue=Queue.REVIEW).first()
        if lead is None:
            return
        won = together([lambda each=each: self._claim(lead, each) for each in self.people[:2]])
        assert won.count(True) == 1
        self.ledger.figures["two on one lead"] += 1
        loser = self.people[won.index(False)]
        take_over(lead=lead, by=loser.user, reason="They rang me directly.", at=database_now())
        self.ledger.taken.append((lead.pk, loser.user.pk))

    def _claim(self, lead: Lead, who: Coordinator) -> bool:
        try:
            claim_lead(lead=lead, by=who.user, at=database_now())
        except Refusal:
            return False
        self.ledger.taken.append((lead.pk, who.user.pk))
        return True

    def cut_a_connection(self) -> None:
        """End the connection of somebody who is in the middle of a transaction."""
        for _ in range(200):
            with connection.cursor() as cursor:
                cursor.execute(CUT)
                if cursor.fetchone()[0]:
                    self.ledger.figures["connections cut"] += 1
                    return
            time.sleep(0.01)


def together(acts: Sequence[Callable[[], object]]) -> list[object]:
    """Do all of it at once, each in a thread with a connection of its own; return what came of each."""

    def alone(act: Callable[[], object]) -> object:
        try:
            return act()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(alone, acts))
