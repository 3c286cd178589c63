"""Closed reasons, and the stage at which leads were lost."""

from crm.enums import Disposition, EventKind, Level, Stage
from crm.models import Site
from crm.reports.closed import closed_report
from tests.crm.reports.past import AT, closed_lead, event, past_lead, window
from tests.crm.reports.reading import cell, headings


def test_reasons_are_counted_by_the_stage_they_were_closed_from(site: Site) -> None:
    closed_lead(site, Disposition.NOT_NOW)
    closed_lead(site, Disposition.NOT_NOW, stage=Stage.OFFERED)
    closed_lead(site, Disposition.NO_FUNDING, stage=Stage.OFFERED, level=Level.E1)
    past_lead(site)
    report = closed_report(window(site))
    assert headings(report, "reasons") == ["Not ready at the moment", "Could not fund a stay", "All"]
    assert cell(report, "reasons", "Not ready at the moment", "Share").text == "67%"
    assert cell(report, "reasons", "All", "From offered").value == 2
    assert cell(report, "reasons", "All", "Closed").value == 3


def test_the_latest_closing_counts(site: Site) -> None:
    lead = closed_lead(site, Disposition.NOT_NOW, stage=Stage.BOOKED)
    event(lead, EventKind.REOPENED, hours=2)
    event(lead, EventKind.CLOSED, hours=3, **{"from": "OFFERED", "disposition": "NOT_NOW"})
    report = closed_report(window(site))
    assert cell(report, "reasons", "All", "From offered").value == 1
    assert cell(report, "reasons", "All", "From booked").value == 0


def test_a_lead_that_is_open_again_is_not_closed(site: Site) -> None:
    lead = past_lead(site)
    event(lead, EventKind.CLOSED, **{"from": "NEW", "disposition": "NOT_NOW"})
    event(lead, EventKind.REOPENED, hours=2)
    assert not closed_report(window(site)).has_leads


def test_a_rejected_review_is_closed_from_new(site: Site) -> None:
    over = {"stage": Stage.CLOSED, "closed_at": AT, "disposition": Disposition.NOT_AN_ENQUIRY}
    lead = past_lead(site, review=True, level=None, respond_by=AT, due_at=AT, **over)
    event(lead, EventKind.REVIEW_REJECTED)
    assert cell(closed_report(window(site)), "reasons", "Not an enquiry", "From new").value == 1
