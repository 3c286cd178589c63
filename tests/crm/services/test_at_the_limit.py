"""Limits of time at their very moment, and what has changed since it was looked at."""

from datetime import datetime, timedelta

import pytest

from crm.clocks import WARN_AT, is_warning, warns_before
from crm.enums import (
    BulkAction,
    CallBackKind,
    CallDirection,
    CallEnding,
    CallState,
    ContactMethod,
    ContactOutcome,
    Disposition,
    EventKind,
    Level,
    PauseKind,
    PauseReason,
)
from crm.models import Lead, Person, PhoneCall, Site, User
from crm.refusals import CallBackNotPossible, LeadIsOver, NothingToConfirm, PauseNotPossible, TooLateToUndo
from crm.safe_times import slot_at
from crm.selectors.call_backs import open_call_back
from crm.selectors.leads import pending_lowering
from crm.selectors.phone import NO_END_REPORTED
from crm.services.bulk import UNDO_WITHIN, Wanted, do_to_many, undo_batch
from crm.services.call_backs import FURTHEST, WishedCall, set_call_back
from crm.services.contact import Try, log_attempt
from crm.services.holds import clear_hold
from crm.services.levels import Change, confirm_lowering, decline_lowering, lower_level
from crm.services.pauses import LONGEST_STOP, Pause, end_pause, longest_snooze, pause_lead
from crm.services.phone_calls import Heard, note_call
from crm.services.queues import claim_lead, release_lead
from crm.services.stages import Closing, close_lead, reopen_lead
from crm.services.text_stops import honour_stop
from crm.telephony.news import CallNews
from jobs.clock import database_now
from notifications.enums import MessageKind, MessageState
from notifications.models import Message
from tests.factories import LeadFactory
from tests.factories.phone import NUMBER, PhoneLineFactory

pytestmark = pytest.mark.django_db
MINUTE, HOUR, INSTANT = timedelta(minutes=1), timedelta(hours=1), timedelta(microseconds=1)
WHY = "Seen by the clinical lead on the call."


def stop(lead: Lead, by: User, until: datetime, at: datetime) -> Lead:
    return pause_lead(lead=lead, by=by, pause=Pause(PauseKind.CLOCK, PauseReason.ASKED_LATER, until), at=at)


def attempt(lead: Lead, by: User, outcome: ContactOutcome, at: datetime) -> None:
    tried = Try(lead.caller, ContactMethod.CALL, outcome, two_way=outcome == ContactOutcome.SPOKE)
    log_attempt(lead=lead, by=by, attempt=tried, at=at)


class TestPauses:
    def test_a_clock_stops_for_fourteen_days_to_the_moment(self, site: Site, coordinator: User) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        with pytest.raises(PauseNotPossible):
            stop(lead, coordinator, at + LONGEST_STOP + INSTANT, at)
        assert stop(lead, coordinator, at + LONGEST_STOP, at).pause

    def test_a_snooze_may_go_on_to_the_leads_own_time(self, site: Site, coordinator: User) -> None:
        at = database_now()
        lead = stop(LeadFactory(site=site, level=Level.U1), coordinator, at + 9 * HOUR, at)
        end_pause(lead=lead, by=coordinator, at=at + 8 * HOUR)
        fresh = LeadFactory(site=site, level=Level.U1, due_at=at + 9 * HOUR)
        assert longest_snooze(fresh, at) == at + 9 * HOUR

    def test_the_clock_of_the_first_response_stands_only_until_that(
        self, site: Site, coordinator: User
    ) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        attempt(lead, coordinator, ContactOutcome.SPOKE, at)
        assert stop(lead, coordinator, at + HOUR, at).clock_stopped_for == timedelta()

    @pytest.mark.parametrize("late", [False, True])
    def test_a_promise_is_kept_at_its_very_moment(self, site: Site, coordinator: User, late: bool) -> None:
        lead = LeadFactory(site=site)
        attempt(lead, coordinator, ContactOutcome.SPOKE, lead.clock_ends_at + late * INSTANT)
        assert lead.events.get(kind=EventKind.FIRST_CONTACT).data["within_target"] is not late

    def test_a_lead_warns_from_the_moment_on(self) -> None:
        due = database_now()
        warned = due - warns_before(Level.U1, WARN_AT)
        assert [is_warning(Level.U1, due, at, WARN_AT) for at in (warned - INSTANT, warned)] == [False, True]

    def test_a_lead_that_nobody_has_placed_warns_as_u1(self) -> None:
        assert warns_before(None, WARN_AT) == warns_before(Level.U1, WARN_AT) == 30 * MINUTE * 34 / 100


