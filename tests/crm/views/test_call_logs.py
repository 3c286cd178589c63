"""The pages on which a call log is read by hand."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import CallLog, Membership, PhoneCall, Site, User
from crm.services.call_logs import start_reading
from crm.tasks import read_call_log
from jobs.clock import database_now
from tests.crm.services.test_call_logs import LOG
from tests.crm.services.test_call_logs import upload as uploaded
from tests.pages import text_of

PAGE = "/desk/calls/log/"
HTMX = {"HX-Request": "true"}


def upload(client: Client, site: Site, content: bytes = LOG.encode()) -> HttpResponse:
    return client.post(
        PAGE, {"site": str(site.pk), "file": SimpleUploadedFile("log.csv", content)}, follow=True
    )


def test_a_log_is_looked_at_read_and_deleted(desk: Client, site: Site) -> None:
    page = upload(desk, site)
    log = CallLog.objects.get()
    assert "6 calls, 0 of them with somebody of a lead" in text_of(page)
    assert "3 missed, and nobody has spoken with that number since: they go to the list" in text_of(page)
    assert "Row 8: Answered or not" in text_of(page)
    assert not PhoneCall.objects.exists()
    page = desk.post(f"{PAGE}{log.pk}/read/", follow=True)
    assert "Being read: row 0 of 7" in text_of(page)
    assert '<meta http-equiv="refresh" content="3">' in page.content.decode()
    assert "<html" not in desk.get(f"{PAGE}{log.pk}/", headers=HTMX).content.decode()
    read_call_log(subject=log.pk, at=database_now())
    assert desk.get(f"{PAGE}{log.pk}/", headers=HTMX)["HX-Refresh"] == "true"
    assert "6 calls added from 7 of 7 rows." in text_of(desk.get(f"{PAGE}{log.pk}/"))
    assert "2 calls in all" in text_of(desk.get("/desk/calls/"))


def test_columns_that_are_not_guessed_are_chosen(desk: Client, site: Site) -> None:
    page = upload(desk, site, LOG.replace("From", "Wer").replace("Date and time", "Wann").encode())
    log = CallLog.objects.get()
    assert "What the log says" not in text_of(page)
    assert desk.post(f"{PAGE}{log.pk}/", {"started": "0"}).status_code == 422
    columns = {"started": "0", "direction": "1", "from": "2", "to": "3", "result": "4"}
    assert "6 calls" in text_of(desk.post(f"{PAGE}{log.pk}/", columns, follow=True))


def test_what_is_no_list_is_refused(desk: Client, site: Site) -> None:
    page = upload(desk, site, b"nothing")
    assert page.status_code == 422
    assert "There are no rows below the headings." in text_of(page)


def test_a_log_can_be_deleted_unread_and_is_read_once(desk: Client, site: Site) -> None:
    upload(desk, site)
    log = CallLog.objects.get()
    assert "The log is deleted." in text_of(desk.post(f"{PAGE}{log.pk}/drop/", follow=True))
    assert "was deleted" in text_of(desk.post(f"{PAGE}{log.pk}/read/", follow=True))
    assert "Deleted unread" in text_of(desk.get(PAGE))


def test_the_pages_are_for_those_who_answer_callers(
    client: Client, site: Site, coordinator: User, clinician: User, outsider: User
) -> None:
    log = uploaded(site, coordinator)
    start_reading(log=log, at=database_now())
    actions = [f"{PAGE}{log.pk}/", f"{PAGE}{log.pk}/read/", f"{PAGE}{log.pk}/drop/"]
    client.force_login(clinician)
    assert [client.post(path).status_code for path in (PAGE, *actions)] == [403] * 4
    client.force_login(outsider)
    assert [client.post(path).status_code for path in actions] == [404] * 3
    assert str(log.pk) not in client.get(PAGE).content.decode()
    Membership.objects.create(user=outsider, site=site, role="CLINICIAN")
    assert [client.post(path).status_code for path in actions] == [403] * 3
    client.logout()
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


@pytest.mark.parametrize("action", ["read", "drop"])
def test_reading_and_deleting_are_posts(desk: Client, site: Site, coordinator: User, action: str) -> None:
    assert desk.get(f"{PAGE}{uploaded(site, coordinator).pk}/{action}/").status_code == 405


def test_the_list_costs_the_same_for_one_and_for_twenty(desk: Client, site: Site, coordinator: User) -> None:
    found = []
    for number in (1, 19):
        for _ in range(number):
            uploaded(site, coordinator)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(PAGE).status_code == 200
        found.append(len(queries))
    assert found[0] == found[1]
