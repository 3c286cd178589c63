"""Lists that are uploaded: looked at, checked and imported in a browser, with scripts and without."""

import pytest
from playwright.sync_api import Page

from crm.models import CallLog, Lead, PhoneCall
from crm.tasks import read_call_log
from intake.models import LeadImport
from intake.tasks import work_on_import
from jobs.clock import database_now
from tests.browser.conftest import OpenPage
from tests.browser.going import follow
from tests.browser.test_desk_accessibility import fine
from tests.browser.test_screenshots import photograph
from tests.crm.services.test_call_logs import LOG
from tests.intake.services.test_lead_imports import LIST


def choose(page: Page, content: str) -> None:
    file = {"name": "list.csv", "mimeType": "text/csv", "buffer": content.encode()}
    page.get_by_label("CSV file").set_input_files(file)


def import_a_list(page: Page) -> list[str]:
    """Go through every page of an import; return what is wrong with them."""
    before = Lead.objects.count()
    page.goto("/desk/imports/")
    choose(page, LIST)
    page.get_by_label("Each of these people asked for help").check()
    follow(page.get_by_role("button", name="Upload"))
    wrong = fine(page)
    follow(page.get_by_role("button", name="Check the list"))
    wrong += fine(page)
    batch = LeadImport.objects.get()
    work_on_import(subject=batch.pk, at=database_now())
    page.get_by_role("heading", name="What would become of it").wait_for()
    wrong += fine(page)
    follow(page.get_by_role("button", name="Import 2 rows"))
    work_on_import(subject=batch.pk, at=database_now())
    page.get_by_role("heading", name="What became of it").wait_for()
    assert Lead.objects.count() == before + 2
    return wrong + fine(page)


def test_a_list_is_imported_and_the_page_follows_the_work(desk: Page) -> None:
    assert import_a_list(desk) == []


def test_a_call_log_is_read_and_the_page_follows_the_work(desk: Page) -> None:
    before = PhoneCall.objects.count()
    desk.goto("/desk/calls/log/")
    choose(desk, LOG)
    follow(desk.get_by_role("button", name="Upload"))
    wrong = fine(desk)
    follow(desk.get_by_role("button", name="Read the log"))
    read_call_log(subject=CallLog.objects.get().pk, at=database_now())
    desk.get_by_role("link", name="Open calls and texts").wait_for()
    assert wrong + fine(desk) == []
    assert PhoneCall.objects.count() == before + 6


@pytest.mark.screenshots
def test_pictures_of_the_pages_on_the_way(desk: Page) -> None:
    for path, content in (("/desk/imports/", LIST), ("/desk/calls/log/", LOG)):
        desk.goto(path)
        choose(desk, content)
        if "imports" in path:
            desk.get_by_label("Each of these people asked for help").check()
        follow(desk.get_by_role("button", name="Upload"))
        photograph(desk, "desk-list-columns" if "imports" in path else "desk-log-preview")
    desk.goto(f"/desk/imports/{LeadImport.objects.get().pk}/")
    follow(desk.get_by_role("button", name="Check the list"))
    photograph(desk, "desk-list-progress")
    work_on_import(subject=LeadImport.objects.get().pk, at=database_now())
    desk.get_by_role("heading", name="What would become of it").wait_for()
    photograph(desk, "desk-list-checked")


def test_the_progress_follows_without_scripts_too(desk: Page, open_page: OpenPage) -> None:
    page = open_page("/accessibility/", java_script_enabled=False)
    page.context.add_cookies(desk.context.cookies())  # type: ignore[arg-type]  # as they were given
    page.goto("/desk/imports/")
    choose(page, LIST)
    page.get_by_label("Each of these people asked for help").check()
    follow(page.get_by_role("button", name="Upload"))
    follow(page.get_by_role("button", name="Check the list"))
    work_on_import(subject=LeadImport.objects.get().pk, at=database_now())
    page.get_by_role("heading", name="What would become of it").wait_for()
