"""Somebody has an alert: it ends. That is not contact yet: the clock of the first response goes on."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from crm.enums import EventKind
from crm.leases import answer_end
from crm.models import Lead, LeadEvent, User
from crm.refusals import NothingToAcknowledge, SomebodyHasAnswered
from crm.selectors.answers_given import BY_WORK
from crm.selectors.lapses import has_forgotten
from crm.services.pulse import touch_queues
from jobs.services.enqueue import enqueue_job
from notifications.enums import Acknowledgement, EscalationEnd
from notifications.models import Escalation
from notifications.selectors import latest_escalation, open_escalation
from notifications.services.escalations import acknowledge_escalation, end_escalation

CHECK = "crm.tasks.check_answer"


@dataclass(frozen=True, slots=True)
class Answer:
    """Who has an alert, and since when; nobody, if it ended otherwise. `first`: by this very act.

    `noted`: by somebody who had it before and let it lapse; it goes on until somebody else answers.
    """

    first: bool
    by: User | None
    at: datetime | None
    noted: bool = False


NOTED = Answer(first=False, by=None, at=None, noted=True)


@transaction.atomic
def acknowledge(*, lead: Lead, by: User, at: datetime) -> bool:
    """Say at the desk that one has the alert about a lead; return False if others are told all the same.

    They are when one has had it before, and let it lapse.

    Raises SomebodyHasAnswered when a colleague was quicker, NothingToAcknowledge when none goes on.
    """
    locked = Lead.objects.select_for_update(of=("self",)).get(pk=lead.pk)
    running = open_escalation(lead.pk)
    if running:
        return _say(running, locked, by, Acknowledgement.DESK, at)
    latest = latest_escalation(lead.pk)
    if latest and latest.acknowledged_by and latest.acknowledged_at:
        raise SomebodyHasAnswered(
            str(User.objects.get(pk=latest.acknowledged_by)), is_you=latest.acknowledged_by == by.pk
        )
    raise NothingToAcknowledge


@transaction.atomic
def acknowledge_as_told(*, escalation: Escalation, by: User, how: Acknowledgement, at: datetime) -> Answer:
    """Say without signing in, by what an alert brought, that one has it: a link, a key, a text, a tap.

    Of two people at once, one is first; both learn who.
    """
    lead = Lead.objects.select_for_update(of=("self",)).get(pk=escalation.about)
    chain = Escalation.objects.get(pk=escalation.pk)
    if chain.ended_at is not None:
        return answer_of(chain)
    first = _say(chain, lead, by, how, at)
    chain.refresh_from_db()
    return NOTED if chain.ended_at is None else answer_of(chain, first=first)


def answer_of(escalation: Escalation, *, first: bool = False) -> Answer:
    """Return who has an alert."""
    by = User.objects.filter(pk=escalation.acknowledged_by).first() if escalation.acknowledged_by else None
    return Answer(first, by, escalation.acknowledged_at)


def answer_alert(*, lead: Lead, by: User, how: Acknowledgement, at: datetime) -> bool:
    """Whoever takes a lead, or tries to reach somebody, has its alert. The lead is locked by the caller."""
    running = open_escalation(lead.pk)
    return running is not None and _answer(running.pk, lead, by, how, at)


def end_alert(*, lead: Lead, why: EscalationEnd, at: datetime) -> None:
    """Alert nobody any more about a locked lead, although nobody has answered."""
    running = open_escalation(lead.pk)
    if running and end_escalation(escalation=running.pk, why=why, at=at):
        LeadEvent.objects.create(lead=lead, kind=EventKind.ALERT_ENDED, occurred_at=at, data={"why": why})
        touch_queues()


def _say(chain: Escalation, lead: Lead, by: User, how: Acknowledgement, at: datetime) -> bool:
    """End an open alert about a locked lead; only note it, of whoever has let the lead lapse already."""
    if not has_forgotten(lead, by):
        return _answer(chain.pk, lead, by, how, at)
    said = lead.events.filter(kind=EventKind.ACKNOWLEDGED, by=by, occurred_at__gte=chain.started_at)
    if not said.exists():
        data = _said(how, chain.started_at, at) | {"goes_on": True}
        LeadEvent.objects.create(lead=lead, kind=EventKind.ACKNOWLEDGED, by=by, occurred_at=at, data=data)
        touch_queues()
    return False


def _said(how: Acknowledgement, began: datetime, at: datetime) -> dict[str, object]:
    return {"how": how, "seconds": round((at - began).total_seconds())}


def _answer(escalation: UUID, lead: Lead, by: User, how: Acknowledgement, at: datetime) -> bool:
    if not acknowledge_escalation(escalation=escalation, by=by.pk, how=how, at=at):
        return False
    began = Escalation.objects.values_list("started_at", flat=True).get(pk=escalation)
    data = _said(how, began, at)
    LeadEvent.objects.create(lead=lead, kind=EventKind.ACKNOWLEDGED, by=by, occurred_at=at, data=data)
    if how not in BY_WORK:
        check_answer_later(escalation, lead, at)
    touch_queues()
    return True


def check_answer_later(escalation: UUID, lead: Lead, since: datetime) -> None:
    """Somebody may say that they have it, and fall asleep: see crm.services.unkept_answers."""
    key = f"answer-kept:{escalation}:{since.isoformat()}"
    enqueue_job(kind=CHECK, subject=escalation, due_at=answer_end(lead, since), dedupe_key=key)