class TestCallBacks:
    def test_a_call_is_set_for_the_next_sixty_days_to_the_moment(self, site: Site, coordinator: User) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        too_far = WishedCall(lead.caller, at + FURTHEST + INSTANT)
        with pytest.raises(CallBackNotPossible):
            set_call_back(lead=lead, by=coordinator, wish=too_far, at=at)
        furthest = WishedCall(lead.caller, at + FURTHEST)
        assert set_call_back(lead=lead, by=coordinator, wish=furthest, at=at).due_at == furthest.due_at

    def test_safety_calls_are_counted_anew_when_a_lead_is_closed_again(
        self, site: Site, coordinator: User
    ) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        for closed_at in (at, at + 30 * 24 * HOUR):
            closing = Closing(Disposition.CHOSE_ANOTHER, safety_at=closed_at + HOUR)
            close_lead(lead=lead, by=coordinator, closing=closing, at=closed_at)
            for tries in range(3):
                call = open_call_back(lead)
                assert call
                assert call.kind == CallBackKind.SAFETY
                attempt(lead, coordinator, ContactOutcome.NO_ANSWER, closed_at + HOUR + tries * 24 * HOUR)
            assert open_call_back(lead) is None
            reopen_lead(lead=lead, by=coordinator, reason=WHY, at=closed_at + 20 * 24 * HOUR)

    def test_a_vain_safety_call_is_written_down_and_tried_again_when_that_is_safe(
        self, site: Site, coordinator: User
    ) -> None:
        """Tomorrow at this hour is not: they named one half hour of the week."""
        at, lead = database_now(), LeadFactory(site=site)
        closing = Closing(Disposition.CHOSE_ANOTHER, safety_at=at + MINUTE)
        close_lead(lead=lead, by=coordinator, closing=closing, at=at)
        safe = [slot_at(at, site.time_zone)]
        Person.objects.filter(pk=lead.caller_id).update(safe_slots=safe)
        attempt(lead, coordinator, ContactOutcome.NO_ANSWER, at)
        call = open_call_back(lead)
        assert call
        assert call.due_at > at + 24 * HOUR
        assert slot_at(call.due_at, site.time_zone) in safe

    def test_a_vain_safety_call_is_written_down_where_no_other_would_be_safe(
        self, site: Site, coordinator: User
    ) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        closing = Closing(Disposition.CHOSE_ANOTHER, safety_at=at + MINUTE)
        close_lead(lead=lead, by=coordinator, closing=closing, at=at)
        Person.objects.filter(pk=lead.caller_id).update(may_call=False)
        vain = Try(
            lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False, override_reason=WHY
        )
        log_attempt(lead=lead, by=coordinator, attempt=vain, at=at)
        assert lead.attempts.count() == 1
        assert open_call_back(lead) is None


class TestHoldsAndLevels:
    def test_no_hold_is_cleared_on_a_lead_that_was_closed_meanwhile(
        self, site: Site, clinician: User
    ) -> None:
        at, lead = database_now(), LeadFactory(site=site, holds=["H-CLIN"])
        seen = Lead.objects.get(pk=lead.pk)
        close_lead(lead=lead, by=clinician, closing=Closing(Disposition.CHOSE_ANOTHER), at=at)
        with pytest.raises(LeadIsOver):
            clear_hold(lead=seen, by=clinician, hold="H-CLIN", reason=WHY, at=at)

    def test_a_hold_that_was_set_meanwhile_stays_when_another_is_cleared(
        self, site: Site, clinician: User
    ) -> None:
        lead = LeadFactory(site=site, holds=["H-CLIN"])
        seen = Lead.objects.get(pk=lead.pk)
        Lead.objects.filter(pk=lead.pk).update(holds=["H-CLIN", "H-SAFE"])
        assert clear_hold(lead=seen, by=clinician, hold="H-CLIN", reason=WHY, at=database_now()).holds == [
            "H-SAFE"
        ]

    @pytest.mark.parametrize("decide", [confirm_lowering, decline_lowering])
    def test_only_the_latest_request_to_lower_is_decided_upon(
        self, site: Site, coordinator: User, clinician: User, decide: object
    ) -> None:
        assert callable(decide)
        at, lead = database_now(), LeadFactory(site=site, level=Level.E1)
        asked = []
        for n, level in enumerate((Level.P2, Level.U1)):
            change = Change(level, "CLINICAL_JUDGEMENT", f"{WHY} {WHY}")
            lower_level(lead=lead, by=coordinator, change=change, at=at + n * MINUTE)
            request = pending_lowering(lead)
            assert request
            asked.append(request.pk)
        with pytest.raises(NothingToConfirm):
            decide(lead=lead, by=clinician, asked=asked[0], at=at + HOUR)
        decide(lead=lead, by=clinician, asked=asked[1], at=at + HOUR)
        assert Lead.objects.get(pk=lead.pk).level == (Level.U1 if decide is confirm_lowering else Level.E1)


