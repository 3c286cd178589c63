"""The first numbers that a manager sees."""

from datetime import timedelta

from crm.enums import Level
from crm.models import Site
from crm.reports.lists import leads_behind
from crm.reports.overview import headlines
from crm.reports.tables import TOO_EARLY
from tests.crm.reports.past import AT, past_lead, window


def _numbers(site: Site) -> dict[str, str]:
    return {each.title: each.number for each in headlines(window(site))}


def test_headlines(site: Site) -> None:
    past_lead(site, steps=5, minutes=10)
    past_lead(site, minutes=30, within=False)
    past_lead(site, received_at=AT - timedelta(minutes=5))
    past_lead(site, level=Level.E1, minutes=2)
    assert _numbers(site) == {
        "Enquiries": "3",
        "Emergencies": "1",
        "Never contacted": "1",
        "Promises kept": "67%",
        "Median wait": "10 min",
        "Admitted": "50%",
    }


def test_headlines_without_leads_say_nothing_wrong(site: Site) -> None:
    found = _numbers(site)
    assert (found["Enquiries"], found["Promises kept"], found["Admitted"]) == ("0", "–", TOO_EARLY)


def test_every_headline_opens_its_leads(site: Site) -> None:
    past_lead(site, steps=5, minutes=10)
    found = {each.title: each.figure for each in headlines(window(site)) if each.figure}
    opened = {title: leads_behind(figure, window(site)).total for title, figure in found.items()}
    assert opened["Enquiries"] == opened["Promises kept"] == opened["Admitted"] == opened["Median wait"] == 1
    assert opened["Emergencies"] == opened["Never contacted"] == 0
