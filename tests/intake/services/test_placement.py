"""Placing: the same triage as in the request, so that advice and queue always agree."""

from typing import Any

import pytest

from crm.enums import EventKind, Level, Queue
from crm.models import Lead, LeadEvent, Placement, Site, User
from intake.models import Enquiry
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from intake.tasks import place_lead as task
from intake.triage.engine import RuleFailed
from jobs.clock import database_now
from tests.factories.enquiries import CALM, DRINKER, IN_DANGER, submission
from tests.intake.forms.sent import urgent

pytestmark = pytest.mark.django_db


def arrive(site: Site, said: dict[str, Any], **changes: Any) -> Enquiry:
    return submit_enquiry(submission=submission(site, said=said, **changes), at=database_now()).enquiry


@pytest.mark.parametrize(
    "said", [CALM, DRINKER, IN_DANGER, {"situation": ["no_safe_place"]}, {"timing": "within_72h"}]
)
def test_what_the_caller_is_told_agrees_with_where_the_lead_goes(site: Site, said: dict[str, Any]) -> None:
    enquiry = arrive(site, said)
    place_lead(enquiry_id=enquiry.pk, at=database_now())
    lead = Lead.objects.get()
    assert lead.level == enquiry.answer["level"]
    assert lead.respond_by.isoformat() == enquiry.answer["call_by"]


def test_the_reasons_are_written_down_in_plain_english(site: Site) -> None:
    place_lead(enquiry_id=arrive(site, IN_DANGER).pk, at=database_now())
    made = Placement.objects.get()
    assert {
        "id": "emergency-seizure",
        "reason": "A fit now or in the last 24 hours",
        "level": "E1",
    } in made.rules
    assert (made.holds, made.rule_set_version != "") == (["H-CLIN"], True)
    assert made.answers["symptoms"] == ["seizure_24h"]


def test_the_reasons_of_an_urgent_form_say_what_was_ticked_and_what_was_not_asked(site: Site) -> None:
    said = urgent(free_text="", happening=["thoughts_of_suicide"]).to_answers()
    place_lead(enquiry_id=arrive(site, said.to_dict()).pk, at=database_now())
    reasons = {rule["id"]: (rule["reason"], rule["level"]) for rule in Placement.objects.get().rules}
    assert reasons["free-text-red-flag"] == ("Ticked: Thoughts such as “I want to end my life”", "U1")
    assert reasons["requested-today"] == ("Came by the urgent form: when to start is not asked yet", "U3")
    lead = Lead.objects.get()
    assert (lead.level, lead.timing) == (Level.U1, "urgent_way")


def test_a_time_to_start_that_was_given_is_the_rules_own_reason(site: Site) -> None:
    said = urgent(free_text="Help, I want to end my life", timing="now").to_answers()
    place_lead(enquiry_id=arrive(site, said.to_dict()).pk, at=database_now())
    reasons = {rule["id"]: rule["reason"] for rule in Placement.objects.get().rules}
    assert reasons["free-text-red-flag"] == "Words in the message need a person to read them"
    assert reasons["requested-today"] == "Asked to come in today"
    assert Lead.objects.get().timing == "now"


def test_placing_twice_changes_nothing(site: Site, coordinator: User) -> None:
    enquiry = arrive(site, IN_DANGER)
    for _ in range(2):
        task(subject=enquiry.pk, at=database_now(), something_new=True)
    assert Placement.objects.count() == 1
    assert LeadEvent.objects.filter(kind=EventKind.ALERT_STEP).count() == 1


def test_a_repeat_enquiry_raises_the_lead_that_it_joined(site: Site) -> None:
    for key in ("one", "two"):
        place_lead(enquiry_id=arrive(site, DRINKER, key=key).pk, at=database_now())
    assert Lead.objects.get().level == Level.E2
    assert Placement.objects.count() == 2


def test_the_order_of_placing_makes_no_difference(site: Site) -> None:
    first, second = arrive(site, CALM), arrive(site, DRINKER)
    for enquiry in (second, first):
        place_lead(enquiry_id=enquiry.pk, at=database_now())
    assert Lead.objects.get().level == Level.E2


def test_a_broken_rule_leaves_the_lead_to_stand_as_urgent(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuleFailed("broken")

    monkeypatch.setattr("intake.services.answering.triage", fail)
    enquiry = arrive(site, CALM)
    assert (enquiry.answer["level"], enquiry.answer["outcome"]) == ("U1", "urgent")
    assert [text["key"] for text in enquiry.answer["messages"]] == ["S999", "S111"]
    monkeypatch.setattr("intake.services.placement.triage", fail)
    with pytest.raises(RuleFailed):
        place_lead(enquiry_id=enquiry.pk, at=database_now())
    assert Lead.objects.get().queue == Queue.UNROUTED


def test_without_personal_advice_everyone_is_shown_the_same_and_placed_as_before(
    site: Site, settings: Any
) -> None:
    settings.PERSONALISED_SIGNPOSTS = False
    enquiry = arrive(site, IN_DANGER)
    place_lead(enquiry_id=enquiry.pk, at=database_now())
    assert [text["key"] for text in enquiry.answer["messages"]] == ["S999", "S111"]
    assert Lead.objects.get().level == Level.E1
