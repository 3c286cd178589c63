"""With canaries and without them every page, report, count, search and answer of the API says the same."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from config.metrics import exposition
from crm.canary import CANARY_SITE
from crm.enums import Level, Queue, Role
from crm.models import Lead, User
from crm.selectors.leads import leads_visible_to
from crm.services.alerts import alert_staff
from crm.services.api_tokens import issue_token
from crm.services.canary import canary_site
from intake.models import Enquiry
from intake.remembered import forget
from intake.selectors.readiness import check_readiness
from jobs.clock import database_now
from notifications.enums import MessageState
from notifications.models import Escalation, Message
from tests.clock import DatabaseClock
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, SiteFactory, UserFactory
from tests.factories.enquiries import submission
from tests.matrix.addresses import desk_addresses
from tests.matrix.scene import Scene, a_scene, browser
from tests.matrix.who_may import ADDRESSES
from tests.pages import text_of

pytestmark = pytest.mark.django_db
NAME, PHONE = "Canary Zaffre", "01632 960 999"
ABOUT_IT = {"intake:working"}  # the page that is about the canary
PAGES = sorted(name for name, rule in ADDRESSES.items() if "GET" in rule.methods and name not in ABOUT_IT)
HOUR = timedelta(hours=1)
ADMIN = ("crm/site", "crm/membership/add", "crm/phoneline/add", "notifications/message", "crm/user")
SOME_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # that a new row would have


@pytest.fixture
def scene(database_clock: DatabaseClock) -> Scene:
    """Harbour House, on a clock that stands still."""
    database_clock.stop()
    return a_scene(with_content=True)


@pytest.fixture
def everybody(scene: Scene) -> User:
    """Somebody with every role somewhere, who manages Harbour House and looks after the machine, too."""
    user = UserFactory(is_staff=True, is_superuser=True)
    MembershipFactory(user=user, site=scene.site, role=Role.MANAGER)
    for role in Role:
        MembershipFactory(user=user, site=SiteFactory(name=f"Far House {role}"), role=role)
    return user


def let_canaries_in() -> list[Lead]:
    """Leave canaries in every state that they could ever be in, and worse."""
    at, site = database_now(), canary_site()
    person = PersonFactory(name=NAME, phone=PHONE)
    usual: dict[str, Any] = {"site": site, "caller": person}
    leads = [
        LeadFactory(**usual, level=Level.U1, received_at=at - HOUR),
        LeadFactory(**usual, unrouted=True, received_at=at - HOUR),
        LeadFactory(**usual, review=True),
        LeadFactory(**usual, level=Level.P1, received_at=at - 100 * HOUR),
    ]
    for lead in leads:
        alert_staff(lead=lead, key=str(lead.pk), at=at - HOUR)
    Escalation.objects.filter(site=CANARY_SITE).update(red_at=at - HOUR)
    Message.objects.filter(about=leads[0].pk).update(state=MessageState.FAILED, failed_at=at, tries=3)
    said = submission(site)
    Enquiry.objects.create(
        reference="CAN4-RYXX",
        idempotency_key=said.idempotency_key,
        fingerprint=said.fingerprint,
        site=site,
        channel="WEB",
        form_version="urgent-2",
        answers=said.answers.to_dict(),
        contact=said.contact.to_dict(),
        received_at=at - HOUR,
    )
    return leads


def same_with_and_without(say: Callable[[], str]) -> list[Lead]:
    forget()
    say()
    without = say()
    leads = let_canaries_in()
    forget()
    assert say() == without
    return leads


@pytest.mark.parametrize("name", PAGES)
def test_a_page_of_the_desk_says_the_same(scene: Scene, everybody: User, name: str) -> None:
    address, client = desk_addresses()[name], browser(everybody)
    url, said = scene.url(address), scene.said(address, ADDRESSES[name])

    def say() -> str:
        response = client.get(url, said)
        assert response.status_code in {200, 204, 302, 304, 404}
        return text_of(response) if response.status_code == 200 else str(response.status_code)

    leads = same_with_and_without(say)
    page = client.get(url, said).content.decode()
    marks = [NAME, "canary", str(CANARY_SITE), *(lead.reference for lead in leads), "CAN4-RYXX"]
    assert [mark for mark in marks if mark in page] == []


@pytest.mark.parametrize("queue", ["urgent", "prebooked", "unrouted", "review"])
def test_the_api_says_the_same(scene: Scene, everybody: User, queue: str) -> None:
    client = Client(headers={"Authorization": f"Bearer {issue_token(user=everybody, at=database_now())}"})
    url = f"/api/v1/queues/{queue}/leads"

    def say() -> str:
        return client.get(url).content.decode()

    leads = same_with_and_without(say)
    for lead in leads:
        assert client.get(f"/api/v1/leads/{lead.reference}").status_code == 404


def test_nobody_finds_or_opens_one(scene: Scene, everybody: User) -> None:
    client, leads = browser(everybody), let_canaries_in()
    assert not leads_visible_to(everybody).filter(site=CANARY_SITE).exists()
    for lead in leads:
        assert client.get(f"/desk/leads/{lead.reference}/").status_code == 404
        for looked_for in (lead.reference, NAME, PHONE):
            found = client.post("/desk/search/", {"q": looked_for}, follow=True)
            assert lead.reference not in text_of(found).replace(looked_for, "")


def test_nobody_takes_one(scene: Scene, everybody: User) -> None:
    let_canaries_in()
    for _ in range(4):
        browser(everybody).post("/desk/take-next/", {"queue": Queue.URGENT})
    assert not Lead.objects.filter(site=CANARY_SITE, owner__isnull=False).exists()


def test_machines_are_told_the_same(scene: Scene) -> None:
    same_with_and_without(lambda: _but_jobs(exposition().decode()))


def test_readiness_says_the_same(scene: Scene) -> None:
    waits = ("stranded_enquiry", "unplaced_lead", "unanswered_alert")
    same_with_and_without(lambda: str([each for each in check_readiness() if each.name in waits]))


def test_reconcile_says_the_same(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    def say() -> str:
        call_command("reconcile")
        return capsys.readouterr().out

    same_with_and_without(say)


@pytest.mark.parametrize("path", ["/", "/urgent/", "/call-me/", "/help/"])
def test_a_public_page_says_the_same(scene: Scene, path: str) -> None:
    same_with_and_without(lambda: text_of(Client().get(path)))


@pytest.mark.parametrize(
    "page", ["crm/site", "crm/membership/add", "crm/phoneline/add", "notifications/message"]
)
def test_the_technical_admin_says_the_same(scene: Scene, everybody: User, page: str) -> None:
    client = browser(everybody)
    same_with_and_without(lambda: SOME_ID.sub("", text_of(client.get(f"/admin/{page}/"))))


def _but_jobs(figures: str) -> str:
    """Leave out background work: that of the canary is work like any other, and lateness is lateness."""
    kept = (line for line in figures.splitlines() if "job" not in line and "heartbeat" not in line)
    return "\n".join(kept)
