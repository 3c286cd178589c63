"""Contact attempts: permanent, inside the safe-contact rules, and the only thing that stops the clock."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from crm.enums import ContactMethod, ContactOutcome, EventKind, Level, Stage
from crm.leases import lease_of
from crm.models import ContactAttempt, Lead, Person, Site, User
from crm.refusals import (
    ContactNotSafe,
    LeadInReview,
    LeadIsOver,
    NothingWritten,
    NotTwoWay,
    OnlyClinicianSetsAside,
    ReasonTooShort,
)
from crm.safe_times import slot_at
from crm.services.contact import Try, add_note, log_attempt
from crm.targets import FOLLOW_UP_AFTER
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory

MINUTE = timedelta(minutes=1)
SPOKE = {"method": ContactMethod.CALL, "outcome": ContactOutcome.SPOKE, "two_way": True}
NO_ANSWER = {"method": ContactMethod.CALL, "outcome": ContactOutcome.NO_ANSWER, "two_way": False}


def a_try(lead: Lead, what: dict[str, Any], **more: Any) -> Try:
    return Try(person=more.pop("person", lead.caller), **(what | more))


def test_two_way_contact_stops_the_clock_and_moves_the_lead(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, received_at=at - 12 * MINUTE)
    log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, SPOKE), at=at)
    lead.refresh_from_db()
    assert (lead.first_contact_at, lead.stage, lead.attempt_count) == (at, Stage.CONTACTED, 1)
    assert lead.due_at == at + FOLLOW_UP_AFTER
    assert lead.events.get(kind=EventKind.FIRST_CONTACT).data == {"minutes": 12.0, "within_target": True}
    assert lead.events.get(kind=EventKind.STAGE_MOVED).data == {"from": "NEW", "to": "CONTACTED"}


def test_first_contact_after_the_promise_is_noted_as_late(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, received_at=at - 121 * MINUTE)
    log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, SPOKE), at=at)
    assert lead.events.get(kind=EventKind.FIRST_CONTACT).data == {"minutes": 121.0, "within_target": False}


def test_an_attempt_without_answer_does_not_stop_the_clock(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site)
    written = log_attempt(
        lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER, note=" Rang twice "), at=at
    )
    due_at = lead.due_at
    lead.refresh_from_db()
    assert (lead.first_contact_at, lead.stage, lead.attempt_count) == (None, Stage.NEW, 1)
    assert lead.due_at == due_at
    assert ContactAttempt.objects.get(pk=written.pk).note == "Rang twice"
    assert lead.events.get(kind=EventKind.CONTACT_ATTEMPTED).data == {
        "attempt": str(written.pk),
        "method": "CALL",
        "outcome": "NO_ANSWER",
        "two_way": False,
        "rules_set_aside": False,
    }


def test_a_later_conversation_moves_the_follow_up_and_keeps_the_first_contact(
    site: Site, coordinator: User
) -> None:
    at = database_now()
    lead = LeadFactory(site=site, contacted=True, first_contact_at=at, stage=Stage.ASSESSING)
    log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, SPOKE), at=at + MINUTE)
    lead.refresh_from_db()
    assert (lead.first_contact_at, lead.stage) == (at, Stage.ASSESSING)
    assert lead.due_at == at + MINUTE + FOLLOW_UP_AFTER
    assert not lead.events.filter(kind=EventKind.FIRST_CONTACT).exists()


@pytest.mark.parametrize(
    "method",
    [ContactMethod.CALL, ContactMethod.VOICEMAIL, ContactMethod.TEXT, ContactMethod.EMAIL],
)
def test_a_way_that_was_not_called_safe_is_refused(
    site: Site, coordinator: User, method: ContactMethod
) -> None:
    caller = PersonFactory(may_call=False, may_voicemail=False, may_text=False, may_email=False)
    lead = LeadFactory(site=site, caller=caller)
    attempt = a_try(lead, NO_ANSWER, method=method)
    with pytest.raises(ContactNotSafe, match="did not say that a"):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert not lead.attempts.exists()


def test_the_rules_can_be_set_aside_with_a_reason(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_voicemail=False))
    reason = "Ambulance crew asked us to"
    attempt = a_try(lead, NO_ANSWER, method=ContactMethod.VOICEMAIL, override_reason=reason)
    written = log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert written.override_reason == reason
    assert lead.events.get(kind=EventKind.CONTACT_ATTEMPTED).data["rules_set_aside"] is True


def test_a_reason_to_set_the_rules_aside_is_more_than_a_word(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_voicemail=False))
    attempt = a_try(lead, NO_ANSWER, method=ContactMethod.VOICEMAIL, override_reason="  urgent   ")
    with pytest.raises(ReasonTooShort):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())


def test_a_reason_that_was_not_needed_is_not_kept(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    attempt = a_try(lead, NO_ANSWER, override_reason="Typed for no reason")
    written = log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert written.override_reason == ""


def test_the_person_discussed_is_not_contacted_before_they_agree(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(no_contact=True, may_call=True))
    attempt = a_try(lead, SPOKE, person=lead.patient)
    with pytest.raises(ContactNotSafe, match="must not be contacted"):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())


@pytest.mark.parametrize(
    "outcome",
    [
        ContactOutcome.NO_ANSWER,
        ContactOutcome.LEFT_MESSAGE,
        ContactOutcome.SENT,
        ContactOutcome.WRONG_NUMBER,
    ],
)
def test_an_outcome_without_an_answer_is_not_two_way(
    site: Site, coordinator: User, outcome: ContactOutcome
) -> None:
    lead = LeadFactory(site=site)
    with pytest.raises(NotTwoWay):
        log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, SPOKE, outcome=outcome), at=database_now())


def test_an_attempt_on_a_closed_lead_is_refused(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, closed=True)
    with pytest.raises(LeadIsOver):
        log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER), at=database_now())


def test_an_attempt_renews_the_lease_of_its_owner_only(site: Site, coordinator: User, manager: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, owner=coordinator, lease_until=at + MINUTE)
    log_attempt(lead=lead, by=manager, attempt=a_try(lead, NO_ANSWER), at=at)
    lead.refresh_from_db()
    assert lead.lease_until == at + MINUTE
    log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER), at=at)
    lead.refresh_from_db()
    assert lead.lease_until == at + lease_of(Level.U2)


def test_an_attempt_is_permanent(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER), at=database_now())
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        lead.attempts.update(two_way=True)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        lead.attempts.all().delete()


def test_a_note_is_kept_on_the_timeline_and_renews_no_lease(site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, owner=coordinator, lease_until=at + MINUTE)
    event = add_note(lead=lead, by=coordinator, text=" Prefers mornings ", at=at)
    lead.refresh_from_db()
    assert (event.kind, event.note, event.by) == (EventKind.NOTE_ADDED, "Prefers mornings", coordinator)
    assert lead.lease_until == at + MINUTE


def test_an_empty_note_is_refused(site: Site, coordinator: User) -> None:
    with pytest.raises(NothingWritten):
        add_note(lead=LeadFactory(site=site), by=coordinator, text=" \n", at=database_now())


def test_a_person_of_another_lead_is_refused(site: Site, coordinator: User) -> None:
    lead, stranger = LeadFactory(site=site), PersonFactory(may_call=True)
    attempt = Try(stranger, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    with pytest.raises(ContactNotSafe):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())


def test_what_is_safe_is_asked_of_the_database_and_not_of_an_old_page(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=True))
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    Person.objects.update(may_call=False)
    with pytest.raises(ContactNotSafe):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())


@pytest.mark.parametrize("two_way", [True, False])
def test_a_voicemail_never_stops_the_clock(site: Site, coordinator: User, two_way: bool) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_voicemail=True))
    attempt = Try(lead.caller, ContactMethod.VOICEMAIL, ContactOutcome.SPOKE, two_way=two_way)
    with pytest.raises(NotTwoWay):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())


def test_nobody_is_called_from_review_before_somebody_accepts_it(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, review=True)
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, two_way=True)
    with pytest.raises(LeadInReview):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())


def test_a_call_outside_the_times_that_they_called_safe_is_refused(site: Site, coordinator: User) -> None:
    at = database_now()
    away_from_now = [slot for slot in range(336) if abs(slot - slot_at(at, site.time_zone)) > 2]
    caller = PersonFactory(safe_times="Not at this hour", safe_slots=away_from_now)
    lead = LeadFactory(site=site, caller=caller)
    with pytest.raises(ContactNotSafe, match="not safe at this time"):
        log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER), at=at)
    reason = "He rang and asked for it himself"
    written = log_attempt(
        lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER, override_reason=reason), at=at
    )
    assert written.override_reason == reason


def test_times_that_only_a_person_can_read_refuse_nothing(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(safe_times="when he is out", safe_slots=[]))
    assert log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER), at=database_now()).pk


def test_whoever_comes_to_us_breaks_no_rule(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False), holds=["H-SAFE"])
    attempt = a_try(lead, SPOKE, inbound=True)
    written = log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert (written.inbound, written.override_reason) == (True, "")


@pytest.mark.parametrize(("hold", "whom"), [("H-CONSENT", "patient"), ("H-SAFE", "caller")])
def test_what_a_hold_forbids_only_a_clinician_sets_aside(
    site: Site, coordinator: User, clinician: User, hold: str, whom: str
) -> None:
    caller = PersonFactory(may_voicemail=False)
    lead = LeadFactory(site=site, caller=caller, patient=PersonFactory(), holds=[hold])
    reason = "There is a serious risk to life"
    attempt = a_try(lead, NO_ANSWER, person=getattr(lead, whom), method=ContactMethod.VOICEMAIL)
    with pytest.raises(ContactNotSafe):
        log_attempt(lead=lead, by=clinician, attempt=attempt, at=database_now())
    attempt = replace(attempt, override_reason=reason)
    with pytest.raises(OnlyClinicianSetsAside, match=hold):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert log_attempt(lead=lead, by=clinician, attempt=attempt, at=database_now()).override_reason == reason


def test_the_hold_alone_keeps_the_person_discussed_from_being_contacted(
    site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(may_call=True), holds=["H-CONSENT"])
    attempt = a_try(lead, NO_ANSWER, person=lead.patient)
    with pytest.raises(ContactNotSafe, match="not agreed"):
        log_attempt(lead=lead, by=coordinator, attempt=attempt, at=database_now())
    assert log_attempt(lead=lead, by=coordinator, attempt=a_try(lead, NO_ANSWER), at=database_now()).pk
