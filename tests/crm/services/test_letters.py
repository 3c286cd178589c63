"""Ready-made words: in the right voice, with no clinical word, and only by a way that is safe."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import CallerRole, ContactMethod, ContactOutcome
from crm.models import Lead, Site, User
from crm.refusals import ContactNotSafe, NoCallBack, SentAlready
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.letters import letters_for, send_letter
from intake.content.never_say import ALWAYS, MEDICINES
from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.factories import ContactAttemptFactory, LeadFactory, PersonFactory

TELLING = ("rehab", "detox", "alcohol", "drug", "clinic", "treatment", "admission", "addict", "referral")
ROLES = (CallerRole.SELF, CallerRole.LOVED_ONE, CallerRole.PROFESSIONAL)


def with_call(site: Site, by: User, **more: Any) -> Lead:
    lead = LeadFactory(site=site, **more)
    at = database_now()
    wish = WishedCall(lead.caller, at + timedelta(hours=5))
    set_call_back(lead=lead, by=by, wish=wish, at=at)
    return lead


def send(lead: Lead, by: User, kind: MessageKind = MessageKind.CALLER_TRIED) -> None:
    send_letter(lead=lead, by=by, kind=kind, at=database_now())


@pytest.mark.parametrize("role", ROLES)
def test_no_letter_says_what_it_is_about(site: Site, coordinator: User, role: CallerRole) -> None:
    letters = letters_for(with_call(site, coordinator, caller_role=role), database_now())
    assert [letter.kind for letter in letters] == [
        MessageKind.CALLER_TRIED,
        MessageKind.CALLER_CALL_BACK,
        MessageKind.CALLER_OPEN_DOOR,
    ]
    for letter in letters:
        words = f"{letter.subject} {letter.body} {letter.text}".lower()
        assert not [telling for telling in TELLING if telling in words]
        assert not [rule for rule in (*ALWAYS, MEDICINES) if rule.found_in(words)]
        assert site.phone in words


def test_somebody_who_writes_about_another_hears_that_we_told_nobody(site: Site) -> None:
    lead = LeadFactory(site=site, caller_role=CallerRole.LOVED_ONE, patient=PersonFactory())
    assert "told nobody else" in letters_for(lead, database_now())[0].body
    assert "told nobody else" not in letters_for(LeadFactory(site=site), database_now())[0].body


def test_a_letter_goes_out_by_the_outbox_and_is_logged(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    send(lead, coordinator)
    message, attempt = Message.objects.get(), lead.attempts.get()
    assert (message.to, message.about) == (lead.caller.email, lead.pk)
    assert lead.reference in render_message(message).text
    assert (attempt.method, attempt.outcome, attempt.two_way) == (
        ContactMethod.EMAIL,
        ContactOutcome.SENT,
        False,
    )


def test_the_same_letter_goes_out_once(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    send(lead, coordinator)
    with pytest.raises(SentAlready):
        send(lead, coordinator)
    assert Message.objects.count() == lead.attempts.count() == 1


@pytest.mark.parametrize("caller", [{"may_email": False}, {"no_contact": True}, {"email": ""}])
def test_nothing_goes_where_e_mail_is_not_safe(site: Site, coordinator: User, caller: dict[str, Any]) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(**caller))
    assert letters_for(lead, database_now())[0].no_email
    with pytest.raises(ContactNotSafe):
        send(lead, coordinator)
    assert not Message.objects.exists()
    assert not lead.attempts.exists()


def test_a_call_that_nobody_agreed_is_not_announced(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    assert MessageKind.CALLER_CALL_BACK not in [letter.kind for letter in letters_for(lead, database_now())]
    with pytest.raises(NoCallBack):
        send(lead, coordinator, MessageKind.CALLER_CALL_BACK)
    assert not lead.attempts.exists()


def two_people(site: Site, **patient: Any) -> Lead:
    son = PersonFactory(name="Sid Sample", **patient)
    return LeadFactory(site=site, caller_role=CallerRole.LOVED_ONE, patient=son)


def test_the_person_discussed_is_written_to_as_themselves(site: Site, coordinator: User) -> None:
    lead = two_people(site)
    letter = letters_for(lead, database_now(), lead.patient)[0]
    assert "told nobody else" not in letter.body
    send_letter(lead=lead, by=coordinator, kind=MessageKind.CALLER_TRIED, at=database_now(), to=lead.patient)
    message, attempt = Message.objects.get(), lead.attempts.get()
    assert (message.to, attempt.person) == (lead.patient.email, lead.patient)
    send(lead, coordinator)  # their letter does not stand in the way of the caller's
    assert Message.objects.count() == 2


@pytest.mark.parametrize("patient", [{"no_contact": True}, {"may_email": False}, {"email": ""}])
def test_nobody_discussed_is_written_to_without_agreement_or_a_safe_address(
    site: Site, coordinator: User, patient: dict[str, Any]
) -> None:
    lead = two_people(site, **patient)
    assert letters_for(lead, database_now(), lead.patient)[0].no_email
    with pytest.raises(ContactNotSafe):
        send_letter(
            lead=lead, by=coordinator, kind=MessageKind.CALLER_TRIED, at=database_now(), to=lead.patient
        )
    assert not Message.objects.exists()


def test_nobody_is_thanked_for_getting_in_touch_who_has_not(site: Site, coordinator: User) -> None:
    lead = two_people(site)

    def kinds() -> list[MessageKind]:
        return [letter.kind for letter in letters_for(lead, database_now(), lead.patient)]

    assert MessageKind.CALLER_OPEN_DOOR not in kinds()
    ContactAttemptFactory(lead=lead, person=lead.patient, outcome=ContactOutcome.SPOKE, two_way=True)
    assert MessageKind.CALLER_OPEN_DOOR in kinds()


def test_a_call_agreed_with_one_is_not_announced_to_the_other(site: Site, coordinator: User) -> None:
    lead, at = two_people(site), database_now()
    wish = WishedCall(lead.patient, at + timedelta(hours=5))
    set_call_back(lead=lead, by=coordinator, wish=wish, at=at)
    assert MessageKind.CALLER_CALL_BACK in [each.kind for each in letters_for(lead, at, lead.patient)]
    assert MessageKind.CALLER_CALL_BACK not in [each.kind for each in letters_for(lead, at)]
