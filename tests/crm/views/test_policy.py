"""A manager tries weights, sees who would move, and saves them with a reason."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.enums import Level, Role
from crm.models import Lead, QueuePolicy, Site, User
from crm.tasks import reorder_site
from jobs.clock import database_now
from jobs.models import Job
from tests.factories import LeadFactory, MembershipFactory, SiteFactory
from tests.pages import text_of

WEIGHTS = {"repeat": 20, "sooner": 15, "worse": 25, "today": 10, "soon": 5, "tried": 3}
WARNINGS = {"E1": 40, "E2": 66, "U1": 50, "U2": 75, "U3": 75, "P1": 83, "P2": 83}
SENT = WEIGHTS | {f"warn_{level}": percent for level, percent in WARNINGS.items()} | {"instead_of": 0}
WHY = "People who write twice wait too long"


@pytest.fixture
def page(client: Client, manager: User, site: Site) -> Any:
    client.force_login(manager)

    def ask(**sent: Any) -> HttpResponse:
        path = f"/desk/order/{site.slug}/"
        return client.post(path, SENT | sent, follow=True) if sent else client.get(path)

    return ask


def test_only_managers_of_the_site_may_see_it(client: Client, site: Site, manager: User) -> None:
    path = f"/desk/order/{site.slug}/"
    assert client.get(path).url == f"/accounts/login/?next={path}"
    client.force_login(MembershipFactory(site=site, role=Role.COORDINATOR).user)
    assert client.get(path).status_code == client.post(path).status_code == 403
    client.force_login(MembershipFactory(site=SiteFactory(), role=Role.MANAGER).user)
    assert client.get(path).status_code == 404
    MembershipFactory(user=manager, site=SiteFactory(slug="far"), role=Role.COORDINATOR)
    client.force_login(manager)
    assert client.get("/desk/order/").url == path
    assert client.get("/desk/order/far/").status_code == 403
    assert client.put(path).status_code == 405


def test_a_preview_shows_who_would_move_and_saves_nothing(page: Any, site: Site) -> None:
    first = LeadFactory(site=site, level=Level.U2)
    again = LeadFactory(site=site, level=Level.U2, enquiry_count=3)
    text = text_of(page(preview=1))
    assert "The urgent queue now" in text
    assert "Nobody of 2 would stand elsewhere" in text, "it moves up by what holds already"
    text = text_of(page(preview=1, repeat=0))
    assert "2 of 2 would stand elsewhere" in text
    assert f"{again.reference} U2" in text
    assert "others fall behind it" in text
    assert "enquired again (counts less)" in text
    assert "The enquiries of the last 30 days" in text
    assert "Nothing is saved yet" in text
    assert QueuePolicy.objects.count() == Job.objects.filter(kind="crm.tasks.reorder_site").count() == 0
    assert {lead.shift for lead in Lead.objects.filter(pk__in=[first.pk, again.pk])} == {0}


def test_saving_makes_a_version_and_moves_the_leads(page: Any, site: Site, manager: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1, enquiry_count=2)
    text = text_of(page(save=1, reason=WHY))
    assert "Version 1 holds now" in text
    assert WHY in text
    assert "Warns after E1 40, E2 66, P1 83, P2 83, U1 50" in text
    policy = QueuePolicy.objects.get()
    assert (policy.repeat, policy.made_by, policy.version, policy.warn_at["U1"]) == (20, manager, 1, 50)
    job = Job.objects.get(kind="crm.tasks.reorder_site")
    reorder_site(subject=job.subject, at=database_now())
    lead.refresh_from_db()
    assert lead.shift == -20 * 18
    assert "Version 2 holds now" in text_of(page(save=1, reason=WHY, instead_of=1))


@pytest.mark.parametrize(
    ("sent", "status", "words"),
    [
        ({"reason": ""}, 409, "Write at least 10 characters"),
        ({"reason": "No"}, 409, "Write at least 10 characters"),
        ({"reason": WHY, "instead_of": 7}, 409, "A colleague changed the order meanwhile"),
        ({"reason": WHY, "repeat": 26}, 422, "give a whole number from 0 to 25"),
        ({"reason": WHY, "repeat": -1}, 422, "give a whole number from 0 to 25"),
        (
            {"reason": WHY, "warn_E1": 99},
            422,
            "within 5 minutes: give a whole number from 10 to 95",
        ),
        ({"reason": WHY, "tried": "many"}, 422, "Tried without an answer: give a whole number"),
    ],
)
def test_what_makes_no_sense_is_not_saved(page: Any, sent: dict[str, Any], status: int, words: str) -> None:
    response = page(save=1, **sent)
    assert response.status_code == status
    assert words in text_of(response)
    assert QueuePolicy.objects.count() == 0


def test_a_site_that_warns_sooner_says_so_on_its_rows(page: Any, client: Client, site: Site) -> None:
    LeadFactory(site=site, level=Level.U1)  # 25 of 30 minutes are left
    assert "due--soon" not in client.get("/desk/").content.decode()
    page(save=1, reason=WHY, warn_U1=10)
    text = client.get("/desk/").content.decode()
    assert "due--soon" in text
    assert "1 urgent promise ends soon" in text


def test_thirty_leads_cost_as_many_queries_as_one(
    page: Any, site: Site, django_assert_max_num_queries: Any
) -> None:
    for number in (1, 29):
        LeadFactory.create_batch(number, site=site)
        with django_assert_max_num_queries(19):
            page(preview=1)
