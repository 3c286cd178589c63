"""Every address of the desk and every operation of the API, for everybody who could try it.

The rows come from the URL conf and from the OpenAPI document: a new one fails here until who_may.py says who
may use it.
"""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from django.http import HttpResponse
from django.test import Client

from crm.enums import Role
from crm.models import LeadEvent, User
from crm.services.api_tokens import issue_token
from jobs.clock import database_now
from tests.factories import UserFactory
from tests.matrix.addresses import desk_addresses, every_address, every_operation, roots
from tests.matrix.scene import Scene, a_scene, browser, everything_elsewhere, member
from tests.matrix.who_may import (
    ADDRESSES,
    ALL,
    NOT_FOR_PEOPLE,
    OPERATIONS,
    PUBLIC_OPERATIONS,
    ROOTS,
    About,
    Rule,
)

pytestmark = pytest.mark.django_db
METHODS = ("GET", "POST")
SERVED = {200, 201, 202, 204, 302, 409, 422}  # past every check of who it is
WATCHING = re.compile(r'<section [^>]*id="watching".*?</section>', re.DOTALL)
TECHNICIAN = "a technician without a role"
STRANGERS = {
    "nobody",
    "an outsider",
    TECHNICIAN,
}  # everybody else is of the site, and sees which colleagues watch
Send = Callable[[str, User | None], HttpResponse]


def test_every_address_of_the_desk_is_in_the_table() -> None:
    missing = sorted(desk_addresses().keys() - ADDRESSES.keys())
    assert not missing, (
        f"Say in tests/matrix/who_may.py who may use {', '.join(missing)}: add them to ADDRESSES."
    )
    gone = sorted(ADDRESSES.keys() - desk_addresses().keys())
    assert not gone, f"These addresses are gone; take them out of tests/matrix/who_may.py: {', '.join(gone)}."


def test_every_operation_of_the_api_is_in_the_table() -> None:
    missing = sorted(every_operation().keys() - OPERATIONS.keys() - PUBLIC_OPERATIONS.keys())
    assert not missing, f"Say who may use {', '.join(missing)}: add to OPERATIONS in tests/matrix/who_may.py."


def test_nothing_for_staff_is_served_outside_the_desk_unless_it_is_named() -> None:
    outside = {
        each.name for each in every_address().values() if each.name.startswith(("crm:", "notifications:"))
    }
    outside -= desk_addresses().keys()
    assert outside == NOT_FOR_PEOPLE.keys(), "Staff addresses begin with desk/; for others see who_may.py."


def test_the_url_conf_hands_over_to_nothing_that_is_not_tested_for_itself() -> None:
    assert roots() == ROOTS.keys(), "Say in tests/matrix/who_may.py (ROOTS) where this is tested."


@pytest.mark.parametrize("name", sorted(ADDRESSES))
def test_an_address_serves_who_may_and_nobody_else(name: str) -> None:
    address, rule = desk_addresses()[name], ADDRESSES[name]
    scene = a_scene(with_content=name.startswith("intake:"))
    url, said = scene.url(address), scene.said(address, rule)

    def send(method: str, user: User | None) -> HttpResponse:
        client = browser(user)
        return client.get(url, said) if method == "GET" else client.post(url, said)

    assert [*_faults(scene, rule, send)] == []


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_an_operation_serves_who_may_and_nobody_else(name: str) -> None:
    operation, rule = every_operation()[name], OPERATIONS[name]
    scene = a_scene(with_content=False)
    url = operation.path.format(reference=scene.lead.reference, queue="urgent")

    def send(method: str, user: User | None) -> HttpResponse:
        client = _caller(user)
        if method == "GET":
            return client.get(url)
        return client.post(url, dict(rule.said), content_type="application/json")

    assert [*_faults(scene, rule, send)] == []


def _caller(user: User | None) -> Client:
    headers = {"Authorization": f"Bearer {issue_token(user=user, at=database_now())}"} if user else {}
    return Client(headers=headers, raise_request_exception=False)


