"""The whole path: a message from a phone, a coordinator, a call, the end of it, and the manager's funnel."""

import re

import pytest
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from crm.models import Site, User
from intake.services.reconciliation import reconcile
from jobs.clock import database_now
from jobs.kinds import kind_named
from jobs.models import Job
from jobs.services.running import run_job
from notifications.models import Message
from tests.browser.axe import violations
from tests.browser.conftest import NARROW, WIDE, OpenPage
from tests.browser.going import follow

PASSWORD = "correct horse battery staple"


@pytest.fixture
def sign_in(open_page: OpenPage) -> object:
    def signed_in(user: User) -> Page:
        user.set_password(PASSWORD)
        user.save()
        page = open_page("/accounts/login/", WIDE)
        page.get_by_label("E-mail address").fill(user.email)
        page.get_by_label("Password", exact=True).fill(PASSWORD)
        page.get_by_role("button", name="Sign in", exact=True).click()
        expect(page).to_have_url(re.compile("/desk/"))
        return page

    return signed_in


def run_due_jobs() -> None:
    """Do what the dispatcher and the workers would do next."""
    due = Job.objects.filter(done_at=None, dead_at=None, due_at__lte=database_now())
    for job in list(due.order_by("due_at")):
        run_job(job=job.pk, kind=kind_named(job.kind))


def looks_right(page: Page) -> None:
    assert violations(page) == []


@pytest.mark.usefixtures("live_server")
def test_from_a_message_at_night_to_the_managers_report(
    open_page: OpenPage,
    sign_in: object,
    live_server: LiveServer,
    centre: Site,
    coordinator: User,
    manager: User,
) -> None:
    reference = _a_person_in_withdrawal_writes(open_page("/", NARROW))
    run_due_jobs()
    assert {message.to for message in Message.objects.all()} == {coordinator.email, manager.email}

    _a_coordinator_calls(sign_in(coordinator), reference)
    _the_manager_sees_it(sign_in(manager), reference)
    assert reconcile().unaccounted == 0


def _a_person_in_withdrawal_writes(phone: Page) -> str:
    looks_right(phone)
    follow(phone.get_by_role("link", name="I need help soon"))
    follow(phone.get_by_role("link", name="Continue"))
    looks_right(phone)
    phone.get_by_label("Me", exact=True).check()
    phone.get_by_label("Feeling ill after stopping or cutting down").check()
    phone.get_by_label("In your own words").fill("I stopped drinking on Sunday and I can't stop shaking.")
    phone.get_by_label("Phone number").fill("(07700) 900 123")
    follow(phone.get_by_role("button", name="Send").first)
    phone.get_by_label("Yes, there are thoughts, but safe for now").check()
    looks_right(phone)
    follow(phone.get_by_role("button", name="Continue"))
    expect(phone.locator("main")).to_contain_text("Samaritans")
    follow(phone.get_by_role("link", name="I have read this"))
    follow(phone.get_by_role("link", name="Finish now"))
    expect(phone).to_have_url(re.compile("/received/"))
    looks_right(phone)
    words = phone.locator("main").inner_text()
    assert words.index("You do not have to deal with this on your own") < words.index("before")
    return re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", words).group()


def _a_coordinator_calls(desk: Page, reference: str) -> None:
    looks_right(desk)
    expect(desk.locator("#main")).to_contain_text("Thoughts of suicide, says safe now")
    follow(desk.get_by_role("button", name="Take next"))
    expect(desk.get_by_role("heading", name=reference)).to_be_visible()
    looks_right(desk)
    expect(desk.locator("#main")).to_contain_text("I can't stop shaking")
    attempt = desk.locator("#act-attempt")
    attempt.get_by_label("What happened").select_option("SPOKE")
    attempt.get_by_label("They answered: a two-way contact").check()
    follow(attempt.get_by_role("button", name="Log it"))
    expect(desk.locator("#main")).to_contain_text("within the promised time")
    desk.locator("#act-close summary").click()
    close = desk.locator("#act-close")
    close.get_by_label("Why").select_option("CHOSE_ANOTHER")
    follow(close.get_by_role("button", name="Close the lead"))
    expect(desk.get_by_text("Closed: Chose another service.")).to_be_visible()


def _the_manager_sees_it(page: Page, reference: str) -> None:
    follow(page.get_by_role("navigation", name="Desk").get_by_role("link", name="Reports"))
    looks_right(page)
    follow(page.get_by_role("link", name="Conversion funnel").first)
    looks_right(page)
    row = page.get_by_role("row").filter(has_text="Contacted").first
    follow(row.get_by_role("link", name="1", exact=True).first)
    expect(page.locator("#main")).to_contain_text(reference)
    looks_right(page)
