"""The link in a test and the key in its call: no sign-in, only POST says it, and nobody can make one up."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.came_tokens import came_token
from crm.models import User, WayCheck
from crm.services.way_checks import try_own_ways
from jobs.clock import database_now
from jobs.ids import uuid7
from notifications.channels.spoken import call_script
from notifications.enums import ChannelName
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.crm.views.test_answer_call import BASE, press, rounds, said
from tests.factories import StaffChannelFactory
from tests.notifications.peers.twilio import TOKEN

pytestmark = pytest.mark.django_db


@pytest.fixture
def check(coordinator: User) -> WayCheck:
    return try_own_ways(user=coordinator, at=database_now())[0]


def address(check: WayCheck) -> str:
    return f"/came/{came_token(check.pk)}/"


def test_opening_it_says_nothing_and_pressing_the_button_does(client: Client, check: WayCheck) -> None:
    for method in (client.get, client.head):
        assert method(address(check)).status_code == 200
    check.refresh_from_db()
    assert check.confirmed_at is None
    assert "Noted: it came" in client.post(address(check)).content.decode()
    check.refresh_from_db()
    assert check.confirmed_at is not None


def test_it_is_the_link_in_the_message(client: Client, check: WayCheck) -> None:
    text = render_message(Message.objects.get()).text
    assert address(check) in text
    assert "Nobody is waiting" in text


def test_twice_is_once(client: Client, check: WayCheck) -> None:
    client.post(address(check))
    first = WayCheck.objects.get().confirmed_at
    assert "Noted: it came" in client.post(address(check)).content.decode()
    assert WayCheck.objects.get().confirmed_at == first


def test_too_late_is_said(client: Client, check: WayCheck) -> None:
    WayCheck.objects.update(expires_at=database_now() - timedelta(seconds=1))
    for method in (client.get, client.post):
        answer = method(address(check))
        assert answer.status_code == 410
        assert "That test is over" in answer.content.decode()
    assert WayCheck.objects.get().confirmed_at is None


@pytest.mark.parametrize("token", ["x", "x.y", "AAAA." + "a" * 43, "é"])
def test_what_is_not_ours_is_not_there(client: Client, check: WayCheck, token: str) -> None:
    assert client.post(f"/came/{token}/").status_code == 404
    assert client.post(f"/came/{came_token(uuid7())}/").status_code == 404
    assert client.post(address(check)[:-2] + "/").status_code == 404


def test_other_methods_are_refused_and_the_address_is_kept(client: Client, check: WayCheck) -> None:
    assert client.delete(address(check)).status_code == 405
    answer = client.get(address(check))
    assert answer["Referrer-Policy"] == "no-referrer"
    assert "noindex" in answer["X-Robots-Tag"]
    assert "no-store" in answer["Cache-Control"]


@pytest.fixture
def by_call(coordinator: User, settings: Any) -> WayCheck:
    settings.BASE_URL, settings.TWILIO_AUTH_TOKEN, settings.VOICE_CHANNEL = BASE, TOKEN, "file"
    StaffChannelFactory(user=coordinator, channel=ChannelName.VOICE)
    return try_own_ways(user=coordinator, at=database_now())[1]


def key_address(check: WayCheck) -> str:
    return f"{BASE}/hooks/came/{came_token(check.pk)}/?time=1"


def test_the_call_asks_for_a_key_and_1_says_that_it_came(by_call: WayCheck) -> None:
    assert by_call.message is not None
    script = call_script(render_message(by_call.message))
    assert key_address(by_call) in script
    assert "This is a test" in script
    assert "Press 1 to say that it came." in script
    assert "It is noted" in said(press(key_address(by_call)))
    by_call.refresh_from_db()
    assert by_call.confirmed_at is not None
    assert by_call.way is not None
    assert by_call.way.confirmed_at == by_call.confirmed_at


@pytest.mark.parametrize("digits", ["", "2", "11"])
def test_any_other_key_says_nothing_and_it_is_said_again(by_call: WayCheck, digits: str) -> None:
    answer = press(key_address(by_call), digits)
    assert len(rounds(answer)) == 2
    by_call.refresh_from_db()
    assert by_call.confirmed_at is None


def test_a_key_that_nobody_signed_is_refused(by_call: WayCheck) -> None:
    assert press(key_address(by_call), secret="another").status_code == 403
    by_call.refresh_from_db()
    assert by_call.confirmed_at is None


def test_a_key_after_the_end_is_told_so(by_call: WayCheck) -> None:
    WayCheck.objects.update(expires_at=database_now() - timedelta(seconds=1))
    assert "run out" in said(press(key_address(by_call)))


def test_where_twilio_cannot_reach_us_no_key_is_asked_for(by_call: WayCheck, settings: Any) -> None:
    assert by_call.message is not None
    context = by_call.message.context
    by_call.message.context = context | {"came_call": context["came_call"].replace("https", "http")}
    script = call_script(render_message(by_call.message))
    assert "Gather" not in script
    assert "Please say on the page My alerts that it came." in script
