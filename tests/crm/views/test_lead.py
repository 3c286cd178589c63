"""A lead's page: why it is here, what was said and told, who may be told what, and who read it."""

from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.enums import CallerRole, ContactMethod, ContactOutcome, EventKind, Level
from crm.models import Lead, LeadAccess, LeadReference, Site, User
from crm.references import new_reference
from crm.services.contact import Try, log_attempt
from jobs.clock import database_now
from notifications.models import Message
from tests.factories import (
    ContactAttemptFactory,
    LeadEventFactory,
    LeadFactory,
    PersonFactory,
    PlacementFactory,
)
from tests.pages import text_of

ANSWERS = {
    "age_band": "unknown",
    "suicide": "thoughts_safe_now",
    "symptoms": ["tremor", "paranoia_voices"],
    "substances": [{"name": "ghb_gbl", "freq": "daily", "hours_since_last": 30, "status": "stopped"}],
    "free_text": "I can't sleep.\n<b>Help</b>",
}


def url(lead: Lead) -> str:
    return f"/desk/leads/{lead.reference}/"


def test_the_page_says_why_the_lead_is_here(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, level=Level.U1, holds=["H-CLIN"])
    PlacementFactory(
        lead=lead,
        rules=[{"id": "x", "reason": "Regular GHB/GBL use", "level": "U1"}],
        decided_at=database_now(),
    )
    text = text_of(desk.get(url(lead)))
    for words in ("Regular GHB/GBL use", "Urgent, call within 30 minutes", "Rules 2026-01", "H-CLIN"):
        assert words in text
    assert "A clinician clears a stay first" in text


