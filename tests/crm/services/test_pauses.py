"""Setting a lead aside: it comes back by the clock, whether or not anything runs."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import (
    ContactMethod,
    ContactOutcome,
    Disposition,
    EventKind,
    Level,
    PauseKind,
    PauseReason,
    Queue,
    ReasonCode,
)
from crm.event_words import event_details
from crm.models import Lead, Site, User
from crm.promises import aside_in_words, promise_of
from crm.refusals import (
    AlreadySetAside,
    EmergencyWaitsForNobody,
    LeadIsOver,
    NotPlacedYet,
    NotSetAside,
    PauseNotPossible,
)
from crm.selectors.counts import desk_counts
from crm.selectors.queues import Tab, page_ids
from crm.services.caller_requests import Page, ask_for_sooner_call
from crm.services.contact import Try, log_attempt
from crm.services.levels import Change, raise_level
from crm.services.pauses import LONGEST_STOP, Pause, end_pause, longest_snooze, pause_lead
from crm.services.queues import claim_lead, take_next
from crm.services.stages import Closing, close_lead
from crm.tasks import end_pause as end_pause_task
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory, SiteFactory

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def stop(until: datetime, reason: PauseReason = PauseReason.ASKED_LATER) -> Pause:
    return Pause(PauseKind.CLOCK, reason, until)


def snooze(until: datetime) -> Pause:
    return Pause(PauseKind.SNOOZE, PauseReason.TRY_AGAIN, until)


def kinds_of(lead: Lead) -> list[str]:
    return list(lead.events.order_by("occurred_at", "id").values_list("kind", flat=True))


def urgent(user: User, at: datetime) -> list[Any]:
    return page_ids(Tab.URGENT, user, at, after=None, size=9)


def test_a_stopped_clock_stands_still_and_goes_on_by_itself(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U2)
    due, promise = lead.due_at, lead.respond_by
    lead = pause_lead(lead=lead, by=coordinator, pause=stop(at + 5 * HOUR), at=at)
    assert (lead.due_at, lead.respond_by) == (due + 5 * HOUR, promise), "the promise itself never moves"
    assert promise_of(lead, at + HOUR).words == "clock stopped"
    assert not lead.is_overdue(promise + 5 * HOUR - MINUTE)
    assert lead.is_overdue(promise + 5 * HOUR + MINUTE)
    assert urgent(coordinator, at + 5 * HOUR - MINUTE) == []
    assert urgent(coordinator, at + 5 * HOUR) == [lead.pk], "no job has run"


def test_a_snoozed_lead_is_away_keeps_its_time_and_still_counts_as_late(
    site: Site, coordinator: User
) -> None:
    at = database_now()
    lead = LeadFactory(site=site, level=Level.U1, received_at=at - HOUR)
    place = lead.band, lead.due_at
    lead = pause_lead(lead=lead, by=coordinator, pause=snooze(at + 20 * MINUTE), at=at)
    assert (lead.band, lead.due_at) == place
    assert urgent(coordinator, at) == []
    assert take_next(by=coordinator, queue=Queue.URGENT, at=at) is None
    assert desk_counts(user=coordinator, at=at).overdue == 1
    assert page_ids(Tab.ASIDE, coordinator, at, after=None, size=9) == [lead.pk]
    assert urgent(coordinator, at + 20 * MINUTE) == [lead.pk]


def test_a_lead_with_its_clock_stopped_is_not_late(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, level=Level.U1, received_at=at - HOUR)
    pause_lead(lead=lead, by=coordinator, pause=stop(at + HOUR), at=at)
    counts = desk_counts(user=coordinator, at=at)
    assert (counts.overdue, counts.warned) == (0, 0)
    assert desk_counts(user=coordinator, at=at + HOUR).overdue == 1, "it was late before, and is again"


def test_to_set_aside_is_on_the_timeline_with_words_and_gives_the_lead_back(
    site: Site, coordinator: User
) -> None:
    at, lead = database_now(), LeadFactory(site=site, taken=True, owner=coordinator)
    pause = Pause(PauseKind.CLOCK, PauseReason.WAITS_FOR_OTHERS, at + HOUR, " The GP calls back. ")
    lead = pause_lead(lead=lead, by=coordinator, pause=pause, at=at)
    event = lead.events.get(kind=EventKind.CLOCK_STOPPED)
    assert (event.by, event.note) == (coordinator, "The GP calls back.")
    assert event_details(event)[1] == "It waits for somebody else's answer."
    assert "GP" not in str(event.data)
    assert (lead.owner, lead.lease_until) == (None, None)
    assert aside_in_words(lead, at) == "Clock stopped, back in 1 hour: it waits for somebody else's answer"
    assert aside_in_words(lead, at + HOUR) == ""


def test_a_job_says_when_a_pause_is_over(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    pause_lead(lead=lead, by=coordinator, pause=stop(at + HOUR), at=at)
    job = Job.objects.get(kind="crm.tasks.end_pause")
    assert (job.subject, job.due_at) == (lead.pk, at + HOUR)
    end_pause_task(subject=lead.pk, at=at + HOUR - MINUTE)
    lead.refresh_from_db()
    assert lead.pause == PauseKind.CLOCK, "not yet"
    for _ in range(2):
        end_pause_task(subject=lead.pk, at=at + HOUR + MINUTE)
    lead.refresh_from_db()
    assert (lead.pause, lead.paused_until, lead.clock_stopped_for) == ("", None, HOUR)
    assert kinds_of(lead).count(EventKind.CLOCK_GOES_ON) == 1
    assert lead.events.get(kind=EventKind.CLOCK_GOES_ON).occurred_at == at + HOUR


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pauses=st.lists(
        st.tuples(st.integers(1, 500), st.integers(0, 600), st.booleans()), min_size=1, max_size=4
    )
)
def test_the_clock_leaves_out_exactly_the_time_for_which_it_stood(
    coordinator: User, pauses: list[tuple[int, int, bool]]
) -> None:
    """However often it is stopped, and however early somebody brings the lead back."""
    at = database_now()
    lead = LeadFactory(site=SiteFactory(), level=Level.P2)
    due, stood = lead.due_at, timedelta()
    for length, later, stops in pauses:
        until = at + length * MINUTE
        pause_lead(lead=lead, by=coordinator, pause=stop(until) if stops else snooze(until), at=at)
        ended = min(until, at + later * MINUTE)
        if ended < until:
            end_pause(lead=lead, by=coordinator, at=ended)
        else:
            end_pause_task(subject=lead.pk, at=ended)
        stood += ended - at if stops else timedelta()
        at = ended
    lead.refresh_from_db()
    assert (lead.due_at, lead.clock_stopped_for) == (due + stood, stood)
    assert (lead.pause, lead.paused_at) == ("", None)


def test_whoever_brings_it_back_undoes_it(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    due = lead.due_at
    pause_lead(lead=lead, by=coordinator, pause=stop(at + HOUR), at=at)
    lead = end_pause(lead=lead, by=coordinator, at=at)
    assert (lead.due_at, lead.clock_stopped_for) == (due, timedelta())
    assert lead.events.get(kind=EventKind.CLOCK_GOES_ON).by == coordinator
    with pytest.raises(NotSetAside):
        end_pause(lead=lead, by=coordinator, at=at)


@pytest.mark.parametrize("level", [Level.E1, Level.E2])
@pytest.mark.parametrize("make", [stop, snooze])
def test_an_emergency_is_never_set_aside(site: Site, coordinator: User, level: Level, make: Any) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=level)
    with pytest.raises(EmergencyWaitsForNobody):
        pause_lead(lead=lead, by=coordinator, pause=make(at + MINUTE), at=at)
    pause = {"pause": PauseKind.SNOOZE, "paused_at": at, "paused_until": at + HOUR}
    with pytest.raises(DatabaseError, match="emergency_is_never_set_aside"), transaction.atomic():
        Lead.objects.filter(pk=lead.pk).update(**pause)


def test_what_cannot_be_set_aside_is_refused(site: Site, coordinator: User) -> None:
    at = database_now()

    def refused(refusal: type[Exception], wanted: Pause, **state: Any) -> None:
        with pytest.raises(refusal):
            pause_lead(lead=LeadFactory(site=site, **state), by=coordinator, pause=wanted, at=at)

    soon = snooze(at + MINUTE)
    refused(NotPlacedYet, soon, unrouted=True)
    refused(NotPlacedYet, soon, review=True)
    refused(LeadIsOver, soon, closed=True)
    refused(PauseNotPossible, snooze(at))
    refused(PauseNotPossible, stop(at + LONGEST_STOP + MINUTE))
    refused(PauseNotPossible, stop(at + HOUR, PauseReason.TRY_AGAIN))
    aside = {"pause": PauseKind.SNOOZE, "paused_at": at, "paused_until": at + HOUR}
    refused(AlreadySetAside, soon, **aside)


def test_a_snooze_is_no_longer_than_a_promise(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, level=Level.U1, received_at=at - 2 * HOUR)
    assert longest_snooze(lead, at) == at + 30 * MINUTE
    with pytest.raises(PauseNotPossible, match="no longer than the promise"):
        pause_lead(lead=lead, by=coordinator, pause=snooze(at + 31 * MINUTE), at=at)
    pause_lead(lead=lead, by=coordinator, pause=snooze(at + 30 * MINUTE), at=at)


@pytest.mark.parametrize("what", ["raised", "sooner", "spoken", "closed", "taken"])
def test_whatever_makes_it_more_pressing_or_ends_it_brings_it_back(
    site: Site, coordinator: User, what: str
) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U2)
    pause_lead(lead=lead, by=coordinator, pause=stop(at + HOUR), at=at)
    spoke = Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    page = Page(enquiry=lead.reference, opened_lead=True)
    later = at + 10 * MINUTE
    {
        "raised": lambda: raise_level(
            lead=lead, by=coordinator, change=Change(Level.E1, ReasonCode.TOLD_ON_CALL), at=later
        ),
        "sooner": lambda: ask_for_sooner_call(lead=lead, page=page, at=later),
        "spoken": lambda: log_attempt(lead=lead, by=coordinator, attempt=spoke, at=later),
        "taken": lambda: claim_lead(lead=lead, by=coordinator, at=later),
        "closed": lambda: close_lead(
            lead=lead, by=coordinator, closing=Closing(Disposition.CHOSE_ANOTHER), at=later
        ),
    }[what]()
    lead.refresh_from_db()
    stood = timedelta() if what == "raised" else 10 * MINUTE  # for the new promise no clock has stood
    assert (lead.pause, lead.clock_stopped_for) == ("", stood)
    assert EventKind.CLOCK_GOES_ON in kinds_of(lead)


def test_a_failed_try_leaves_it_set_aside(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    pause_lead(lead=lead, by=coordinator, pause=snooze(at + HOUR), at=at)
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=at)
    lead.refresh_from_db()
    assert lead.is_paused(at)


def test_the_first_contact_is_in_time_by_the_clock_that_ran(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    pause_lead(lead=lead, by=coordinator, pause=stop(at + 3 * HOUR), at=at)
    spoke = Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    log_attempt(lead=lead, by=coordinator, attempt=spoke, at=at + 3 * HOUR + 20 * MINUTE)
    assert lead.events.get(kind=EventKind.FIRST_CONTACT).data["within_target"] is True
