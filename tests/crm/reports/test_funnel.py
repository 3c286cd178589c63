"""The conversion funnel: who is in it, how far they got, when it is too early to say."""

from dataclasses import replace
from datetime import timedelta

import pytest

from crm.enums import CohortGrain, Disposition, EventKind, Level
from crm.models import Site
from crm.reports.funnel import funnel_report
from crm.reports.tables import TOO_EARLY, Table
from tests.crm.reports.past import AT, closed_lead, event, in_review, past_lead, window
from tests.crm.reports.reading import cell, headings, part, words
from tests.factories import SiteFactory


def test_a_later_step_counts_for_the_earlier_ones(site: Site) -> None:
    lead = past_lead(site)
    event(lead, EventKind.STAGE_MOVED, to="OFFERED")
    report = funnel_report(window(site))
    counts = [cell(report, "steps", step, "Enquiries").value for step in headings(report, "steps")]
    assert counts == [1, 1, 1, 1, 0, 0]


def test_first_contact_alone_is_contacted(site: Site) -> None:
    past_lead(site, minutes=5)
    report = funnel_report(window(site))
    assert cell(report, "steps", "Contacted", "Enquiries").value == 1
    assert cell(report, "steps", "Assessing", "Enquiries").value == 0


def test_percentages_are_of_received_and_of_the_step_before(site: Site) -> None:
    for steps in (0, 1, 2, 2):
        past_lead(site, steps=steps)
    report = funnel_report(window(site))
    assert words(report, "steps", "Contacted") == ["3", "4", "3", "75%", "75%"]
    assert words(report, "steps", "Assessing") == ["2", "4", "2", "50%", "67%"]


def test_percentages_look_only_at_enquiries_that_are_old_enough(site: Site) -> None:
    past_lead(site, steps=5)
    past_lead(site, steps=1, days_ago=10)
    report = funnel_report(window(site))
    assert words(report, "steps", "Admitted") == ["1", "1", "1", "100%", "100%"]
    assert words(report, "steps", "Contacted") == ["2", "2", "2", "100%", "100%"]


def test_a_young_range_is_too_early_to_say(site: Site) -> None:
    past_lead(site, steps=1, days_ago=1)
    report = funnel_report(window(site, days=7))
    assert words(report, "steps", "Contacted") == ["1", "0", TOO_EARLY, TOO_EARLY, TOO_EARLY]


@pytest.mark.parametrize("level", [Level.E1, Level.E2])
def test_emergencies_stand_apart(site: Site, level: Level) -> None:
    past_lead(site, level=level, minutes=4, steps=5)
    report = funnel_report(window(site))
    assert cell(report, "steps", "Received", "Enquiries").value == 0
    assert cell(report, "beside", "Emergencies", "Leads").value == 1
    assert cell(report, "emergencies", "All", "Spoken with").value == 1
    assert cell(report, "emergencies", "All", "In time").text == "100%"


def test_review_duplicates_and_no_enquiries_are_left_out_and_said(site: Site) -> None:
    in_review(site)
    closed_lead(site, Disposition.DUPLICATE)
    closed_lead(site, Disposition.NOT_AN_ENQUIRY)
    closed_lead(site, Disposition.NOT_NOW)
    report = funnel_report(window(site))
    assert cell(report, "steps", "Received", "Enquiries").value == 1
    assert cell(report, "beside", "In review", "Leads").value == 1
    assert cell(report, "beside", "Duplicates and not an enquiry", "Leads").value == 2
    assert "duplicates and closings as not an enquiry are left out" in part(report, "steps").definition


def test_a_rejected_review_is_no_longer_in_review(site: Site) -> None:
    closed_lead(site, Disposition.NOT_AN_ENQUIRY, review=True, level=None, respond_by=AT, due_at=AT)
    report = funnel_report(window(site))
    assert cell(report, "beside", "In review", "Leads").value == 0
    assert cell(report, "beside", "Duplicates and not an enquiry", "Leads").value == 1


def test_never_contacted_is_shown(site: Site) -> None:
    past_lead(site)
    past_lead(site, minutes=3)
    assert cell(funnel_report(window(site)), "beside", "Never contacted", "Leads").value == 1


def test_cohorts_are_weeks_from_monday_cut_at_the_range(site: Site) -> None:
    past_lead(site, days_ago=0)
    report = funnel_report(window(site, days=9))
    assert headings(report, "cohorts") == ["7 Jun", "8 to 14 Jun", "15 Jun"]
    assert [row.cells[0].value for row in part(report, "cohorts").rows] == [0, 0, 1]


def test_cohorts_can_be_months(site: Site) -> None:
    past_lead(site, days_ago=40)  # 6 May
    report = funnel_report(window(site, days=60), CohortGrain.MONTH)
    assert headings(report, "cohorts") == ["17 to 30 Apr", "1 to 31 May", "1 to 15 Jun"]
    assert [row.cells[0].value for row in part(report, "cohorts").rows] == [0, 1, 0]


def test_a_cohort_waits_for_its_youngest_enquiry(site: Site) -> None:
    past_lead(site, steps=1, days_ago=7)  # Monday, 8 June
    cohorts = part(funnel_report(window(site, days=14)), "cohorts")
    assert _shares(cohorts)[:2] == [TOO_EARLY, TOO_EARLY]
    later = replace(window(site, days=14), at=AT + timedelta(days=3))  # the week ended four days ago
    assert _shares(part(funnel_report(later), "cohorts"))[:2] == ["100%", TOO_EARLY]


def test_the_day_is_that_of_the_site(site: Site) -> None:
    far = SiteFactory(time_zone="Pacific/Auckland")
    late_evening = AT.replace(day=14, hour=23, minute=30)  # 00:30 on the 15th in London, 11:30 in Auckland
    for each in (site, far):
        past_lead(each, received_at=late_evening)
    past_lead(site, received_at=AT.replace(day=13, hour=22, minute=30))  # still the 13th in London
    report = funnel_report(window(site, far, days=2))
    assert cell(report, "cohorts", "15 Jun", "Received").value == 2
    assert cell(report, "steps", "Received", "Enquiries").value == 2


def test_other_sites_and_other_days_are_not_counted(site: Site) -> None:
    past_lead(SiteFactory())
    past_lead(site, days_ago=91)
    assert not funnel_report(window(site)).has_leads


def test_a_lead_that_was_opened_again_counts(site: Site) -> None:
    lead = past_lead(site, steps=2)
    event(lead, EventKind.CLOSED, hours=2, **{"from": "ASSESSING", "disposition": "DUPLICATE"})
    event(lead, EventKind.REOPENED, hours=3)
    assert cell(funnel_report(window(site)), "steps", "Assessing", "Enquiries").value == 1


def _shares(cohorts: Table) -> list[str]:
    """Return the percentages of the second cohort, from contacted to admitted."""
    return [each.beside.text for each in cohorts.rows[1].cells if each.beside]