def test_answers_are_in_words_and_escaped(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    PlacementFactory(lead=lead, answers=ANSWERS, decided_at=database_now())
    page = desk.get(url(lead)).content.decode()
    assert "&lt;b&gt;Help&lt;/b&gt;" in page
    text = text_of(page)
    for words in (
        "GHB or GBL",
        "every day, last 30 hours before the enquiry, has stopped",
        "Shaking; Hearing voices, or paranoid",
        "Thoughts of suicide, says they are safe for now",
        "Age Not known yet: ask",
    ):
        assert words in text


def test_what_the_caller_was_told_is_shown_word_for_word(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    told = [{"key": "MALC", "text": "Do not stop drinking suddenly."}]
    LeadEventFactory(
        lead=lead,
        kind=EventKind.REPEAT_ENQUIRY,
        data={"enquiry": lead.reference, "channel": "WEB", "flags": ["HAS_LINK"], "told": told},
    )
    text = text_of(desk.get(url(lead)))
    assert "Do not stop drinking suddenly." in text
    assert "Flagged: a link in the message." in text


def test_ways_that_are_not_safe_are_refused_in_words(desk: Client, site: Site) -> None:
    caller = PersonFactory(
        name="Alex Doe", may_call=True, may_voicemail=False, contact_note="After six, ask for Jo"
    )
    lead = LeadFactory(site=site, caller=caller)
    page = desk.get(url(lead)).content.decode()
    assert f'href="tel:{caller.phone_e164}"' in page
    for words in (
        'class="refused">No voicemail<',
        'class="refused">No text messages<',
        "After six, ask for Jo",
    ):
        assert words in page


def test_a_number_that_is_not_safe_to_call_is_no_link(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False))
    page = desk.get(url(lead)).content.decode()
    assert "tel:" not in page
    assert "calls are not safe" in page


def test_the_person_discussed_is_not_contacted_and_their_number_not_shown(desk: Client, site: Site) -> None:
    patient = PersonFactory(name="Jamie Doe", no_contact=True)
    lead = LeadFactory(site=site, patient=patient, caller_role=CallerRole.LOVED_ONE, holds=["H-CONSENT"])
    text = text_of(desk.get(url(lead)))
    assert "Do not contact Jamie Doe: they have not agreed to it." in text
    assert "You cannot tell them anything about Jamie Doe" in text
    assert patient.phone not in text


def test_the_history_holds_events_attempts_and_messages(desk: Client, site: Site, coordinator: User) -> None:
    at = database_now()
    lead = LeadFactory(site=site)
    log_attempt(
        lead=lead,
        by=coordinator,
        attempt=Try(lead.caller, ContactMethod.CALL, ContactOutcome.SPOKE, True, "Wants to come on Monday"),
        at=at,
    )
    for number in range(2):
        Message.objects.create(
            kind="URGENT_LEAD_ALERT",
            channel="EMAIL",
            to="someone@threshold.example",
            about=lead.pk,
            dedupe_key=str(number),
            created_at=at,
        )
    text = text_of(desk.get(url(lead)))
    for words in (
        "Contact attempt by Casey Coordinator: Phone call to",
        "Wants to come on Monday",
        "5 minutes after the enquiry, within the promised time.",
        "From New to Contacted.",
        "Alert: an urgent lead (E-mail) : Waiting to be sent: 2.",
    ):
        assert words in text


def test_the_history_says_what_arrived_and_what_was_read(desk: Client, site: Site) -> None:
    at, lead = database_now(), LeadFactory(site=site)
    for number, received in enumerate(
        [{}, {"delivered_at": at}, {"delivered_at": at, "read_at": at}], start=1
    ):
        Message.objects.create(
            kind="URGENT_LEAD_ALERT",
            channel="SMS",
            to=f"+44770090000{number}",
            about=lead.pk,
            dedupe_key=str(number),
            state="SENT",
            sent_at=at,
            created_at=at,
            **received,
        )
    assert "Handed to the provider: 3. Arrived: 2. Read: 1." in text_of(desk.get(url(lead)))


def test_every_read_is_on_record(desk: Client, site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site)
    desk.get(url(lead))
    access = LeadAccess.objects.get()
    assert (access.lead, access.by, access.what) == (lead, coordinator, "page")


@pytest.mark.parametrize("typed", [str.lower, lambda text: text.replace("-", "")])
def test_a_reference_is_found_however_it_is_written(desk: Client, site: Site, typed: object) -> None:
    lead = LeadFactory(site=site)
    response = desk.get(f"/desk/leads/{typed(lead.reference)}/")
    assert response.url == url(lead)


def test_every_reference_that_a_caller_was_given_leads_to_the_lead(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    second = LeadReference.objects.create(lead=lead, reference=new_reference())
    assert desk.get(f"/desk/leads/{second.reference}/").url == url(lead)


def test_an_outsider_gets_404_and_no_read_is_noted(client: Client, site: Site, outsider: User) -> None:
    client.force_login(outsider)
    assert client.get(url(LeadFactory(site=site))).status_code == 404
    assert not LeadAccess.objects.exists()


@pytest.mark.parametrize("reference", ["nothing", "AAAA-AAAA", "../x"])
def test_what_is_no_reference_is_404(desk: Client, site: Site, reference: str) -> None:
    LeadReference.objects.all().delete()
    LeadFactory(site=site)
    assert desk.get(f"/desk/leads/{reference}/").status_code == 404


def test_a_post_to_the_page_is_405(desk: Client, site: Site) -> None:
    assert desk.post(url(LeadFactory(site=site))).status_code == 405


@pytest.mark.parametrize(
    "state",
    [
        {"unrouted": True},
        {"review": True},
        {"closed": True},
        {"contacted": True},
        {"taken": True},
        {"level": Level.P2},
    ],
)
def test_the_page_opens_in_every_state(desk: Client, site: Site, state: dict[str, object]) -> None:
    assert desk.get(url(LeadFactory(site=site, **state))).status_code == 200


def test_times_are_those_of_the_site(desk: Client, site: Site) -> None:
    site.time_zone = "Pacific/Auckland"
    site.save()
    lead = LeadFactory(site=site)
    here = lead.received_at.astimezone(ZoneInfo("Pacific/Auckland"))
    assert f"{here:%H:%M}" in text_of(desk.get(url(lead)))


def test_a_long_history_costs_no_more_queries_than_a_short_one(
    desk: Client, site: Site, coordinator: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    lead = LeadFactory(site=site)
    for _ in range(30):
        LeadEventFactory(lead=lead, by=coordinator, note="Rang")
        PlacementFactory(lead=lead, decided_by=coordinator)
        ContactAttemptFactory(lead=lead, by=coordinator)
    with django_assert_max_num_queries(33):
        desk.get(url(lead))
