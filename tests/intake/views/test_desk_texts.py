"""What callers are told: another wording, and the approval that puts it before them."""

import pytest
from django.test import Client

from crm.models import Site, User
from intake.enums import Voice
from intake.models import CallerMessage
from intake.selectors import caller_texts
from tests.intake.views.pages import main

pytestmark = pytest.mark.django_db
LIST, ONE = "/desk/texts/", "/desk/texts/MCRI/self/"


def told() -> str:
    [text] = caller_texts(("MCRI",), Voice.SELF)
    return text.text


def approve_path(version: int) -> str:
    return f"{LIST}{CallerMessage.objects.get(key='MCRI', voice='self', version=version).pk}/approve/"


@pytest.mark.parametrize("path", [LIST, ONE])
@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("clinician", 200), ("coordinator", 403), ("outsider", 404)]
)
def test_who_may_read(
    client: Client, centre: Site, request: pytest.FixtureRequest, path: str, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(path).status_code == status


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 403), ("clinician", 302), ("coordinator", 403), ("outsider", 404)]
)
def test_who_may_approve(
    client: Client, centre: Site, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.post(approve_path(1)).status_code == status
    assert client.get(approve_path(1)).status_code == 405


def test_a_new_wording_is_said_once_a_clinician_has_approved_it(
    client: Client, centre: Site, clinician: User
) -> None:
    before = told()
    client.force_login(clinician)
    client.post(ONE, {"text": "You are not alone.  Call {crisis}."})
    assert told() == before
    assert "from now on" in main(client.post(approve_path(2), follow=True))
    assert told() == "You are not alone. Call 111 and choose mental health, or Samaritans on 116 123."
    client.post(approve_path(1))
    assert told() == before
    assert "already" in main(client.post(approve_path(1), follow=True))


@pytest.mark.parametrize(
    "text", ["", "Call 999.", "Call {nobody}.", "You are at low risk.", "Have diazepam."]
)
def test_what_must_not_be_said_is_refused(client: Client, centre: Site, manager: User, text: str) -> None:
    client.force_login(manager)
    response = client.post(ONE, {"text": text, "sent": "1"})
    assert response.status_code == 422
    assert CallerMessage.objects.filter(key="MCRI", voice="self").count() == 1


@pytest.mark.parametrize(
    "path", ["/desk/texts/NONE/self/", "/desk/texts/MCRI/nobody/", "/desk/texts/S999/self/"]
)
def test_there_are_no_other_texts(client: Client, centre: Site, manager: User, path: str) -> None:
    client.force_login(manager)
    assert client.get(path).status_code == 404
