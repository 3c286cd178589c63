"""What is true of the desk whatever people, callers and the clock have done."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from crm.enums import Band, Disposition, EventKind, Level, PauseKind, Queue
from crm.leases import lease_of
from crm.models import Absence, CallBack, ContactAttempt, Lead, LeadEvent, Person, Site, User
from crm.selectors.counts import desk_counts
from crm.selectors.policies import policy_of
from crm.selectors.queues import Tab, page_ids
from crm.selectors.standing import moved_by
from crm.targets import UNPLACED_AFTER
from jobs.models import Job
from tests.crm.life.replay import ENQUIRIES, check_row_against, told_by

SECOND = timedelta(seconds=1)
LISTS = (Tab.URGENT, Tab.PREBOOKED, Tab.UNROUTED, Tab.REVIEW, Tab.ASIDE)
LONGEST_LEASE = lease_of(Level.P2)


def check_timelines(leads: Sequence[Lead]) -> None:
    """The events of each lead tell its row; no attempt and no enquiry vanishes, merged or not."""
    events = LeadEvent.objects.filter(lead__in=leads).order_by("id")
    of_lead: dict[object, list[LeadEvent]] = {lead.pk: [] for lead in leads}
    for event in events:
        of_lead[event.lead_id].append(event)
    tries = Counter(ContactAttempt.objects.filter(lead__in=leads).values_list("lead_id", flat=True))
    written = Counter(event.lead_id for event in events if event.kind == EventKind.CONTACT_ATTEMPTED)
    assert tries == written
    enquiries = Counter(event.lead_id for event in events if event.kind in ENQUIRIES)
    for lead in leads:
        check_row_against(lead, told_by(of_lead[lead.pk]))
        inside = _inside(lead, leads)
        assert lead.attempt_count == sum(tries[each.pk] for each in inside)
        assert lead.enquiry_count == sum(enquiries[each.pk] for each in inside)


def check_found_once(leads: Sequence[Lead], user: User, at: datetime) -> None:
    """An open lead stands in one list, and in one alone; whoever waits unplaced is urgent, too."""
    found: dict[object, set[Tab]] = {lead.pk: set() for lead in leads}
    for tab in LISTS:
        for pk in page_ids(tab, user, at, after=None, size=99):
            found[pk].add(tab)
    for lead in leads:
        assert found[lead.pk] == _lists_of(lead, at)


def check_back_in_time(leads: Sequence[Lead], user: User) -> None:
    """What is set aside has an end, at which it is in its queue again whatever runs; a job says so."""
    for lead in leads:
        if lead.pause:
            assert lead.paused_until is not None
            queue = Tab[Queue(lead.queue).name]
            assert lead.pk in page_ids(queue, user, lead.paused_until, after=None, size=99)
            job = {"kind": "crm.tasks.end_pause", "subject": lead.pk, "done_at": None}
            assert Job.objects.filter(**job, due_at__lte=lead.paused_until).exists()
            assert not Level(lead.level).is_emergency


def check_leases(leads: Sequence[Lead], at: datetime) -> None:
    """Whoever has a lead is there, and a job takes it back when the lease is over."""
    for lead in leads:
        if lead.owner_id:
            assert lead.is_open
            assert lead.lease_until is not None
            assert lead.lease_until <= at + LONGEST_LEASE
            assert not Absence.objects.filter(user=lead.owner_id, back_at=None).exists()
            job = {"kind": "crm.tasks.return_lease", "subject": lead.pk, "done_at": None}
            assert Job.objects.filter(**job, due_at__lte=lead.lease_until).exists()


def check_clocks(leads: Sequence[Lead], user: User, at: datetime) -> None:
    """Nobody's time has moved later by itself, and whoever waits too long is counted by time alone."""
    reopened = LeadEvent.objects.filter(lead__in=leads, kind=EventKind.REOPENED)
    was_over = reopened.exclude(data__disposition=Disposition.DUPLICATE).exists()
    for lead in leads:
        assert lead.clock_stopped_for >= timedelta()
        if lead.first_contact_at is None and lead.is_open:
            assert lead.awaits_contact
            assert was_over or lead.due_at <= lead.clock_ends_at, "late by the promise before it is due"
    later = max([at, *(lead.due_at for lead in leads)]) + SECOND
    late = [lead for lead in leads if _is_counted(lead, later)]
    assert desk_counts(user=user, at=later).overdue == len(late)


def check_left_alone(leads: Sequence[Lead]) -> None:
    """Whoever asked us to stop is stopped, and no call to them is planned."""
    people = {pk for lead in leads for pk in (lead.caller_id, lead.patient_id)}
    stopped = set(Person.objects.filter(pk__in=people, stopped_at__isnull=False).values_list("pk", flat=True))
    assert not CallBack.objects.filter(person__in=stopped, settled_at=None).exists()
    wishes = (EventKind.ASKED_TO_STOP, EventKind.MAY_CONTACT_AGAIN)
    for lead in leads:
        said = lead.events.filter(kind__in=wishes).order_by("id").last()
        if said and said.kind == EventKind.ASKED_TO_STOP:
            assert stopped & {lead.caller_id, lead.patient_id}


def check_order(site: Site) -> None:
    """Every open lead stands where the weights put it."""
    assert not moved_by(Lead.objects.filter(site=site, closed_at=None), policy_of(site.pk).weights).exists()


def _lists_of(lead: Lead, at: datetime) -> set[Tab]:
    if not lead.is_open:
        return set()
    if lead.is_paused(at):
        return {Tab.ASIDE}
    late = lead.queue == Queue.UNROUTED and lead.received_at < at - UNPLACED_AFTER
    return {Tab[Queue(lead.queue).name]} | ({Tab.URGENT} if late else set())


def _is_counted(lead: Lead, at: datetime) -> bool:
    """Return whether a lead is past its time and says so: urgent, and its clock not stopped."""
    stands = lead.pause == PauseKind.CLOCK and lead.is_paused(at)
    waits = lead.is_open and lead.queue == Queue.URGENT and lead.band <= Band.WAITING
    return waits and lead.due_at < at and not stands


def _inside(lead: Lead, leads: Sequence[Lead]) -> list[Lead]:
    """Return a lead, and all that went into it."""
    into = [each for each in leads if each.merged_into_id == lead.pk]
    return [lead, *(deeper for each in into for deeper in _inside(each, leads))]
