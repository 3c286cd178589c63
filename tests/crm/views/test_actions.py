"""What is done with a lead: by whom, and what a refusal says. No typed word is ever lost."""

from datetime import timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.enums import CallBackKind, EventKind, Level, Role, Stage
from crm.models import CallBack, Lead, LeadEvent, Site, User
from crm.selectors.leads import pending_lowering
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, PersonFactory
from tests.pages import text_of

LONG = "The ambulance crew has seen them and left again."
ACTIONS = [
    "attempts/",
    "notes/",
    "contact-rules/",
    "raise/",
    "lower/",
    "lower/confirm/",
    "lower/decline/",
    "holds/",
    "stage/",
    "close/",
    "reopen/",
    "pause/",
    "bring-back/",
]


def send(client: Client, lead: Lead, action: str, **data: Any) -> HttpResponse:
    return client.post(f"/desk/leads/{lead.reference}/{action}", data, follow=True)


def an_attempt(lead: Lead, **more: Any) -> dict[str, Any]:
    return {"person": str(lead.caller_id), "method": "CALL", "outcome": "SPOKE", "two_way": "on"} | more


@pytest.mark.parametrize("action", ACTIONS)
def test_actions_are_posts_of_the_site_only(
    desk: Client, client: Client, site: Site, outsider: User, action: str
) -> None:
    lead = LeadFactory(site=site)
    path = f"/desk/leads/{lead.reference}/{action}"
    assert desk.get(path).status_code == 405
    client.force_login(outsider)
    assert client.post(path).status_code == 404
    client.logout()
    assert client.post(path).url == f"/accounts/login/?next=/desk/leads/{lead.reference}/"


@pytest.mark.parametrize("action", ["attempts/", "notes/", "raise/", "lower/", "lower/confirm/", "close/"])
def test_an_empty_form_comes_back_with_what_is_missing(
    client: Client, site: Site, clinician: User, action: str
) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    before = LeadEvent.objects.count()
    client.force_login(clinician)
    response = client.post(f"/desk/leads/{lead.reference}/{action}")
    assert response.status_code == 422
    assert "There is a problem" in text_of(response)
    assert LeadEvent.objects.count() == before


