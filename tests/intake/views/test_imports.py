"""The pages on which a manager imports a list, with and without scripts."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Lead, Site, User
from intake.enums import ImportState
from intake.models import LeadImport
from intake.services.import_rows import work_on_list
from intake.services.lead_imports import upload_list
from jobs.clock import database_now
from tests.intake.services.test_lead_imports import LIST, lead_of, work
from tests.pages import text_of

PAGE = "/desk/imports/"
COLUMNS = {"name": "0", "phone": "1", "free_text": "2"}
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    """A browser in which the manager is signed in."""
    client.force_login(manager)
    return client


def upload(client: Client, site: Site, content: bytes = LIST.encode(), **said: str) -> HttpResponse:
    file = SimpleUploadedFile("people.csv", content, content_type="text/csv")
    return client.post(PAGE, {"site": str(site.pk), "agreed": "on", "file": file} | said, follow=True)


def address(batch: LeadImport) -> str:
    return f"{PAGE}{batch.pk}/"


def test_a_manager_imports_a_list_from_end_to_end(office: Client, site: Site) -> None:
    page = upload(office, site)
    batch = LeadImport.objects.get()
    assert page.redirect_chain == [(address(batch), 302)]
    assert '<option value="1" selected>Phone</option>' in page.content.decode()
    assert "Ada Example" in text_of(page)
    page = office.post(address(batch), COLUMNS, follow=True)
    assert "Being checked: row 0 of 3" in text_of(page)
    assert '<noscript><meta http-equiv="refresh" content="3"></noscript>' in page.content.decode()
    page = office.get(address(work(batch)))
    assert "2 would be new leads" in text_of(page)
    assert "Import 2 rows" in text_of(page)
    assert "Row 4" in text_of(page)
    assert not Lead.objects.exists()
    office.post(f"{address(batch)}start/")
    page = office.get(address(work(batch)))
    assert "2 new leads" in text_of(page)
    assert "The list was deleted" in text_of(page)
    assert Lead.objects.count() == 2
    assert "Ada Example" not in text_of(page)


def test_the_check_links_to_the_leads_that_rows_would_join(office: Client, site: Site) -> None:
    upload(office, site)
    office.post(address(LeadImport.objects.get()), COLUMNS)
    office.post(f"{address(work(LeadImport.objects.get()))}start/")
    work(LeadImport.objects.get())
    ada = lead_of("Ada Example")
    upload(office, site, b"Name,Phone\nAda Example,+44 7700 900123\nCy,07700900444\nCy,07700 900444\n")
    batch = LeadImport.objects.latest("uploaded_at")
    office.post(address(batch), {"name": "0", "phone": "1"})
    page = office.get(address(work(batch)))
    assert f'href="/desk/leads/{ada.reference}/"' in page.content.decode()
    assert "1 would be a new lead." in text_of(page)
    assert "Row 4: the lead of row 3" in text_of(page)
    assert "Import 3 rows" in text_of(page)


def test_an_import_is_stopped_half_way_and_says_what_stays(office: Client, site: Site) -> None:
    upload(office, site)
    batch = LeadImport.objects.get()
    office.post(address(batch), COLUMNS)
    office.post(f"{address(work(batch))}start/")
    page = office.get(address(batch))
    assert "Stop the import" in text_of(page)
    LeadImport.objects.update(next_row=1, opened=1)
    page = office.post(f"{address(batch)}drop/", follow=True)
    assert "stopped after row 1 of 3: what it made stays (1 new lead, 0 joined)" in text_of(page)
    assert "The import was stopped after row 1 of 3." in text_of(office.get(address(batch)))


def test_the_progress_refreshes_itself_and_then_the_page(office: Client, site: Site) -> None:
    upload(office, site)
    batch = LeadImport.objects.get()
    office.post(address(batch), COLUMNS)
    part = office.get(address(batch), headers={"HX-Request": "true"})
    assert "<html" not in part.content.decode()
    assert 'max="3" value="0"' in part.content.decode()
    work(batch)
    assert office.get(address(batch), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_list_can_be_checked_again_with_other_columns(office: Client, site: Site) -> None:
    upload(office, site)
    batch = LeadImport.objects.get()
    office.post(address(batch), {"name": "0"})
    assert work(batch).failed == 3
    office.post(address(batch), COLUMNS)
    assert work(batch).failed == 1


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04\x00", "This is not a CSV file."),
        (b"Name,Phone\n", "There are no rows below the headings."),
    ],
)
def test_a_file_that_is_no_list_is_refused_in_words(
    office: Client, site: Site, content: bytes, words: str
) -> None:
    page = upload(office, site, content)
    assert page.status_code == 422
    assert words in text_of(page)
    assert not LeadImport.objects.exists()


def test_a_file_that_is_too_large_never_touches_the_disk(office: Client, site: Site) -> None:
    page = upload(office, site, b"Name,Phone\n" + b"x" * 5_100_000)
    assert page.status_code == 422
    assert "at most 5 MB" in text_of(page)


def test_the_manager_says_that_these_people_asked_for_help(office: Client, site: Site) -> None:
    page = upload(office, site, agreed="")
    assert page.status_code == 422
    assert "Import only people who asked" in text_of(page)


@pytest.mark.parametrize("columns", [{"phone": "99"}, {"phone": "x"}])
def test_a_column_that_is_not_there_is_refused(office: Client, site: Site, columns: dict[str, str]) -> None:
    upload(office, site)
    batch = LeadImport.objects.get()
    assert office.post(address(batch), columns).status_code == 422
    batch.refresh_from_db()
    assert batch.state == ImportState.UPLOADED


def test_what_cannot_be_done_now_is_said(office: Client, site: Site) -> None:
    upload(office, site)
    batch = LeadImport.objects.get()
    page = office.post(f"{address(batch)}start/", follow=True)
    assert "That cannot be done with this list now." in text_of(page)
    page = office.post(f"{address(batch)}drop/", follow=True)
    assert "The list is deleted. Nothing was imported." in text_of(page)
    assert office.post(address(batch), COLUMNS).status_code == 422


def test_only_managers_of_the_site_import(
    client: Client, site: Site, manager: User, coordinator: User, clinician: User, outsider: User
) -> None:
    batch = upload_list(site=site, by=manager, text=LIST, at=database_now())
    paths = (PAGE, address(batch), f"{address(batch)}start/", f"{address(batch)}drop/")
    for person in (coordinator, clinician, outsider):
        client.force_login(person)
        assert [client.post(path).status_code for path in paths] == [403] * 4
        assert PAGE not in client.get("/desk/").content.decode()
    outsider.memberships.update(role="MANAGER")
    client.force_login(outsider)
    assert [client.post(path).status_code for path in paths[1:]] == [404] * 3
    assert upload(client, site).status_code == 422
    assert str(batch.pk) not in client.get(PAGE).content.decode()
    client.logout()
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


def test_starting_and_dropping_are_posts(office: Client, site: Site, manager: User) -> None:
    batch = upload_list(site=site, by=manager, text=LIST, at=database_now())
    assert office.get(f"{address(batch)}start/").status_code == 405
    assert office.get(f"{address(batch)}drop/").status_code == 405


def test_thirty_lists_cost_as_many_queries_as_one(office: Client, site: Site, manager: User) -> None:
    found = []
    for number in (1, 29):
        for _ in range(number):
            upload_list(site=site, by=manager, text=LIST, at=database_now())
        with CaptureQueriesContext(connection) as queries:
            assert office.get(PAGE).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]


def test_work_on_a_list_that_is_gone_does_nothing(site: Site, manager: User) -> None:
    batch = upload_list(site=site, by=manager, text=LIST, at=database_now())
    work_on_list(batch_id=batch.pk, at=database_now())
    batch.refresh_from_db()
    assert batch.next_row == 0
