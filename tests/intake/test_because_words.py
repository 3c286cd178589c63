"""The answers that fired each rule, as a coordinator reads them on the lead."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.answer_words import THOUGHTS, THOUGHTS_LINE
from crm.models import Lead, Placement, Site
from intake.because_words import why
from intake.services.content import load_shipped_content
from intake.triage.evidence import CALM
from intake.triage.rules import shipped_rules
from jobs.clock import database_now
from tests.factories import LeadFactory, PlacementFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db
ALCOHOL = {
    "name": "alcohol",
    "freq": "daily",
    "status": "stopped",
    "hours_since_last": 20,
    "amount_per_day": 18,
}


def placed(site: Site, *rules: str, version: str = "", **said: object) -> Placement:
    fired = [{"id": rule, "reason": rule.capitalize(), "level": "U1"} for rule in rules]
    return PlacementFactory(
        lead=LeadFactory(site=site),
        rules=fired,
        answers=CALM.to_dict() | said,
        rule_set_version=version or shipped_rules().version,
        decided_at=database_now(),
    )


def facts(placement: Placement) -> list[tuple[str, str]]:
    return [(fact.asked, fact.answered) for rule in why(placement) for fact in rule.facts]


def test_of_a_substance_only_what_the_rule_looks_at_is_said(site: Site) -> None:
    placement = placed(
        site, "alcohol-withdrawal-symptoms", substances=[ALCOHOL], symptoms=["tremor", "anxiety"]
    )
    assert facts(placement) == [
        ("Alcohol", "every day, last 20 hours before the enquiry, has stopped"),
        ("Signs now", "Shaking"),
    ]


def test_a_tick_that_no_rule_asks_for_is_quoted_and_nothing_that_looks_like_one(
    site: Site, desk: Client
) -> None:
    ticked = "Feeling ill after stopping or cutting down"
    said = f"Stopped drinking yesterday, shaking badly [not asleep]\n[{ticked}]"
    page = text_of(desk.get(f"/desk/leads/{placed(site, 'default', free_text=said).lead.reference}/"))
    assert f"They ticked: “{ticked}”." in page
    assert page.count("They ticked:") == 1
    page = desk.get(f"/desk/leads/{placed(site, 'default', free_text=f'I am {ticked}').lead.reference}/")
    assert "They ticked:" not in text_of(page)


def test_what_was_not_answered_is_said_to_be_so(site: Site) -> None:
    substance = {"name": "benzodiazepine", "freq": "daily", "status": "unknown"}
    [(asked, answered)] = facts(placed(site, "unknown-safety-answer", substances=[substance]))
    assert (asked, answered) == ("Benzodiazepine", "every day, whether it was stopped: not answered")


def test_of_a_message_only_the_words_are_said_that_were_found(site: Site) -> None:
    placement = placed(site, "free-text-red-flag", free_text="My name is Jo. I CAN’T BREATHE some nights.")
    assert facts(placement) == [("In their own words", "“cant breathe”")]


def test_a_tick_for_thoughts_of_suicide_is_said_under_its_heading(site: Site) -> None:
    placement = placed(site, "free-text-red-flag", free_text=f"Help\n{THOUGHTS_LINE}")
    assert facts(placement) == [("Suicide", f"Ticked: {THOUGHTS}")]


def test_what_nobody_was_asked_is_not_known_yet(site: Site) -> None:
    unknown = {"suicide": "unknown", "age_band": "unknown"}
    plain = placed(site, "unknown-safety-answer", **unknown)
    assert facts(plain) == [("Age", "Not known yet: ask"), ("Suicide", "Not known yet: ask")]
    ticked = placed(site, "unknown-safety-answer", free_text=THOUGHTS_LINE, **unknown)
    assert ("Suicide", "How safe they are is not known yet: ask") in facts(ticked)


def test_a_reason_that_says_it_is_not_said_again_below(site: Site) -> None:
    placement = placed(site, "free-text-red-flag", free_text=THOUGHTS_LINE)
    placement.rules = [{"id": "free-text-red-flag", "reason": f"Ticked: {THOUGHTS}", "level": "U1"}]
    assert facts(placement) == []


def test_a_time_that_the_form_stands_for_is_not_said_to_be_given(site: Site) -> None:
    placement = placed(site, "requested-today", timing="now", timing_assumed=True)
    assert facts(placement) == [("Wants to start", "Nobody has asked yet: the urgent form counts as today")]


def test_a_rule_that_fires_for_want_of_others_says_so(site: Site) -> None:
    assert facts(placed(site, "standard")) == [("Because", "No other rule asked for a level")]


@pytest.mark.parametrize("version", ["never-heard-of"])
def test_rules_that_are_not_known_any_more_still_show_their_reason(site: Site, version: str) -> None:
    [rule] = why(placed(site, "under-18", version=version, age_band="16_17"))
    assert (rule.words, rule.facts) == ("Under-18", [])


def test_answers_of_an_older_form_are_no_error(site: Site) -> None:
    [rule] = why(placed(site, "under-18", age_band="about forty"))
    assert rule.facts == []


def test_the_leads_page_says_it_beside_the_reason(desk: Client, site: Site) -> None:
    load_shipped_content()
    placement = placed(site, "under-18", age_band="16_17")
    page = text_of(desk.get(f"/desk/leads/{placement.lead.reference}/"))
    assert "Under-18 Age: 16 or 17" in " ".join(page.split())


def test_the_page_asks_as_much_of_the_database_for_one_rule_as_for_many(desk: Client, site: Site) -> None:
    load_shipped_content()
    few = placed(site, "under-18", age_band="16_17")
    many = placed(site, *[rule.id for rule in shipped_rules().rules][:30], age_band="16_17")
    assert _queries(desk, few.lead) == _queries(desk, many.lead)


def _queries(desk: Client, lead: Lead) -> int:
    desk.get(f"/desk/leads/{lead.reference}/")
    with CaptureQueriesContext(connection) as queries:
        desk.get(f"/desk/leads/{lead.reference}/")
    return len(queries)