def _faults(scene: Scene, rule: Rule, send: Send) -> Iterator[str]:
    """Yield what went wrong, for everybody and both methods; each try is taken back."""
    for method in METHODS:
        for who, user, wanted in _people(scene, rule):
            with _taken_back():
                person, before = user(), LeadEvent.objects.count()
                response = send(method, person)
                changed = LeadEvent.objects.count() != before
            fault = _fault(response, wanted if method in rule.methods.split() else "405", changed)
            fault = fault or _leak(scene, rule, response, wanted, who)
            if fault:
                yield f"{method} by {who}: {fault}"


def _people(scene: Scene, rule: Rule) -> Iterator[tuple[str, Callable[[], User | None], str]]:
    """Yield everybody who tries, and what they should get."""
    yield "nobody", lambda: None, "sign in"
    for role in Role:
        yield role, partial(member, scene.site, role), _for_a_role(rule, role)
    yield TECHNICIAN, partial(UserFactory, is_staff=True), "served" if rule.technicians else "403 or 404"
    if rule.technicians:
        for role in sorted(ALL - rule.roles):
            yield f"a technician and {role}", partial(_technician, scene, role), "served"
    if rule.about == About.OWN:
        yield "whoever it is of", lambda: scene.colleague, "served"
    outsiders = {About.LIST: "served, nothing of ours", About.MACHINE: "served"}
    yield "an outsider", lambda: everything_elsewhere(UserFactory()), outsiders.get(rule.about, "404")
    for role in sorted(ALL - rule.roles):
        divided = outsiders.get(rule.about, "403 or 404")
        yield (
            f"{role} with every role elsewhere",
            partial(_divided, scene, role),
            divided,
        )


def _for_a_role(rule: Rule, role: Role) -> str:
    if rule.about == About.OWN:
        return "404"
    return "served" if role in rule.roles else "403"


def _technician(scene: Scene, role: Role) -> User:
    user = member(scene.site, role)
    user.is_staff = True
    user.save()
    return user


def _divided(scene: Scene, role: Role) -> User:
    return everything_elsewhere(member(scene.site, role))


def _fault(response: HttpResponse, wanted: str, changed: bool) -> str:
    status, where = response.status_code, response.headers.get("Location", "")
    if wanted == "sign in":
        right = status in {401, 403} or (status == 302 and where.startswith("/accounts/login/"))
    elif wanted.startswith("served"):
        right = status in SERVED and not where.startswith("/accounts/")
    else:
        right = str(status) in wanted.split(" or ")
        if right and changed:
            return f"{status}, and yet the history of a lead has changed"
    return "" if right else f"{status} {where}, wanted: {wanted}"


def _leak(scene: Scene, rule: Rule, response: HttpResponse, wanted: str, who: str) -> str:
    """Return what somebody read who must not. A page of a search may repeat what was looked for."""
    if wanted == "served" or (wanted == "sign in" and response.status_code == 302):
        return ""  # the sign-in's address repeats what was asked for, to come back to
    said = response.content.decode(errors="replace") + response.headers.get("Location", "")
    said = WATCHING.sub("", said) if who not in STRANGERS else said
    found = [secret for secret in scene.secrets if secret in said and secret not in rule.said.values()]
    return f"reads {', '.join(found)}" if found else ""


@contextmanager
def _taken_back() -> Iterator[None]:
    """Undo what is done inside. A savepoint alone: some services must begin the outermost transaction."""
    before = transaction.savepoint()
    try:
        yield
    finally:
        transaction.savepoint_rollback(before)


def test_the_scene_has_what_must_not_be_read() -> None:
    """The page of the lead shows it to those who may: else looking for it in the others proves nothing."""
    scene = a_scene(with_content=False)
    page = browser(member(scene.site, Role.COORDINATOR)).get(f"/desk/leads/{scene.lead.reference}/")
    assert [secret for secret in scene.secrets[:1] if secret not in page.content.decode()] == []
    queue: Any = browser(member(scene.site, Role.COORDINATOR)).get("/desk/")
    assert scene.lead.reference in queue.content.decode()
