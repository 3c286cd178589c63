"""Reports: for managers, about their own sites, as pages, lists and files."""

import csv
import io
import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from crm.enums import Role
from crm.models import Site, User
from crm.reports.catalogue import CATALOGUE
from jobs.clock import database_now
from tests.crm.reports.past import past_lead
from tests.factories import MembershipFactory, SiteFactory
from tests.pages import text_of

PAGES = ["", "funnel/", "response-times/", "sources/", "closed/", "alerts/", "leads/", "funnel/steps.csv"]
REPORTS = "/desk/reports/"


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    """A browser in which the manager is signed in."""
    client.force_login(manager)
    return client


def recent_lead(site: Site, *, days_ago: float = 40, **values: object):
    return past_lead(site, received_at=database_now() - timedelta(days=days_ago), **values)


@pytest.mark.parametrize("page", PAGES)
def test_managers_see_it(office: Client, site: Site, page: str) -> None:
    recent_lead(site, steps=5, minutes=3)
    assert office.get(REPORTS + page).status_code == 200


@pytest.mark.parametrize("page", PAGES)
def test_others_do_not(desk: Client, clinician: User, page: str) -> None:
    assert desk.get(REPORTS + page).status_code == 403
    desk.force_login(clinician)
    assert desk.get(REPORTS + page).status_code == 403


@pytest.mark.parametrize("page", PAGES)
def test_strangers_sign_in_first_and_nothing_is_posted(client: Client, office: Client, page: str) -> None:
    assert office.post(REPORTS + page).status_code == 405
    office.logout()
    assert office.get(REPORTS + page).status_code == 302


@pytest.mark.parametrize(
    "page", ["nonsense/", "funnel/nonsense.csv", "nonsense/steps.csv", "leads/?step=9", "leads/?group=x"]
)
def test_what_does_not_exist_is_not_found(office: Client, page: str) -> None:
    assert office.get(REPORTS + page).status_code == 404


def test_another_sites_leads_are_not_counted(office: Client, site: Site) -> None:
    recent_lead(site)
    recent_lead(SiteFactory(), steps=5)
    assert "Enquiries 1 received" in text_of(office.get(REPORTS))
    assert "1 lead, newest first" in text_of(office.get(REPORTS + "leads/"))


def test_a_strange_site_is_not_found_and_ones_own_can_be_chosen(
    office: Client, site: Site, manager: User
) -> None:
    strange, second = SiteFactory(slug="strange"), SiteFactory(slug="second", name="Second House")
    MembershipFactory(user=manager, site=second, role=Role.MANAGER)
    recent_lead(second)
    recent_lead(strange)
    assert office.get(REPORTS + "?site=strange").status_code == 404
    assert "Enquiries 1 received" in text_of(office.get(REPORTS))
    assert "Enquiries 0 received" in text_of(office.get(REPORTS + f"?site={site.slug}"))
    assert "Second House" in text_of(office.get(REPORTS + "funnel/?site=second"))


def test_a_coordinators_site_is_not_among_a_managers(office: Client, manager: User) -> None:
    other = SiteFactory(slug="other")
    MembershipFactory(user=manager, site=other, role=Role.COORDINATOR)
    recent_lead(other)
    assert "Enquiries 0 received" in text_of(office.get(REPORTS))
    assert office.get(REPORTS + "leads/?site=other").status_code == 404


@pytest.mark.parametrize(
    ("asked", "days"),
    [("", 90), ("?period=7", 7), ("?period=365", 365), ("?period=12", 90), ("?period=x", 90)],
)
def test_periods_end_today(office: Client, site: Site, asked: str, days: int) -> None:
    recent_lead(site, days_ago=days - 1.1)
    recent_lead(site, days_ago=days + 0.1)
    assert "Enquiries 1 received" in text_of(office.get(REPORTS + asked))


def test_dates_can_be_chosen_and_win_over_a_period(office: Client, site: Site) -> None:
    lead = recent_lead(site, days_ago=200)
    day = lead.received_at.date()
    near = f"?start={day - timedelta(days=2)}&end={day + timedelta(days=2)}"
    assert "Enquiries 1 received" in text_of(office.get(f"{REPORTS}{near}&period=7"))
    assert "Enquiries 0 received" in text_of(office.get(f"{REPORTS}?end={day - timedelta(days=2)}"))
    assert "Enquiries 1 received" in text_of(office.get(f"{REPORTS}?start={day - timedelta(days=2)}"))


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("?start=2026-03-02&end=2026-03-01", "The first day is after the last day."),
        ("?start=2009-01-01&end=2026-03-01", "more than five years apart"),
        ("?start=2026-02-31", "Enter a valid date."),
        ("?end=2026-02-31", "Enter a valid date."),
        ("?end=0001-01-01", "Choose dates from 2000 to 2100."),
        ("?start=9999-12-31&end=9999-12-31", "Choose dates from 2000 to 2100."),
        ("?start=yesterday&end=2026-03-01", "Enter a valid date."),
    ],
)
def test_dates_that_make_no_sense_are_said(office: Client, asked: str, said: str) -> None:
    for page in ("", "funnel/", "leads/"):
        response = office.get(REPORTS + page + asked)
        assert said in text_of(response)
        assert response.content.decode().count("Error: ") == 1
    assert office.get(f"{REPORTS}funnel/steps.csv{asked}").status_code == 400


