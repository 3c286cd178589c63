"""Sources and substances: counts and admission rates."""

import pytest

from crm.enums import Level
from crm.models import Site
from crm.reports.lists import leads_behind
from crm.reports.sources import sources_report
from crm.reports.tables import TOO_EARLY
from tests.crm.reports.past import past_lead, window
from tests.crm.reports.reading import cell, headings, words


def test_each_source_with_its_admission_rate(site: Site) -> None:
    past_lead(site, source="newsletter", steps=5)
    past_lead(site, source="newsletter", steps=1)
    past_lead(site, source="newsletter", steps=5, days_ago=5)
    past_lead(site, source="leaflet")
    report = sources_report(window(site))
    assert words(report, "by_source", "newsletter") == ["3", "3", "2", "2", "50%", "0"]
    assert words(report, "by_source", "leaflet") == ["1", "0", "0", "1", "0%", "0"]


def test_a_source_of_young_enquiries_is_too_early_to_say(site: Site) -> None:
    past_lead(site, source="leaflet", days_ago=3)
    assert cell(sources_report(window(site)), "by_source", "leaflet", "Admission rate").text == TOO_EARLY


def test_substances_stand_in_plain_words_largest_first(site: Site) -> None:
    past_lead(site, main_substance="ghb_gbl")
    past_lead(site, main_substance="ketamine")
    past_lead(site, main_substance="ketamine")
    past_lead(site, main_substance="")
    found = headings(sources_report(window(site)), "by_substance")
    assert found[0] == "Ketamine"
    assert set(found) == {"Ketamine", "GHB or GBL", "Not recorded"}


def test_emergencies_have_their_own_column(site: Site) -> None:
    past_lead(site, source="leaflet", level=Level.E2, steps=5)
    assert words(sources_report(window(site)), "by_source", "leaflet") == ["0", "0", "0", "0", TOO_EARLY, "1"]


def test_only_the_largest_are_shown_and_the_file_has_all(site: Site) -> None:
    for number in range(27):
        past_lead(site, source=f"campaign-{number}")
    table = sources_report(window(site)).table("by_source")
    assert table is not None
    assert (len(table.page_rows), table.hidden, len(table.rows)) == (25, 2, 27)


def test_campaigns_and_first_pages_have_tables_of_their_own(site: Site) -> None:
    past_lead(site, campaign="spring", landing="/help/alcohol/", steps=5)
    past_lead(site, campaign="spring", landing="/")
    past_lead(site)
    report = sources_report(window(site))
    assert words(report, "by_campaign", "spring")[:3] == ["2", "1", "1"]
    assert words(report, "by_landing", "/help/alcohol/")[:3] == ["1", "1", "1"]
    assert headings(report, "by_campaign") == ["spring", "Not recorded"]


def test_where_nothing_is_known_of_campaigns_there_is_no_table(site: Site) -> None:
    past_lead(site)
    assert [table.key for table in sources_report(window(site)).tables] == ["by_source", "by_substance"]


@pytest.mark.parametrize("kind", ["source", "campaign", "landing"])
def test_the_figure_opens_its_leads(site: Site, kind: str) -> None:
    past_lead(site, **{kind: "here"})
    past_lead(site, **{kind: "there"})
    figure = cell(sources_report(window(site)), f"by_{kind}", "here", "Enquiries").figure
    assert figure
    assert [lead.total for lead in leads_behind(figure, window(site)).leads] == [1]