class TestPhone:
    @pytest.fixture
    def missed(self, site: Site) -> PhoneCall:
        return _note(site, CallState.MISSED, database_now())

    def test_a_call_at_another_site_is_no_answer(self, missed: PhoneCall) -> None:
        _note(PhoneLineFactory().site, CallState.CONNECTED, missed.started_at + MINUTE)
        missed.refresh_from_db()
        assert missed.settled_at is None

    @pytest.mark.parametrize(
        ("waited", "ending"), [(NO_END_REPORTED, ""), (NO_END_REPORTED + INSTANT, CallEnding.PAIRED)]
    )
    def test_a_call_that_still_rings_is_not_taken_for_a_missed_one(
        self, site: Site, waited: timedelta, ending: str
    ) -> None:
        at = database_now()
        ringing = _note(site, CallState.RINGING, at)
        _note(site, CallState.CONNECTED, at + waited)
        ringing.refresh_from_db()
        assert ringing.ending == ending

    def test_stop_cancels_what_waits_to_be_sent_about_a_closed_lead(self, site: Site) -> None:
        lead = LeadFactory(site=site, closed=True)
        message = Message.objects.create(
            kind=MessageKind.SIGNPOST_PACK,
            channel="email",
            to=lead.caller.email,
            context={},
            dedupe_key="a",
            about=lead.pk,
            created_at=database_now(),
        )
        honour_stop(number=lead.caller.phone_e164, at=database_now())
        message.refresh_from_db()
        assert message.state == MessageState.CANCELLED
        assert Person.objects.get(pk=lead.caller_id).stopped_at


class TestBulk:
    def test_a_batch_is_undone_for_ten_minutes_to_the_moment(self, site: Site, coordinator: User) -> None:
        at = database_now()
        wanted = Wanted(BulkAction.SNOOZE, minutes=30, reason=PauseReason.TRY_AGAIN)
        batch = do_to_many(leads=[LeadFactory(site=site)], wanted=wanted, by=coordinator, at=at)
        with pytest.raises(TooLateToUndo):
            undo_batch(batch=batch, by=coordinator, at=at + UNDO_WITHIN + INSTANT)
        undo_batch(batch=batch, by=coordinator, at=at + UNDO_WITHIN)
        assert not Lead.objects.get().is_paused(at)

    def test_a_lead_that_was_given_back_and_taken_again_stays_with_them(
        self, site: Site, coordinator: User, clinician: User
    ) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        wanted = Wanted(BulkAction.ASSIGN, to=clinician)
        batch = do_to_many(leads=[lead], wanted=wanted, by=coordinator, at=at)
        release_lead(lead=lead, by=clinician, at=at + MINUTE)
        claim_lead(lead=lead, by=clinician, at=at + 2 * MINUTE)
        undo_batch(batch=batch, by=coordinator, at=at + 3 * MINUTE)
        assert Lead.objects.get().owner == clinician
        assert batch.items.get().undo_refusal

    def test_a_lead_that_was_set_aside_anew_stays_aside(self, site: Site, coordinator: User) -> None:
        at, lead = database_now(), LeadFactory(site=site)
        wanted = Wanted(BulkAction.SNOOZE, minutes=30, reason=PauseReason.TRY_AGAIN)
        batch = do_to_many(leads=[lead], wanted=wanted, by=coordinator, at=at)
        end_pause(lead=lead, by=coordinator, at=at + MINUTE)
        stop(lead, coordinator, at + 9 * HOUR, at + 2 * MINUTE)
        undo_batch(batch=batch, by=coordinator, at=at + 3 * MINUTE)
        assert Lead.objects.get().paused_until == at + 9 * HOUR
        assert batch.items.get().undo_refusal


def _note(site: Site, state: CallState, at: datetime) -> PhoneCall:
    line = PhoneLineFactory(site=site)
    news = CallNews(f"{state}-{at}", CallDirection.IN, NUMBER, state, is_over=state == CallState.MISSED)
    return note_call(heard=Heard.on(line, news.id), news=news, at=at)
