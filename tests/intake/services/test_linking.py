"""What the desk gets to know of an enquiry."""

from dataclasses import replace
from typing import Any

import pytest

from crm.enums import CallerRole, ContactMethod, EventKind, LeadChannel, Queue
from crm.models import Lead, LeadEvent, Site
from intake.models import Enquiry
from intake.services.linking import Heard, link_enquiry
from intake.services.submission import submit_enquiry
from jobs.clock import database_now
from jobs.models import Job
from notifications.models import Message
from tests.factories.enquiries import CALM, DRINKER, IN_DANGER, submission

pytestmark = pytest.mark.django_db


def arrive(site: Site, *, flags: list[str] | None = None, channel: str = "WEB", **changes: Any) -> Lead:
    sent = replace(submission(site, **changes), flags=flags or [], channel=LeadChannel(channel))
    submit_enquiry(submission=sent, at=database_now())
    return Lead.objects.select_related("caller", "patient").latest("id")


@pytest.mark.parametrize("channel", ["API", "PHONE", "IMPORT"])
def test_who_read_no_page_is_on_record_with_the_texts_of_the_rules(site: Site, channel: str) -> None:
    arrive(site, channel=channel)
    last = LeadEvent.objects.get(kind=EventKind.ENQUIRY_RECEIVED).data["told"][-1]
    assert (last["key"], last["text"].split(".")[0]) == ("MSTD", "Thank you")


def test_who_read_the_page_is_on_record_with_its_words_under_the_same_key(site: Site) -> None:
    arrive(site)
    last = LeadEvent.objects.get(kind=EventKind.ENQUIRY_RECEIVED).data["told"][-1]
    assert (last["key"], last["text"].split(".")[0]) == ("MSTD", "Thank you for telling us")
    assert Enquiry.objects.get().answer["messages"][-1]["text"].startswith("Thank you. ")


def test_linking_twice_changes_nothing(site: Site) -> None:
    enquiry = submit_enquiry(submission=submission(site), at=database_now()).enquiry
    again = link_enquiry(heard=Heard.again(enquiry), at=database_now())
    assert again.lead == enquiry.lead
    assert LeadEvent.objects.count() == Job.objects.filter(kind="intake.tasks.place_lead").count() == 1


@pytest.mark.parametrize(
    ("said", "flags", "queue"),
    [
        (IN_DANGER, [], "urgent"),
        (DRINKER, [], "urgent"),
        (CALM, [], "placing"),
        (CALM | {"suicide": "unknown"}, [], "placing"),  # U3: somebody has four hours to call
        (DRINKER, ["HONEYPOT"], "placing"),
        (IN_DANGER, ["HONEYPOT"], "urgent"),
    ],
)
def test_what_wakes_nobody_is_placed_behind_what_does(
    site: Site, said: dict[str, Any], flags: list[str], queue: str
) -> None:
    arrive(site, said=said, flags=flags)
    assert list(Job.objects.filter(kind="intake.tasks.place_lead").values_list("queue", flat=True)) == [queue]


def test_what_joins_a_lead_may_raise_it_and_is_placed_at_once(site: Site) -> None:
    assert arrive(site, channel="API").can_wait
    arrive(site, channel="API")
    assert not Lead.objects.get().can_wait
    placings = Job.objects.filter(kind="intake.tasks.place_lead").order_by("id")
    assert list(placings.values_list("queue", flat=True)) == ["placing", "urgent"]


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ({}, ""),
        (DRINKER, "alcohol"),
        ({"substances": [{"name": "ketamine"}, {"name": "alcohol"}], "behaviours": ["gambling"]}, "ketamine"),
        ({"behaviours": ["gambling", "gaming"]}, "gambling"),
    ],
)
def test_the_first_thing_named_is_what_they_came_about(site: Site, said: dict[str, Any], named: str) -> None:
    assert arrive(site, said=said).main_substance == named


@pytest.mark.parametrize("channel", ["WEB", "API", "REFERRAL"])
def test_without_a_better_source_the_channel_is_the_source(site: Site, channel: str) -> None:
    lead = arrive(site, channel=channel)
    assert (lead.channel, lead.source) == (channel, LeadChannel(channel).label)


class TestContactRules:
    def test_calls_and_e_mail_are_safe_unless_said_otherwise(self, site: Site) -> None:
        caller = arrive(site).caller
        assert [way for way in ContactMethod if caller.allows(way)] == ["CALL", "EMAIL", "VISIT"]

    def test_only_a_way_that_exists_is_safe(self, site: Site) -> None:
        caller = arrive(site, email="", safe_contact=["call", "email"]).caller
        assert caller.allows(ContactMethod.CALL)
        assert not caller.allows(ContactMethod.EMAIL)

    def test_somebody_who_may_be_watched_is_reached_by_stated_ways_only(self, site: Site) -> None:
        said = {"situation": ["abuse_or_coercion"]}
        assert not arrive(site, said=said).caller.allows(ContactMethod.CALL)
        stated = arrive(site, said=said, phone="07700 900777", email="", safe_contact={"text": True}).caller
        assert stated.allows(ContactMethod.TEXT)
        assert not stated.allows(ContactMethod.CALL)

    @pytest.mark.parametrize(
        ("aware", "off_limits"), [("yes", False), ("no", True), ("unknown", True), (None, True)]
    )
    def test_the_person_asked_about_must_have_agreed(
        self, site: Site, aware: str | None, off_limits: bool
    ) -> None:
        said = {"enquirer": "loved_one", "person_aware": aware}
        assert arrive(site, said=said, patient_name="Tom").patient.no_contact == off_limits

    def test_an_odd_number_is_kept_as_typed_and_flagged(self, site: Site) -> None:
        caller = arrive(site, phone="ask for Ada on 4217").caller
        assert (caller.phone, caller.phone_e164, caller.phone_looks_unusual) == (
            "ask for Ada on 4217",
            "",
            True,
        )


class TestReview:
    def test_a_trapped_form_is_reviewed_first_and_hears_nothing(self, site: Site) -> None:
        lead = arrive(site, flags=["HONEYPOT"])
        assert lead.queue == Queue.REVIEW
        assert not Message.objects.exists()

    def test_an_emergency_is_never_held_up(self, site: Site) -> None:
        lead = arrive(site, flags=["HONEYPOT"], said=IN_DANGER)
        assert (lead.queue, lead.review_reason) == (Queue.UNROUTED, "")
        event = LeadEvent.objects.get(lead=lead, kind=EventKind.ENQUIRY_RECEIVED)
        assert event.data["flags"] == ["HONEYPOT"]


class TestPhone:
    def test_an_enquiry_by_phone_is_not_confirmed_by_e_mail(self, site: Site) -> None:
        lead = arrive(site, channel="PHONE", said={"enquirer": "phone"})
        assert (lead.caller_role, lead.caller) == (CallerRole.PHONE, lead.patient)
        assert not Message.objects.exists()