@pytest.mark.parametrize(
    "asked", ["?after=%00", "?after=nonsense", "?period=%00", "?by=century", "?old=0001-01-01"]
)
def test_a_list_shrugs_at_what_makes_no_sense(office: Client, site: Site, asked: str) -> None:
    recent_lead(site)
    assert office.get(f"{REPORTS}leads/{asked}").status_code == 200


@pytest.mark.parametrize("asked", ["?source=%00", "?site=%00", "?level=%00", "?hour=99", "?promise=x"])
def test_a_list_that_cannot_be_is_not_found(office: Client, asked: str) -> None:
    assert office.get(f"{REPORTS}leads/{asked}").status_code == 404


def test_an_empty_range_says_what_to_do(office: Client) -> None:
    for entry in CATALOGUE[:3]:
        assert "No enquiries in these dates" in text_of(office.get(f"{REPORTS}{entry.slug}/"))
    assert "Nothing that came in these dates is closed" in text_of(office.get(REPORTS + "closed/"))
    assert "No leads here" in text_of(office.get(REPORTS + "leads/"))


def test_every_table_has_its_definition_and_its_file(office: Client, site: Site) -> None:
    recent_lead(site, steps=2)
    for entry in CATALOGUE[:3]:
        page = office.get(f"{REPORTS}{entry.slug}/").content.decode()
        tables = page.count("<table")
        assert tables == page.count("What this counts.") == page.count("Download as CSV") > 0
        files = re.findall(r'href="([^"]+\.csv[^"]*)"', page)
        assert len(files) == tables
        for address in files:
            assert office.get(address.replace("&amp;", "&"))["Content-Type"].startswith("text/csv")


def test_figures_lead_to_their_leads(office: Client, site: Site) -> None:
    lead = recent_lead(site, steps=5, minutes=4)
    recent_lead(site)
    page = office.get(REPORTS + "funnel/?period=90&by=month").content.decode()
    links = [link.replace("&amp;", "&") for link in re.findall(r'href="([^"]+leads/\?[^"]+)"', page)]
    admitted = next(link for link in links if "step=5" in link)
    listed = text_of(office.get(admitted))
    assert "that got as far as “Admitted”" in listed
    assert "1 lead, newest first" in listed
    assert lead.reference in listed


def test_addresses_name_no_substance_and_no_source(office: Client, site: Site) -> None:
    recent_lead(site, main_substance="ketamine", source="leaflet-in-surgery")
    page = office.get(REPORTS + "sources/").content.decode()
    addresses = re.findall(r'href="([^"]+)"', page)
    assert not [each for each in addresses if "ketamine" in each or "leaflet" in each]


def test_a_source_is_shown_and_never_run(office: Client, site: Site) -> None:
    evil = '=HYPERLINK("//x")<script>alert(1)</script>'
    recent_lead(site, source=evil)
    page = office.get(REPORTS + "sources/").content.decode()
    assert escape(evil) in page
    assert "<script>alert" not in page
    text = office.get(REPORTS + "sources/by_source.csv").content.decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text)))[1][0] == f"'{evil}"


def test_lists_count_in_words(office: Client, site: Site) -> None:
    recent_lead(site)
    recent_lead(site)
    assert "2 leads, newest first" in text_of(office.get(REPORTS + "leads/"))


@pytest.mark.parametrize(
    ("page", "queries"),
    [("", 2), ("funnel/", 2), ("response-times/", 1), ("sources/", 1), ("closed/", 1), ("leads/", 1)],
)
def test_the_number_of_queries_does_not_grow(
    office: Client, site: Site, django_assert_num_queries, page: str, queries: int
) -> None:
    # session, user, roles, being here, sites, clock, counts, public role, own leads, who watches, unanswered
    around = 11
    recent_lead(site, source="one")
    with django_assert_num_queries(around + queries):
        office.get(REPORTS + page)
    for number in range(30):
        recent_lead(site, source=f"source {number}", steps=number % 6, days_ago=number)
    with django_assert_num_queries(around + queries):
        office.get(REPORTS + page)
