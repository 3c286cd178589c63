"""Working on a lead over the API: the same rules as on the desk."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest

from crm.enums import EventKind, Level, Queue, Stage
from crm.models import ContactAttempt, Lead, LeadEvent, Placement, Site, User
from tests.crm.api.conftest import Api, acting_as
from tests.factories import LeadFactory, MembershipFactory, PersonFactory

pytestmark = pytest.mark.django_db
LONG = "Spoke for ten minutes, safe with a friend."
SPOKE = {"method": "call", "outcome": "spoke", "two_way": True}


def problem(response: Any, status: int) -> str:
    """Check that it is a problem of this status; return its name."""
    assert (response.status_code, response.headers["Content-Type"]) == (status, "application/problem+json")
    return str(response.json()["type"]).rpartition("/")[2]


class TestClaim:
    def test_a_free_lead_is_given(self, as_coordinator: Api, coordinator: User, site: Site) -> None:
        lead = LeadFactory(site=site)
        response = as_coordinator(f"leads/{lead.reference}/claim", {})
        lead.refresh_from_db()
        assert (response.status_code, lead.owner) == (200, coordinator)
        assert response.json()["is_mine"]
        assert datetime.fromisoformat(response.json()["lease_until"]) > lead.claimed_at

    def test_the_slower_of_two_is_told_who_has_it(
        self, as_clinician: Api, as_coordinator: Api, site: Site
    ) -> None:
        lead = LeadFactory(site=site)
        as_coordinator(f"leads/{lead.reference}/claim", {})
        response = as_clinician(f"leads/{lead.reference}/claim", {})
        assert problem(response, 409) == "lead-already-claimed"
        assert "Casey Coordinator" in response.json()["detail"]

    def test_claiming_again_renews_the_lease(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/claim"
        first, again = as_coordinator(path, {}).json(), as_coordinator(path, {}).json()
        assert again["lease_until"] >= first["lease_until"]
        assert LeadEvent.objects.filter(kind=EventKind.CLAIMED).count() == 1

    def test_a_lead_that_is_over_is_not_given(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site, closed=True)
        assert problem(as_coordinator(f"leads/{lead.reference}/claim", {}), 409) == "lead-is-over"


class TestContactAttempts:
    def test_a_two_way_contact_stops_the_clock(
        self, as_coordinator: Api, coordinator: User, site: Site
    ) -> None:
        lead = LeadFactory(site=site)
        response = as_coordinator(
            f"leads/{lead.reference}/contact-attempts", SPOKE | {"note": "call after 6\x00"}
        )
        state = response.json()
        assert (response.status_code, state["stage"], state["attempt_count"]) == (201, "contacted", 1)
        assert state["first_contact_at"] is not None
        attempt = ContactAttempt.objects.get()
        assert (attempt.by, attempt.person, attempt.note) == (coordinator, lead.caller, "call after 6")

    def test_nobody_answering_does_not(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site)
        body = {"method": "CALL", "outcome": "NO_ANSWER"}
        state = as_coordinator(f"leads/{lead.reference}/contact-attempts", body).json()
        assert (state["stage"], state["first_contact_at"]) == ("new", None)

    def test_a_way_that_is_not_safe_is_refused(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/contact-attempts"
        body = {"method": "voicemail", "outcome": "left_message"}
        assert problem(as_coordinator(path, body), 409) == "contact-not-safe"
        assert not ContactAttempt.objects.exists()
        assert problem(as_coordinator(path, body | {"override_reason": "short"}), 422) == "invalid"
        response = as_coordinator(path, body | {"override_reason": "She asked for it on the phone."})
        assert response.status_code == 201
        assert ContactAttempt.objects.get().override_reason == "She asked for it on the phone."

    def test_a_person_who_must_not_be_contacted_is_left_alone(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site, patient=PersonFactory(no_contact=True))
        body = SPOKE | {"person": "patient"}
        assert (
            problem(as_coordinator(f"leads/{lead.reference}/contact-attempts", body), 409)
            == "contact-not-safe"
        )

    def test_whoever_rings_us_breaks_no_rule(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site, caller=PersonFactory(may_call=False))
        body = {"method": "call", "outcome": "spoke", "inbound": True}
        response = as_coordinator(f"leads/{lead.reference}/contact-attempts", body)
        assert response.status_code == 201
        assert ContactAttempt.objects.get().inbound

    def test_no_answer_cannot_be_two_way(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/contact-attempts"
        response = as_coordinator(path, {"method": "call", "outcome": "no_answer", "two_way": True})
        assert problem(response, 422) == "invalid"
        assert list(response.json()["errors"]) == ["two_way"]

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"method": "pigeon"}, "method"),
            ({"method": None}, "method"),
            ({"outcome": 7}, "outcome"),
            ({"two_way": "yes"}, "two_way"),
            ({"person": "neighbour"}, "person"),
            ({"note": "a" * 4001}, "note"),
            ({"note": []}, "note"),
        ],
    )
    def test_what_makes_no_sense_is_named(
        self, as_coordinator: Api, site: Site, change: dict[str, Any], field: str
    ) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/contact-attempts"
        response = as_coordinator(path, SPOKE | change)
        assert problem(response, 422) == "invalid"
        assert list(response.json()["errors"]) == [field]


class TestPlacements:
    def test_raising_takes_effect_at_once(self, as_coordinator: Api, coordinator: User, site: Site) -> None:
        lead = LeadFactory(site=site, level=Level.P2)
        body = {"level": "U1", "reason_code": "told_on_call"}
        response = as_coordinator(f"leads/{lead.reference}/placements", body)
        assert (response.status_code, response.json()["level"], response.json()["queue"]) == (
            201,
            "U1",
            "urgent",
        )
        latest = Placement.objects.latest("decided_at")
        assert (latest.decided_by, latest.level) == (coordinator, "U1")

    def test_an_unplaced_lead_is_placed_by_it(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site, unrouted=True)
        body = {"level": "U3", "reason_code": "TOLD_ON_CALL"}
        assert as_coordinator(f"leads/{lead.reference}/placements", body).json()["queue"] == "urgent"

    def test_lowering_needs_a_reason_in_words(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/placements"
        body = {"level": "P1", "reason_code": "clinical_judgement", "reason": "too short"}
        response = as_coordinator(path, body)
        assert (problem(response, 422), list(response.json()["errors"])) == ("invalid", ["reason"])
        lowered = as_coordinator(path, body | {"reason": LONG})
        assert (lowered.status_code, lowered.json()["level"], lowered.json()["queue"]) == (
            201,
            "P1",
            "prebooked",
        )

    def test_an_emergency_is_lowered_by_two_people(
        self, as_coordinator: Api, as_clinician: Api, site: Site
    ) -> None:
        path = f"leads/{LeadFactory(site=site, level=Level.E2).reference}/placements"
        body = {"level": "U2", "reason_code": "situation_changed", "reason": LONG}
        asked = as_coordinator(path, body)
        assert (asked.status_code, asked.json()["level"]) == (202, "E2")
        confirm = {"confirm": asked.json()["asked"]}
        assert problem(as_coordinator(path, confirm), 403) == "needs-clinical-lead"
        confirmed = as_clinician(path, confirm)
        assert (confirmed.status_code, confirmed.json()["level"]) == (201, "U2")
        assert problem(as_clinician(path, confirm), 409) == "nothing-to-confirm"

    def test_nobody_confirms_their_own_request(self, as_clinician: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site, level=Level.E1).reference}/placements"
        asked = as_clinician(path, {"level": "U2", "reason_code": "told_on_call", "reason": LONG}).json()[
            "asked"
        ]
        assert problem(as_clinician(path, {"confirm": asked}), 403) == "needs-second-person"

    def test_a_clinical_lead_of_another_site_confirms_nothing(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site, level=Level.E2)
        path = f"leads/{lead.reference}/placements"
        asked = as_coordinator(path, {"level": "U2", "reason_code": "told_on_call", "reason": LONG}).json()[
            "asked"
        ]
        stranger = MembershipFactory(role="CLINICAL_LEAD").user
        assert acting_as(stranger)(path, {"confirm": asked}).status_code == 404

    def test_the_same_level_is_no_change(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/placements"
        response = as_coordinator(path, {"level": "u2", "reason_code": "told_on_call"})
        assert problem(response, 409) == "not-more-severe"

    @pytest.mark.parametrize(
        ("state", "name"), [({"review": True}, "lead-in-review"), ({"closed": True}, "lead-is-over")]
    )
    def test_some_leads_cannot_be_placed(
        self, as_coordinator: Api, site: Site, state: Any, name: str
    ) -> None:
        path = f"leads/{LeadFactory(site=site, **state).reference}/placements"
        assert problem(as_coordinator(path, {"level": "E1", "reason_code": "told_on_call"}), 409) == name

    @pytest.mark.parametrize(
        ("body", "fields"),
        [
            ({}, ["level", "reason_code"]),
            ({"level": "U1"}, ["reason_code"]),
            ({"level": "U9", "reason_code": "told_on_call"}, ["level"]),
            ({"level": "U1", "reason_code": "because"}, ["reason_code"]),
            ({"confirm": "me"}, ["confirm"]),
        ],
    )
    def test_what_makes_no_sense_is_named(
        self, as_coordinator: Api, site: Site, body: Any, fields: list[str]
    ) -> None:
        response = as_coordinator(f"leads/{LeadFactory(site=site).reference}/placements", body)
        assert (problem(response, 422), list(response.json()["errors"])) == ("invalid", fields)

    def test_a_request_that_was_never_made_cannot_be_confirmed(self, as_clinician: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site, level=Level.E2).reference}/placements"
        assert problem(as_clinician(path, {"confirm": str(uuid4())}), 409) == "nothing-to-confirm"


class TestClose:
    def test_a_lead_is_closed_with_its_reason(self, as_coordinator: Api, site: Site) -> None:
        lead = LeadFactory(site=site, taken=True)
        response = as_coordinator(
            f"leads/{lead.reference}/close", {"disposition": "chose_another", "note": "Good."}
        )
        assert (response.status_code, response.json()["stage"]) == (200, "closed")
        assert (response.json()["disposition"], response.json()["owner"]) == ("chose_another", None)
        lead = Lead.objects.get()
        assert (lead.stage, lead.queue) == (Stage.CLOSED, Queue.URGENT)
        assert LeadEvent.objects.get(kind=EventKind.CLOSED).note == "Good."

    def test_where_to_is_needed_when_somebody_is_referred_on(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/close"
        response = as_coordinator(path, {"disposition": "referred_on", "destination": " "})
        assert (problem(response, 422), list(response.json()["errors"])) == ("invalid", ["destination"])
        body = {"disposition": "referred_on", "destination": "Hill\x00side \ud800 clinic"}
        assert as_coordinator(path, body).status_code == 200
        assert Lead.objects.get().destination == "Hillside ? clinic"

    def test_closing_twice_is_refused(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/close"
        as_coordinator(path, {"disposition": "not_now"})
        assert problem(as_coordinator(path, {"disposition": "not_now"}), 409) == "lead-is-over"

    def test_nobody_completes_a_stay_without_an_admission(self, as_coordinator: Api, site: Site) -> None:
        path = f"leads/{LeadFactory(site=site).reference}/close"
        assert problem(as_coordinator(path, {"disposition": "completed_stay"}), 409) == "move-not-allowed"

    @pytest.mark.parametrize(
        "body", [{}, {"disposition": "bored"}, {"disposition": None}, {"disposition": ["not_now"]}]
    )
    def test_a_known_reason_is_needed(self, as_coordinator: Api, site: Site, body: Any) -> None:
        response = as_coordinator(f"leads/{LeadFactory(site=site).reference}/close", body)
        assert (problem(response, 422), list(response.json()["errors"])) == ("invalid", ["disposition"])


@pytest.mark.parametrize("body", ["", "[]", "nonsense", '{"level": NaN}'])
@pytest.mark.parametrize("action", ["contact-attempts", "placements", "close"])
def test_a_body_that_cannot_be_read_is_refused(
    as_coordinator: Api, site: Site, action: str, body: str
) -> None:
    response = as_coordinator(f"leads/{LeadFactory(site=site).reference}/{action}", body)
    assert response.status_code in {400, 422}
    assert response.headers["Content-Type"] == "application/problem+json"
