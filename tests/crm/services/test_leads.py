"""Opening a lead, or joining the one that is open."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import CallerRole, Disposition, EventKind, LeadChannel, Level, Queue, Stage
from crm.models import Lead, LeadEvent, LeadReference, Person, Site
from crm.references import new_reference
from crm.services.leads import NewEnquiry, open_or_join_lead
from crm.services.people import PersonDetails
from jobs.clock import database_now
from tests.factories import SiteFactory

pytestmark = pytest.mark.django_db

ADA = {"name": "Ada Example", "phone": "07700 900123", "phone_e164": "+447700900123", "may_call": True}


def details(**changes: Any) -> PersonDetails:
    return PersonDetails(**(ADA | changes))


def enquire(site: Site, **changes: Any) -> Lead:
    """Let an enquiry arrive; return its lead. `caller` and `patient` are changes to Ada."""
    at = database_now()
    caller = details(**changes.pop("caller", {}))
    about = changes.pop("patient", None)
    values = {
        "reference": new_reference(),
        "site": site,
        "channel": LeadChannel.WEB,
        "caller_role": CallerRole.SELF,
        "call_by": at + timedelta(hours=2),
        "received_at": at,
    }
    patient = PersonDetails(**about) if about else None
    return open_or_join_lead(enquiry=NewEnquiry(**(values | changes), caller=caller, patient=patient), at=at)


class TestOpening:
    def test_a_new_lead_waits_to_be_routed_and_is_due_as_u1(self, site: Site) -> None:
        lead = enquire(site, main_substance="alcohol", source="search", wants_interpreter="Polish")
        assert (lead.queue, lead.level, lead.stage) == (Queue.UNROUTED, None, Stage.NEW)
        assert lead.due_at == lead.received_at + timedelta(minutes=30)
        assert lead.respond_by == lead.received_at + timedelta(hours=2)
        assert (lead.main_substance, lead.source, lead.wants_interpreter) == ("alcohol", "search", "Polish")

    def test_a_sooner_promise_is_due_sooner(self, site: Site) -> None:
        at = database_now()
        lead = enquire(site, call_by=at + timedelta(minutes=5), received_at=at)
        assert lead.due_at == lead.respond_by == at + timedelta(minutes=5)

    def test_one_who_asks_for_themselves_is_caller_and_patient(self, site: Site) -> None:
        lead = enquire(site)
        assert lead.caller == lead.patient == Person.objects.get()

    @pytest.mark.parametrize("role", [CallerRole.LOVED_ONE, CallerRole.PROFESSIONAL])
    def test_somebody_who_has_not_agreed_is_on_hold_whoever_asks(self, site: Site, role: CallerRole) -> None:
        about = {"name": "Tom", "no_contact": True}
        assert enquire(site, patient=about, caller_role=role).holds == ["H-CONSENT"]
        assert enquire(site, patient=about | {"no_contact": False, "name": "Ann"}).holds == []

    def test_a_repeat_that_takes_the_agreement_back_sets_the_hold(self, site: Site) -> None:
        about, role = {"name": "Tom"}, CallerRole.PROFESSIONAL
        first = enquire(site, patient=about, caller_role=role)
        again = enquire(site, patient=about | {"no_contact": True}, caller_role=role)
        assert again == first
        first.refresh_from_db()
        assert (first.holds, first.patient.no_contact) == (["H-CONSENT"], True)

    def test_the_person_asked_about_is_somebody_else(self, site: Site) -> None:
        about = {"name": "Tom", "no_contact": True}
        lead = enquire(site, caller_role=CallerRole.LOVED_ONE, patient=about)
        assert (lead.caller.name, lead.patient.name) == ("Ada Example", "Tom")
        assert (lead.caller.no_contact, lead.patient.no_contact) == (False, True)

    def test_its_history_begins_with_what_was_received_and_told(self, site: Site) -> None:
        told = [{"key": "MALC", "text": "Do not stop suddenly."}]
        lead = enquire(site, told=told, flags=["HAS_LINK"])
        event = LeadEvent.objects.get(lead=lead)
        assert (event.kind, event.occurred_at) == (EventKind.ENQUIRY_RECEIVED, lead.received_at)
        assert (event.data["told"], event.data["flags"]) == (told, ["HAS_LINK"])
        assert event.data["enquiry"] == lead.reference

    def test_a_suspect_enquiry_waits_for_review_a_quarter_of_an_hour_at_most(self, site: Site) -> None:
        lead = enquire(site, review_reason="A hidden field was filled in")
        assert (lead.queue, lead.review_reason) == (Queue.REVIEW, "A hidden field was filled in")
        assert lead.due_at == lead.received_at + timedelta(minutes=15)

    def test_a_call_from_a_withheld_number_opens_a_lead_each_time(self, site: Site) -> None:
        nobody = {"phone": "", "phone_e164": "", "email": ""}
        assert enquire(site, caller=nobody) != enquire(site, caller=nobody)


class TestJoining:
    @pytest.mark.parametrize(
        "again",
        [
            {},
            {"name": ""},
            {"name": " ada  EXAMPLE "},
            {"phone": "+44 7700 900123", "email": "ada@example.org"},
        ],
    )
    def test_the_same_caller_joins_their_open_lead(self, site: Site, again: dict[str, str]) -> None:
        first = enquire(site)
        second = enquire(site, caller=again)
        assert second == first
        assert Lead.objects.get().enquiry_count == 2
        assert LeadReference.objects.filter(lead=first).count() == 2
        assert LeadEvent.objects.filter(lead=first, kind=EventKind.REPEAT_ENQUIRY).count() == 1

    def test_an_address_alone_finds_the_caller(self, site: Site) -> None:
        first = enquire(site, caller={"email": "Ada@Example.org"})
        assert enquire(site, caller={"phone": "", "phone_e164": "", "email": "ada@example.ORG"}) == first

    def test_a_number_that_cannot_be_read_is_compared_by_its_digits(self, site: Site) -> None:
        first = enquire(site, caller={"phone": "ext. 4 21 17", "phone_e164": ""})
        assert enquire(site, caller={"phone": "42117", "phone_e164": ""}) == first

    def test_who_asked_on_the_web_and_then_rings_is_the_same_caller(self, site: Site) -> None:
        first = enquire(site)
        assert enquire(site, caller_role=CallerRole.PHONE, channel=LeadChannel.PHONE) == first

    @pytest.mark.parametrize("stage", [Stage.CONTACTED, Stage.ASSESSING, Stage.OFFERED, Stage.BOOKED])
    def test_an_open_lead_is_joined_at_any_stage(self, site: Site, stage: Stage) -> None:
        first = enquire(site)
        Lead.objects.update(stage=stage)
        assert enquire(site) == first

    def test_the_newest_of_several_is_joined(self, site: Site) -> None:
        an_hour_ago = database_now() - timedelta(hours=1)
        enquire(site, caller={"name": "Ada Older"}, received_at=an_hour_ago)
        newer = enquire(site, caller={"name": "Ada Newer"})
        assert enquire(site, caller={"name": ""}) == newer


class TestNotJoining:
    @pytest.mark.parametrize(
        "change",
        [
            {"caller": {"name": "Bea"}},
            {"caller": {"phone": "07700 900999", "phone_e164": "+447700900999"}},
            {"caller_role": CallerRole.LOVED_ONE},
            {"review_reason": "Sent at once, with a link in it"},
        ],
    )
    def test_somebody_else_gets_a_lead_of_their_own(self, site: Site, change: dict[str, Any]) -> None:
        first = enquire(site)
        assert enquire(site, **change) != first

    def test_another_site_is_another_lead(self, site: Site) -> None:
        assert enquire(site) != enquire(SiteFactory())

    def test_a_lead_that_is_over_is_left_alone(self, site: Site) -> None:
        first = enquire(site)
        over = {"stage": Stage.CLOSED, "closed_at": database_now(), "disposition": Disposition.NOT_NOW}
        Lead.objects.update(**over)
        second = enquire(site)
        assert second != first
        Lead.objects.filter(pk=second.pk).update(stage=Stage.ADMITTED)
        assert enquire(site) not in (first, second)

    def test_a_lead_in_review_is_nobodys_to_join(self, site: Site) -> None:
        assert enquire(site, review_reason="A hidden field was filled in") != enquire(site)

    def test_a_mother_who_asks_about_two_sons_has_two_leads(self, site: Site) -> None:
        tom, tim, tom_again = (
            enquire(site, caller_role=CallerRole.LOVED_ONE, patient={"name": name})
            for name in ("Tom", "Tim", "Tom")
        )
        assert tom == tom_again != tim

    def test_a_professional_who_names_nobody_writes_about_somebody_new(self, site: Site) -> None:
        referrals = [
            enquire(site, caller_role=CallerRole.PROFESSIONAL, patient={"name": ""}) for _ in range(2)
        ]
        assert referrals[0] != referrals[1]


def test_the_level_is_not_the_enquirys_to_set(site: Site) -> None:
    """Joining counts and notes; raising is the placing's job, which also alerts."""
    first = enquire(site)
    Lead.objects.update(level=Level.U2, queue=Queue.URGENT)
    enquire(site)
    first.refresh_from_db()
    assert first.level == Level.U2
