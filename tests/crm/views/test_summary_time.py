"""Managers set when their daily summary goes out; who did and why stays on record."""

from datetime import UTC, datetime, time
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.enums import Role
from crm.models import Site, SummaryTime, User
from crm.selectors.day_summaries import due_summary
from crm.services.summary_times import NewSummaryTime, set_summary_time
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = "/desk/alert-policy/harbour-house/"
URL = f"{LIST}daily-summary/"
SAID = {"instead_of": "0", "sends": "yes", "clock": "06:45", "reason": "The day begins at seven."}


@pytest.fixture
def managing(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


@pytest.mark.parametrize(("who", "status"), [("manager", 200), ("coordinator", 403), ("clinician", 403)])
def test_managers_alone_see_and_set_it(
    client: Client, site: Site, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(URL).status_code == status
    assert client.post(URL, SAID).status_code == (302 if status == 200 else status)
    assert SummaryTime.objects.exists() == (status == 200)


def test_the_page_says_when_it_goes_and_to_whom(managing: Client, site: Site, manager: User) -> None:
    page = text_of(managing.get(URL))
    assert "Every day at 07:30, by the site’s clock" in page
    assert f"To {manager}." in page
    assert "By the clock of Harbour House (Europe/London)" in page
    assert "Daily summary to managers Every day at 07:30 Change" in text_of(managing.get(LIST))


def test_a_new_time_holds_and_stands_there_with_who_and_why(
    managing: Client, site: Site, manager: User
) -> None:
    page = text_of(managing.post(URL, SAID, follow=True))
    assert "The daily summary goes out at 06:45 from now on." in page
    assert "06:45 by Morgan Manager The day begins at seven." in page
    site.refresh_from_db()
    assert site.day_summary_at == time(6, 45)
    made = SummaryTime.objects.get()
    assert (made.version, made.clock, made.made_by) == (1, time(6, 45), manager)


def test_it_can_be_sent_never(managing: Client, site: Site) -> None:
    page = text_of(managing.post(URL, SAID | {"sends": "no", "clock": ""}, follow=True))
    assert "No daily summary goes out." in page
    site.refresh_from_db()
    assert site.day_summary_at is None
    assert "Daily summary to managers Never Change" in text_of(managing.get(LIST))


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"clock": ""}, 422, "Give a time of the day, such as 07:30."),
        ({"clock": "25:00"}, 422, "Give a time of the day, such as 07:30."),
        ({"clock": "soon"}, 422, "Give a time of the day, such as 07:30."),
        ({"sends": ""}, 422, "Choose whether it is sent."),
        ({"sends": "perhaps"}, 422, "Select a valid choice."),
        ({"reason": ""}, 409, "Write at least 10 characters"),
        ({"reason": "short"}, 409, "Write at least 10 characters"),
        ({"instead_of": "3"}, 409, "A colleague changed the time meanwhile."),
    ],
)
def test_what_cannot_hold_is_refused_in_words(
    managing: Client, site: Site, change: dict[str, Any], status: int, words: str
) -> None:
    answer = managing.post(URL, SAID | change)
    assert answer.status_code == status
    assert words in text_of(answer)
    site.refresh_from_db()
    assert site.day_summary_at == time(7, 30)
    assert not SummaryTime.objects.exists()


def test_a_manager_of_another_site_finds_nothing(client: Client, site: Site) -> None:
    client.force_login(MembershipFactory(role=Role.MANAGER).user)
    assert client.post(URL, SAID).status_code == 404


def test_a_change_is_never_edited(managing: Client, site: Site) -> None:
    managing.post(URL, SAID)
    with pytest.raises(Error, match="append-only"), transaction.atomic():
        SummaryTime.objects.update(reason="Another reason")


def test_whoever_switches_it_on_gets_none_of_days_before(site: Site, manager: User) -> None:
    LeadFactory(site=site)
    at = datetime(2026, 6, 15, 13, tzinfo=UTC)
    Site.objects.filter(pk=site.pk).update(day_summary_at=None)
    new = NewSummaryTime(time(7, 30), "We want it again.", 0)
    set_summary_time(site=site, by=manager, new=new, at=at)
    assert due_summary(site.pk, at) is None
    assert due_summary(site.pk, at.replace(day=16)) is not None


def test_an_earlier_time_leaves_no_day_out(site: Site, manager: User) -> None:
    LeadFactory(site=site)
    at = datetime(2026, 6, 15, 13, tzinfo=UTC)
    Site.objects.filter(pk=site.pk).update(day_summary_at=time(18))
    set_summary_time(site=site, by=manager, new=NewSummaryTime(time(12), "Before lunch.", 0), at=at)
    due = due_summary(site.pk, at)
    assert due is not None
    assert due.day == at.date().replace(day=14)


def test_the_page_costs_the_same_with_one_change_and_with_thirty(
    managing: Client, site: Site, manager: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    def cost() -> int:
        with django_assert_max_num_queries(30) as seen:
            managing.get(URL)
        return len(seen)

    managing.post(URL, SAID)
    managing.get(URL)
    one = cost()
    for version in range(1, 30):
        new = NewSummaryTime(time(7, version), "Another minute later.", version)
        set_summary_time(site=site, by=manager, new=new, at=database_now())
    assert cost() == one
