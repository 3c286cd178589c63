"""The canary: an enquiry of our own goes the whole way every few minutes, and its coming through is watched.

form (over the network) → lead → urgent queue → alert, handed to the sink. What cannot be seen by looking at
each part alone shows here: a web server that nobody can reach, rules that place nothing, an outbox that lies
still. It is a real enquiry in all but its site (crm.canary).
"""

import time
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.urls import reverse

from crm.canary import CANARY_SITE
from crm.enums import AlarmKind, Queue
from crm.models import Lead
from crm.models.lead import OPEN
from crm.services.alarms import end_alarm, raise_alarm
from crm.services.canary import delete_canary_leads, put_away
from intake.canary_token import canary_token
from intake.canary_visit import Visit, VisitFailed
from intake.enums import CanaryStage
from intake.models import CanaryRun, Enquiry
from intake.selectors.audit import was_at_work
from intake.selectors.canary import BOUNDS, canary_state, period, runs
from intake.services.screening import is_own_trap
from jobs.clock import database_now
from jobs.durable import Postpone
from jobs.services.enqueue import enqueue_job
from notifications.channels.deadline import Deadline
from notifications.enums import DeliveryOutcome
from notifications.models import Delivery

SEND, FOLLOW = "intake.tasks.send_canary", "intake.tasks.follow_canary"
STARTING = timedelta(seconds=20)
SOON = timedelta(seconds=20)
LOOK_AGAIN = timedelta(seconds=3)
EARLY = timedelta(seconds=30)  # the sweep comes once a minute, never on the second
PAUSE = 0.5  # seconds between two tries at a web server that is just starting
LEAST = 2.0  # seconds for a try: with less, the reason would be our own haste
LOST = timedelta(minutes=2)
KEPT = timedelta(days=7)
BATCH = 500
ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('intake.services.canary'))"
# A landline that Ofcom keeps for drama: nobody has it. Its words say what it is, wherever they might turn up.
PHONE = "01632 960 999"
WORDS = "An automatic check of this form. Nobody sent it, and nobody needs to be called."


def send_canary(*, at: datetime) -> None:
    """Send one if it is time. Whatever goes wrong on the way is the run's outcome."""
    _put_away_the_lost(at)
    run = _begin(at)
    if run is None:
        return
    try:
        _visit(run, at)
    except VisitFailed as error:
        CanaryRun.objects.filter(pk=run.pk).update(reason=error.reason)
    else:
        CanaryRun.objects.filter(pk=run.pk, ended_at=None).update(form_at=database_now(), reason="")


@transaction.atomic
def follow_canary(*, run_id: UUID, at: datetime) -> None:
    """Write down how far it came, and end it when it is there, or too late. Until then raises Postpone."""
    run = CanaryRun.objects.select_for_update().get(pk=run_id)
    if run.ended_at:
        return
    lead = _find(run)
    run.missed = _missed(run, at) or ""
    if not run.missed and run.alerted_at is None:
        raise Postpone(at + LOOK_AGAIN)
    run.ended_at = at
    if not run.missed:
        run.reason = ""
    run.save()
    if lead:
        put_away(lead=lead, at=at)
    if run.missed:
        _send_another(run, at)
    settle_alarm(at=at)


def settle_alarm(*, at: datetime) -> None:
    """Raise the alarm while the canary is one, end it when one has come through or none is to be sent."""
    act = raise_alarm if canary_state(at).is_alarm else end_alarm
    act(kind=AlarmKind.CANARY_LATE, site=None, at=at)


def delete_old_canaries(*, at: datetime) -> int:
    """Delete what canaries left behind a week ago; return how many leads that were."""
    deleted = 0
    while batch := _old_leads(at):
        with transaction.atomic():
            Enquiry.objects.filter(lead__in=batch, site=CANARY_SITE).delete()
            delete_canary_leads(batch)
        deleted += len(batch)
    Enquiry.objects.filter(site=CANARY_SITE, lead=None, received_at__lt=at - KEPT).delete()
    CanaryRun.objects.filter(begun_at__lt=at - KEPT).delete()
    return deleted


def _old_leads(at: datetime) -> list[UUID]:
    old = Lead.objects.filter(site=CANARY_SITE, received_at__lt=at - KEPT)
    return list(old.order_by("received_at").values_list("pk", flat=True)[:BATCH])