def test_two_way_contact_is_logged(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    text = text_of(send(desk, lead, "attempts/", **an_attempt(lead, note="Speaks quietly")))
    assert "Two-way contact logged." in text
    assert "Speaks quietly" in text
    lead.refresh_from_db()
    assert (lead.stage, lead.attempt_count) == (Stage.CONTACTED, 1)


def test_an_attempt_without_answer_says_that_the_clock_goes_on(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    data = an_attempt(lead, outcome="NO_ANSWER")
    del data["two_way"]
    assert "the clock goes on" in text_of(send(desk, lead, "attempts/", **data))


def test_a_call_back_without_a_time_is_no_promise(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    promised = an_attempt(lead, disposition="CALL_BACK", note="Do not lose this")
    response = send(desk, lead, "attempts/", **promised)
    page = response.content.decode()
    assert response.status_code == 422
    assert 'href="#attempt-call_at">Say when we call back.' in page
    assert "Do not lose this" in page
    assert '<option value="CALL_BACK" selected>' in page
    assert not lead.attempts.exists()


def test_a_call_back_at_a_time_is_set(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    tomorrow = database_now() + timedelta(days=1)
    send(
        desk,
        lead,
        "attempts/",
        **an_attempt(lead, disposition="CALL_BACK", call_at=f"{tomorrow:%Y-%m-%dT14:30}"),
    )
    assert lead.attempts.get().disposition == "CALL_BACK"
    assert lead.call_backs.get().kind == "AGREED"


def test_a_time_that_cannot_be_read_is_said_once(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    text = text_of(send(desk, lead, "attempts/", **an_attempt(lead, disposition="CALL_BACK", call_at="soon")))
    assert "Write it like 2026-03-05 14:30." in text
    assert "Say when we call back." not in text


def test_anything_else_needs_no_time(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    for agreed in ("", "THEY_CALL"):
        send(desk, lead, "attempts/", **an_attempt(lead, disposition=agreed))
    assert lead.attempts.count() == 2


def test_a_safety_call_on_a_closed_lead_is_logged_whatever_was_agreed(
    desk: Client, site: Site, coordinator: User
) -> None:
    """A call on a closed lead cannot be promised for a time, so none is asked for."""
    lead = LeadFactory(site=site, closed=True)
    at = database_now()
    safety = {"kind": CallBackKind.SAFETY, "due_at": at, "made_at": at}
    CallBack.objects.create(lead=lead, person=lead.caller, by=coordinator, **safety)
    send(desk, lead, "attempts/", **an_attempt(lead, disposition="CALL_BACK"))
    assert lead.attempts.get().disposition == "CALL_BACK"


def test_an_unsafe_way_is_refused_and_the_note_kept(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False))
    response = send(desk, lead, "attempts/", **an_attempt(lead, note="Do not lose this"))
    assert response.status_code == 409
    assert "did not say that a phone call is safe" in text_of(response)
    assert "Do not lose this" in text_of(response)
    assert not lead.attempts.exists()


def test_an_unsafe_way_is_logged_with_a_reason(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, caller=PersonFactory(may_call=False))
    send(desk, lead, "attempts/", **an_attempt(lead, override_reason="Police asked us to ring"))
    assert lead.attempts.get().override_reason == "Police asked us to ring"


def test_an_attempt_on_somebody_else_is_not_possible(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    response = send(desk, lead, "attempts/", **an_attempt(lead, person=str(PersonFactory().pk)))
    assert response.status_code == 422


def test_an_attempt_on_the_patient_counts_for_the_patient(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory())
    send(desk, lead, "attempts/", **an_attempt(lead, person=str(lead.patient_id)))
    assert lead.attempts.get().person == lead.patient


def test_contact_rules_are_changed_for_the_one_who_said_so(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(may_call=True, may_email=True))
    data = {"person": str(lead.patient_id), "may_text": "on", "contact_note": "Never before noon"}
    text = text_of(send(desk, lead, "contact-rules/", **data))
    assert "Contact rules changed." in text
    assert "Safe for the patient: text message." in text
    lead.patient.refresh_from_db()
    assert (lead.patient.may_text, lead.patient.may_call) == (True, False)
    assert send(desk, lead, "contact-rules/", person=str(PersonFactory().pk)).status_code == 422


def test_a_number_and_a_name_are_put_right_on_the_leads_page(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    page = desk.get(f"/desk/leads/{lead.reference}/").content.decode()
    assert f'value="{lead.caller.phone}"' in page
    said = {"person": str(lead.caller_id), "whose": "Kit Lee", "phone": "07700 900444", "may_call": "on"}
    text = text_of(send(desk, lead, "contact-rules/", **said))
    assert "Call 07700 900444" in text
    lead.caller.refresh_from_db()
    assert (lead.caller.name, lead.caller.email != "") == ("Kit Lee", True), "what was not asked stays"
    assert send(desk, lead, "contact-rules/", **(said | {"phone": "later"})).status_code == 422


def test_contact_rules_of_who_must_not_be_contacted_stay(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, patient=PersonFactory(no_contact=True))
    response = send(desk, lead, "contact-rules/", person=str(lead.patient_id), may_call="on")
    assert response.status_code == 409
    assert "A clinician clears that hold first." in text_of(response)


def test_a_note_is_added(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    assert "Prefers mornings" in text_of(send(desk, lead, "notes/", text="Prefers mornings"))


@pytest.mark.parametrize("role", list(Role))
def test_any_role_raises_a_level(client: Client, site: Site, role: Role) -> None:
    lead = LeadFactory(site=site, level=Level.P1)
    client.force_login(MembershipFactory(site=site, role=role).user)
    text = text_of(send(client, lead, "raise/", level="E2", reason_code="TOLD_ON_CALL"))
    assert "Raised to E2." in text


@pytest.mark.parametrize("level", ["P2", "P1", "E9", ""])
def test_raising_offers_more_urgent_levels_only(desk: Client, site: Site, level: str) -> None:
    lead = LeadFactory(site=site, level=Level.P1)
    assert send(desk, lead, "raise/", level=level, reason_code="TOLD_ON_CALL").status_code == 422


def test_a_level_is_lowered_with_a_reason(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    response = send(desk, lead, "lower/", level="P2", reason_code="ANSWER_WRONG", reason=LONG)
    assert "Lowered to P2." in text_of(response)


def test_a_short_reason_does_not_lower(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    response = send(desk, lead, "lower/", level="P2", reason_code="ANSWER_WRONG", reason="He is fine")
    assert response.status_code == 409
    assert "at least 20 characters" in text_of(response)
    assert "He is fine" in text_of(response)


def test_an_emergency_is_lowered_by_two_people(
    desk: Client, site: Site, clinician: User, coordinator: User
) -> None:
    lead = LeadFactory(site=site, level=Level.E1)
    response = send(desk, lead, "lower/", level="U1", reason_code="SITUATION_CHANGED", reason=LONG)
    assert "Asked. The level stays" in text_of(response)
    asked = pending_lowering(lead)
    assert asked is not None
    assert send(desk, lead, "lower/confirm/", asked=str(asked.pk)).status_code == 403
    desk.force_login(clinician)
    assert "Confirm: lower to U1" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "Lowered to U1." in text_of(send(desk, lead, "lower/confirm/", asked=str(asked.pk)))
    lead.refresh_from_db()
    assert lead.level == Level.U1


def test_a_clinical_lead_does_not_confirm_their_own_request(
    client: Client, site: Site, clinician: User
) -> None:
    lead = LeadFactory(site=site, level=Level.E1)
    client.force_login(clinician)
    send(client, lead, "lower/", level="U1", reason_code="SITUATION_CHANGED", reason=LONG)
    asked = pending_lowering(lead)
    assert asked is not None
    assert "Confirm: lower" not in text_of(client.get(f"/desk/leads/{lead.reference}/"))
    assert send(client, lead, "lower/confirm/", asked=str(asked.pk)).status_code == 409


def test_a_clinical_lead_keeps_the_level(
    client: Client, site: Site, clinician: User, coordinator: User
) -> None:
    lead = LeadFactory(site=site, level=Level.E2)
    client.force_login(coordinator)
    send(client, lead, "lower/", level="U1", reason_code="SITUATION_CHANGED", reason=LONG)
    asked = pending_lowering(lead)
    assert asked is not None
    client.force_login(clinician)
    text = text_of(send(client, lead, "lower/decline/", asked=str(asked.pk)))
    assert "The level stays E2." in text
    assert "Level kept by Clem Clinical-Lead" in text
    assert send(client, lead, "lower/decline/", asked=str(asked.pk)).status_code == 409


def test_the_role_that_counts_is_the_one_at_the_leads_site(client: Client, site: Site) -> None:
    person = MembershipFactory(role=Role.CLINICAL_LEAD).user
    MembershipFactory(site=site, user=person, role=Role.COORDINATOR)
    client.force_login(person)
    lead = LeadFactory(site=site, holds=["H-CLIN"])
    assert send(client, lead, "holds/", hold="H-CLIN", reason="Seen by Dr Vale").status_code == 403


def test_a_clinician_clears_a_hold(client: Client, site: Site, clinician: User) -> None:
    lead = LeadFactory(site=site, holds=["H-CLIN"])
    client.force_login(clinician)
    text = text_of(send(client, lead, "holds/", hold="H-CLIN", reason="Seen by Dr Vale"))
    assert "H-CLIN cleared." in text
    assert "Hold cleared by Clem Clinical-Lead" in text


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.MANAGER])
def test_a_coordinator_does_not_clear_holds(client: Client, site: Site, role: Role) -> None:
    lead = LeadFactory(site=site, holds=["H-CLIN"])
    client.force_login(MembershipFactory(site=site, role=role).user)
    assert send(client, lead, "holds/", hold="H-CLIN", reason="Seen by Dr Vale").status_code == 403


def test_a_stage_is_moved_by_a_button(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, contacted=True)
    assert "Move to assessing" in text_of(desk.get(f"/desk/leads/{lead.reference}/"))
    assert "Moved to Assessing." in text_of(send(desk, lead, "stage/", to="ASSESSING"))


@pytest.mark.parametrize(
    ("state", "to"), [({}, "BOOKED"), ({}, "CONTACTED"), ({}, "CLOSED"), ({"closed": True}, "NEW")]
)
def test_a_move_that_is_not_allowed_is_refused(
    desk: Client, site: Site, state: dict[str, Any], to: str
) -> None:
    lead = LeadFactory(site=site, **state)
    assert send(desk, lead, "stage/", to=to).status_code == 409
    assert not lead.events.filter(kind=EventKind.STAGE_MOVED).exists()


def test_a_hold_blocks_the_offer_in_plain_words(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site, contacted=True, stage=Stage.ASSESSING, holds=["H-PRESC"])
    response = send(desk, lead, "stage/", to="OFFERED")
    assert response.status_code == 409
    assert "A bed cannot be offered yet. First: Confirm the prescriber." in text_of(response)


def test_a_lead_is_closed_and_opened_again(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    text = text_of(send(desk, lead, "close/", disposition="REFERRED_ON", destination="Turning Point"))
    assert "Closed: Referred to another service." in text
    assert "Turning Point" in text
    assert "The lead is open again." in text_of(send(desk, lead, "reopen/", reason="They rang again"))


def test_closing_without_a_needed_destination_is_refused(desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    response = send(desk, lead, "close/", disposition="REFERRED_ON", note="Not lost")
    assert response.status_code == 409
    assert "Say where they were referred to." in text_of(response)
    assert "Not lost" in text_of(response)


def test_an_open_lead_is_not_reopened(desk: Client, site: Site) -> None:
    assert send(desk, LeadFactory(site=site), "reopen/", reason="Why not").status_code == 409


@pytest.mark.parametrize("words", ["\x00null", "<script>", "مرحبا", "🙂" * 50, "a" * 4000])
def test_odd_words_are_kept_or_refused_but_never_break_the_page(desk: Client, site: Site, words: str) -> None:
    response = send(desk, LeadFactory(site=site), "notes/", text=words)
    assert response.status_code in {200, 422}
    assert "<script>" not in response.content.decode().split("<main")[1]
