"""Waits and promises: medians, late ones, those nobody reached, and those whose time is still to come."""

from datetime import timedelta

from crm.enums import Disposition, Level
from crm.models import Site
from crm.reports.response_times import response_report
from tests.crm.reports.past import AT, closed_lead, in_review, past_lead, window
from tests.crm.reports.reading import cell, headings, words


def test_median_and_ninetieth_percentile(site: Site) -> None:
    for minutes in (10, 20, 30, 40, 60):
        past_lead(site, level=Level.U1, minutes=minutes)
    report = response_report(window(site))
    assert cell(report, "by_level", "U1, within 30 min", "Median").text == "30 min"
    assert cell(report, "by_level", "U1, within 30 min", "90th percentile").value == 52


def test_in_time_counts_the_late_and_those_nobody_reached(site: Site) -> None:
    past_lead(site, level=Level.U2, minutes=30)
    past_lead(site, level=Level.U2, minutes=300, within=False)
    past_lead(site, level=Level.U2)
    past_lead(site, level=Level.U2, received_at=AT - timedelta(minutes=5))
    row = words(response_report(window(site)), "by_level", "U2, within 2 h")
    assert row == ["4", "2", "2 h 45 min", "4 h 33 min", "33%", "1", "1", "1"]


def test_every_level_has_its_line_and_all_is_the_last(site: Site) -> None:
    past_lead(site, level=Level.E1, minutes=3)
    past_lead(site, level=Level.P2, minutes=600)
    report = response_report(window(site))
    assert headings(report, "by_level")[-1] == "All"
    assert len(headings(report, "by_level")) == len(Level) + 1
    assert cell(report, "by_level", "All", "Spoken with").value == 2
    assert words(report, "by_level", "U3, within 4 h") == ["0", "0", "–", "–", "–", "0", "0", "0"]


def test_a_lead_that_is_not_routed_has_a_line_of_its_own(site: Site) -> None:
    past_lead(site, unrouted=True, respond_by=AT - timedelta(days=1), due_at=AT)
    assert cell(response_report(window(site)), "by_level", "Not yet routed", "Not reached").value == 1


def test_hours_are_those_of_the_site(site: Site) -> None:
    past_lead(site, received_at=AT - timedelta(days=1), minutes=4)  # 13:00 in London
    report = response_report(window(site))
    assert cell(report, "by_hour", "13:00", "Enquiries").value == 1
    assert cell(report, "by_hour", "12:00", "Enquiries").value == 0
    assert len(headings(report, "by_hour")) == 24


def test_review_duplicates_and_no_enquiries_are_left_out(site: Site) -> None:
    in_review(site)
    closed_lead(site, Disposition.DUPLICATE, minutes=2)
    report = response_report(window(site))
    assert cell(report, "by_level", "All", "Enquiries").value == 0
    assert not report.has_leads
