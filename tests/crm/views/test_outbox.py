"""What a browser kept while it had no connection, and sends by itself: once, and answered with a status."""

from uuid import uuid4

import pytest
from django.test import Client

from crm.models import ContactAttempt, Lead, LeadEvent, Site, User
from tests.factories import LeadFactory
from tests.pages import text_of

OUTBOX = {"X-Desk-Outbox": "yes"}


def notes_of(lead: Lead) -> list[str]:
    return [event.note for event in LeadEvent.objects.filter(lead=lead, kind="NOTE_ADDED")]


def test_a_note_that_arrives_twice_is_stored_once(desk: Client, site: Site) -> None:
    lead, sent = LeadFactory(site=site), {"text": "They called back.", "key": str(uuid4())}
    for _ in range(3):
        answer = desk.post(f"/desk/leads/{lead.reference}/notes/", sent, headers=OUTBOX)
        assert (answer.status_code, answer.content) == (204, b"")
    assert notes_of(lead) == ["They called back."]
    assert "That had reached us already" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))


def test_a_double_press_without_scripts_is_stored_once(desk: Client, site: Site) -> None:
    lead, sent = LeadFactory(site=site), {"text": "They called back.", "key": str(uuid4())}
    for _ in range(2):
        assert desk.post(f"/desk/leads/{lead.reference}/notes/", sent).status_code == 302
    assert notes_of(lead) == ["They called back."]


def test_other_words_with_an_old_key_are_never_dropped(desk: Client, site: Site) -> None:
    lead, key = LeadFactory(site=site), str(uuid4())
    for text in ("First.", "Second."):
        desk.post(f"/desk/leads/{lead.reference}/notes/", {"text": text, "key": key})
    assert sorted(notes_of(lead)) == ["First.", "Second."]


def test_an_attempt_that_arrives_twice_counts_once(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    sent = {"person": str(lead.caller_id), "method": "CALL", "outcome": "NO_ANSWER", "key": str(uuid4())}
    for _ in range(2):
        desk.post(f"/desk/leads/{lead.reference}/attempts/", sent, headers=OUTBOX)
    lead.refresh_from_db()
    assert (ContactAttempt.objects.count(), lead.attempt_count) == (1, 1)


def test_what_was_refused_is_taken_once_the_reason_is_gone(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, review=True)
    sent = {"person": str(lead.caller_id), "method": "CALL", "outcome": "NO_ANSWER", "key": str(uuid4())}
    path = f"/desk/leads/{lead.reference}/attempts/"
    assert desk.post(path, sent, headers=OUTBOX).status_code == 409
    Lead.objects.filter(pk=lead.pk).update(queue="URGENT", level="U1")
    assert desk.post(path, sent, headers=OUTBOX).status_code == 204
    assert ContactAttempt.objects.count() == 1


def test_one_who_was_signed_out_hears_so(client: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    answer = client.post(f"/desk/leads/{lead.reference}/notes/", {"text": "x"}, headers=OUTBOX)
    assert answer.status_code == 401


def test_a_lead_of_another_site_stays_unknown(client: Client, site: Site, outsider: User) -> None:
    lead = LeadFactory(site=site)
    client.force_login(outsider)
    answer = client.post(f"/desk/leads/{lead.reference}/notes/", {"text": "x"}, headers=OUTBOX)
    assert answer.status_code == 404
    assert notes_of(lead) == []


@pytest.mark.parametrize("key", ["", "not-a-key"])
def test_a_form_without_a_key_is_taken_as_it_is(desk: Client, site: Site, key: str) -> None:
    lead = LeadFactory(site=site)
    desk.post(f"/desk/leads/{lead.reference}/notes/", {"text": "They called back.", "key": key})
    assert notes_of(lead) == ["They called back."]
