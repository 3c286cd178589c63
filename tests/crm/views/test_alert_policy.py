"""Managers read who is alerted after how long, try other steps, and save what may hold."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, transaction
from django.test import Client

from crm.alert_steps import SHIPPED
from crm.enums import AlertLevel, Level
from crm.models import AlertPolicy, AlertStep, Site, User
from crm.selectors.alert_plans import plan_of
from crm.services.alerts import alert_staff
from crm.services.escalating import run_step
from notifications.models import Escalation, Message
from tests.factories import LeadFactory, ShiftFactory
from tests.pages import text_of

URL = "/desk/alert-policy/harbour-house/"
U1, U2 = f"{URL}u1/", f"{URL}u2/"


@pytest.fixture
def managing(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def said(*lines: tuple[int | str, str, str], **more: Any) -> dict[str, Any]:
    """A form as a browser sends it: (after minutes, whom, by which channel)."""
    form: dict[str, Any] = {"instead_of": "0", "repeat": "5", "reason": "Nights have one on call."} | more
    for number, (after, who, by) in enumerate(lines):
        form |= {f"after_{number}": after, f"who_{number}": who, f"by_{number}": [by] if by else []}
    return form


SOONER = said((0, "ON_CALL_1", "EMAIL"), (1, "GETS_ALERTS", "EMAIL"), (4, "ROLE:MANAGER", "EMAIL"))


def test_the_page_says_in_plain_words_who_is_told_when(
    managing: Client, site: Site, coordinator: User
) -> None:
    ShiftFactory(site=site, user=coordinator)
    body = text_of(managing.get(URL))
    assert "U1: Urgent, call within 30 minutes" in body
    assert "At once: whoever has the lead, or else everybody on shift, by" in body
    assert "After 2 minutes: whoever is on call second by" in body
    assert "After 5 minutes: all managers by" in body
    assert "After 5 minutes every screen is red. Then the last step again every 5 minutes" in body
    assert "Right now: Casey Coordinator" in body
    assert "As delivered" in body
    assert "by e-mail" in body
    assert "Nobody here can be told by phone call, push message or text, so it is not named above" in body


def test_a_step_that_would_find_nobody_now_says_so(managing: Client) -> None:
    assert "Right now that finds nobody." in text_of(managing.get(U1))


def test_other_steps_are_tried_before_they_are_saved(managing: Client, site: Site) -> None:
    body = text_of(managing.post(U1, SOONER | {"preview": "1"}))
    assert "Nothing is saved yet." in body
    assert "At once: whoever is on call first by e-mail." in body
    assert "After 1 minute: everybody who gets alerts by e-mail." in body
    assert "After 4 minutes every screen is red." in body
    assert not AlertPolicy.objects.exists()


def test_saving_writes_a_version_with_who_and_why(managing: Client, site: Site, manager: User) -> None:
    assert managing.post(U1, SOONER | {"save": "1"})["Location"] == URL
    policy = AlertPolicy.objects.get()
    assert (policy.version, policy.made_by, policy.reason) == (1, manager, "Nights have one on call.")
    assert [step.after for step in plan_of(site.pk, AlertLevel.U1).steps] == [0, 60, 240]
    assert plan_of(site.pk, AlertLevel.E1) == SHIPPED[AlertLevel.E1]
    assert "Version 1 by Morgan Manager: At once:" in text_of(managing.get(U1))


def test_saving_what_ships_changes_nothing_but_the_version(managing: Client, site: Site) -> None:
    """The form shows every step that ships, so that one line can be changed without losing the others."""
    lines = [
        (step.after // 60, f"ROLE:{line.role}" if line.role else line.who, [str(by) for by in line.channels])
        for step in SHIPPED[AlertLevel.U1].steps
        for line in step.lines
    ]
    form = managing.get(U1).context["form"]
    shown = [
        (form.initial.get(f"after_{n}"), form.initial.get(f"who_{n}"), form.initial.get(f"by_{n}"))
        for n in range(len(lines))
    ]
    assert shown == lines


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ([(1, "ON_SHIFT", "EMAIL"), (4, "ROLE:MANAGER", "EMAIL")], "Somebody must be told at once"),
        ([(0, "ON_SHIFT", "EMAIL")], "All managers must be told within 5 minutes"),
        ([(0, "ON_SHIFT", "EMAIL"), (6, "ROLE:MANAGER", "EMAIL")], "All managers must be told within 5 min"),
        ([(0, "ON_SHIFT", ""), (5, "ROLE:MANAGER", "EMAIL")], "Choose at least one channel"),
        ([("", "ON_SHIFT", "EMAIL"), (5, "ROLE:MANAGER", "EMAIL")], "Say after how many minutes"),
        ([], "Somebody must be told at once"),
    ],
)
@pytest.mark.parametrize("level", ["e1", "e2", "u1", "unrouted"])
def test_what_must_stay_cannot_be_taken_out(
    managing: Client, level: str, lines: list[tuple[int | str, str, str]], problem: str
) -> None:
    answer = managing.post(f"{URL}{level}/", said(*lines) | {"save": "1"})
    assert (answer.status_code, problem in text_of(answer)) == (422, True)
    assert not AlertPolicy.objects.exists()


@pytest.mark.parametrize(("minutes", "status"), [(120, 302), (121, 422)])
def test_less_urgent_levels_have_until_the_promised_time(managing: Client, minutes: int, status: int) -> None:
    form = said((0, "ON_SHIFT", "EMAIL"), (minutes, "ROLE:MANAGER", "EMAIL"))
    assert managing.post(U2, form | {"save": "1"}).status_code == status


@pytest.mark.parametrize(
    ("more", "problem"),
    [({"reason": "Because"}, "at least 10 characters"), ({"instead_of": "3"}, "A colleague changed")],
)
def test_no_version_without_a_reason_or_over_a_colleagues(
    managing: Client, more: dict[str, str], problem: str
) -> None:
    answer = managing.post(U1, SOONER | more | {"save": "1"})
    assert (answer.status_code, problem in text_of(answer)) == (409, True)
    assert not AlertPolicy.objects.exists()


def test_versions_are_never_edited(managing: Client, site: Site) -> None:
    managing.post(U1, SOONER | {"save": "1"})
    for rows in (AlertPolicy.objects.all(), AlertStep.objects.all()):
        with pytest.raises(Error), transaction.atomic():
            rows.delete()


def test_an_alert_that_goes_on_takes_its_next_step_from_the_new_version(
    managing: Client, site: Site, coordinator: User, manager: User
) -> None:
    lead = LeadFactory(site=site, level=Level.U1)
    start = lead.received_at
    alert_staff(lead=lead, key="k", at=start)
    managing.post(U1, SOONER | {"save": "1"})
    chain = Escalation.objects.get()
    run_step(escalation=chain.pk, at=start + timedelta(seconds=120))
    chain.refresh_from_db()
    assert chain.next_at == start + timedelta(seconds=240)
    run_step(escalation=chain.pk, at=start + timedelta(seconds=240))
    assert manager.email in {message.to for message in Message.objects.filter(about=lead.pk)}


def test_a_level_that_is_none_is_not_found(managing: Client) -> None:
    assert managing.get(f"{URL}p1/").status_code == 404


def test_the_short_address_leads_to_the_first_site(managing: Client) -> None:
    assert managing.get("/desk/alert-policy/")["Location"] == URL