def _send_another(run: CanaryRun, at: datetime) -> None:
    enqueue_job(kind=SEND, subject=None, due_at=at + SOON, dedupe_key=f"after missed:{run.pk}")


def _put_away_the_lost(at: datetime) -> None:
    """End what came after nobody followed it any more: it would be alerted of for ever."""
    for lead in Lead.objects.filter(OPEN, site=CANARY_SITE, received_at__lt=at - LOST):
        put_away(lead=lead, at=at)


@transaction.atomic
def _begin(at: datetime) -> CanaryRun | None:
    """Begin a run, with the job that follows it, if the latest is long enough ago: one process at a time.

    Not right after a start, when the web server may not answer yet.
    """
    with connection.cursor() as cursor:
        cursor.execute(ONE_AT_A_TIME)
    if not settings.CANARY_MINUTES or not was_at_work(at, for_=STARTING) or not _is_time(runs().first(), at):
        return None
    run = CanaryRun.objects.create(begun_at=at)
    enqueue_job(kind=FOLLOW, subject=run.pk, due_at=at + LOOK_AGAIN, dedupe_key=f"follow:{run.pk}")
    return run


def _is_time(latest: CanaryRun | None, at: datetime) -> bool:
    """After one that was missed the next is sent soon, so that the alarm ends soon."""
    if latest is None:
        return True
    return at - latest.begun_at >= (timedelta(minutes=1) if latest.missed else period()) - EARLY


def _visit(run: CanaryRun, at: datetime) -> None:
    """Open the form and send it, again and again until it is too late: a server may be starting."""
    form = reverse("intake:urgent")  # reads all addresses the first time: that is no part of the visit
    give_up_at = time.monotonic() + BOUNDS[CanaryStage.FORM].total_seconds()
    while True:
        try:
            return _fill_in_and_send(run, form, at, Deadline(give_up_at - time.monotonic()))
        except VisitFailed:
            if time.monotonic() + PAUSE + LEAST >= give_up_at:
                raise
        time.sleep(PAUSE)


def _fill_in_and_send(run: CanaryRun, form: str, at: datetime, deadline: Deadline) -> None:
    """Do what a visitor does. The key is written down first: whatever comes of the form is found by it.

    A form that is not ours gets nothing: there our token would be worth nothing, and somebody would call.
    """
    visit = Visit(deadline)
    hidden = visit.hidden_fields(form)
    if not is_own_trap(hidden.get("shown_at", "")):
        raise VisitFailed("NotOurForm")
    run.key = run.key or hidden["idempotency_key"]
    CanaryRun.objects.filter(pk=run.pk).update(key=run.key)
    mark = {"idempotency_key": run.key, "canary": canary_token(run.key, at)}
    visit.send(form, hidden | _said(run) | mark)


def _said(run: CanaryRun) -> dict[str, str]:
    """Return what it says: something that the rules call urgent, under a name that no other one has."""
    return {
        "enquirer": "self",
        "happening": "thoughts_of_suicide",
        "free_text": WORDS,
        "phone": PHONE,
        "name": f"Canary {run.pk.hex[-8:]}",
        "safe_ways": "call",
    }


def _find(run: CanaryRun) -> Lead | None:
    """Write on the run how far it has come; return its lead."""
    enquiry = Enquiry.objects.select_related("lead").filter(idempotency_key=run.key, site=CANARY_SITE).first()
    if enquiry is None:
        return None
    lead = enquiry.lead
    run.form_at = run.form_at or enquiry.received_at
    run.lead_at = enquiry.linked_at
    if lead and lead.queue == Queue.URGENT:
        run.placed_at, run.alerted_at = lead.placed_at, _handed_over_at(lead)
    return lead


def _handed_over_at(lead: Lead) -> datetime | None:
    taken = Delivery.objects.filter(message__about=lead.pk, outcome=DeliveryOutcome.ACCEPTED)
    return taken.order_by("finished_at").values_list("finished_at", flat=True).first()


def _missed(run: CanaryRun, at: datetime) -> CanaryStage | None:
    """Return the first stage that was late, or is by now."""
    for stage, bound in BOUNDS.items():
        begin = run.begun_at if stage == CanaryStage.FORM else run.form_at
        if begin and (run.at_stage(stage) or at) - begin > bound:
            return stage
    return None
