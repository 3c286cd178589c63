"""My alerts: everybody sees and changes their own ways, and nobody else's; what goes wrong is said."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.enums import WayCheckKind
from crm.models import QuietHours, Site, StaffChannel, User, WayCheck
from crm.services.way_checks import try_own_ways
from crm.services.way_codes import send_code
from jobs.clock import database_now
from notifications.channels.webhook import Endpoint
from notifications.enums import ChannelName
from notifications.hooks.signatures import key_of
from notifications.models import Message
from tests.clock import DatabaseClock
from tests.factories import StaffChannelFactory

SMS, VOICE, PUSH = ChannelName.SMS, ChannelName.VOICE, ChannelName.PUSH
NUMBER = "+447700900123"
PAGE = "/desk/my-alerts/"
SUBSCRIPTION = json.dumps({"endpoint": "https://push.example/1", "keys": {"p256dh": "key", "auth": "auth"}})
KEY = "wafADHAgsljC2ACzRtjsPxXz4BUzEpA8_-1uCAjmal0"  # of no installation
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def every_channel(settings: Any) -> None:
    settings.SMS_CHANNEL = settings.VOICE_CHANNEL = settings.PUSH_CHANNEL = "file"


def said(client: Client) -> str:
    return client.get(PAGE).content.decode()


@pytest.mark.parametrize("role", ["coordinator", "clinician", "manager"])
def test_everybody_has_the_page_in_the_rail(
    client: Client, request: pytest.FixtureRequest, role: str
) -> None:
    client.force_login(request.getfixturevalue(role))
    page = said(client)
    assert "always in use: the address of your account" in page
    assert f'href="{PAGE}"' in page


def test_adding_a_number_verifying_it_and_removing_it(desk: Client, coordinator: User) -> None:
    answer = desk.post(f"{PAGE}numbers/", {"number": "07700 900123", "how": "SMS"}, follow=True)
    assert "A code is on its way" in answer.content.decode()
    way = StaffChannel.objects.get(user=coordinator)
    assert (way.channel, way.address, way.verified_at) == (SMS, NUMBER, None)
    code = Message.objects.get().context["code"]
    answer = desk.post(f"{PAGE}{way.pk}/code/", {"code": f"{code[:3]} {code[3:]}"}, follow=True)
    assert "Alerts go there from now on" in answer.content.decode()
    assert StaffChannel.in_use(user=coordinator).exists()
    desk.post(f"{PAGE}{way.pk}/remove/")
    assert not StaffChannel.objects.exists()


def test_a_wrong_code_is_said_and_counted(desk: Client, coordinator: User) -> None:
    way = StaffChannelFactory(user=coordinator, verified_at=None)
    send_code(way=way, at=database_now())
    answer = desk.post(f"{PAGE}{way.pk}/code/", {"code": "12345"}, follow=True)
    assert "not the code that we sent last" in answer.content.decode()
    assert WayCheck.objects.get().tries == 1


@pytest.mark.parametrize(
    ("typed", "words"),
    [("", "Enter the number."), ("12", "whole number"), ("Zebedee", "whole number")],
)
def test_what_is_no_number_comes_back(desk: Client, typed: str, words: str) -> None:
    answer = desk.post(f"{PAGE}numbers/", {"number": typed, "how": "SMS"})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not StaffChannel.objects.exists()


def test_too_many_codes_are_refused_in_words(desk: Client, coordinator: User) -> None:
    way = StaffChannelFactory(user=coordinator, address=NUMBER, verified_at=None)
    for _ in range(4):
        send_code(way=way, at=database_now())
    answer = desk.post(f"{PAGE}numbers/", {"number": NUMBER, "how": "SMS"})
    assert answer.status_code == 409
    assert "Wait an hour" in answer.content.decode()


def test_only_what_is_set_up_is_offered(desk: Client, settings: Any) -> None:
    settings.VOICE_CHANNEL = "off"
    page = said(desk)
    assert "By text" in page
    assert "By a call" not in page
    assert desk.post(f"{PAGE}numbers/", {"number": NUMBER, "how": "VOICE"}).status_code == 422
    settings.SMS_CHANNEL = "off"
    assert "Add a phone number" not in said(desk)


def test_a_browser_is_kept_and_gets_a_code_too(desk: Client, coordinator: User) -> None:
    desk.post(f"{PAGE}browsers/", {"subscription": SUBSCRIPTION, "name": "Firefox on Linux"})
    way = StaffChannel.objects.get(user=coordinator)
    assert (way.channel, way.name, way.verified_at) == (PUSH, "Firefox on Linux", None)
    assert json.loads(way.address) == json.loads(SUBSCRIPTION)
    assert Message.objects.get().channel == PUSH


@pytest.mark.parametrize("shape", ["slack", "teams"])
def test_a_webhook_is_kept_and_gets_a_code_there(
    desk: Client, coordinator: User, settings: Any, shape: str
) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    said_twice = {"url": "https://hooks.example/services/1", "shape": shape}
    for _ in range(2):
        desk.post(f"{PAGE}webhooks/", said_twice)
    way = StaffChannel.objects.get(user=coordinator)
    assert json.loads(way.address) == {"url": said_twice["url"], "secrets": [], "shape": shape}
    assert {message.channel for message in Message.objects.all()} == {ChannelName.WEBHOOK}
    assert "hooks.example" in said(desk)
    assert "services/1" not in said(desk)


def a_signed_webhook(desk: Client, number: int = 1) -> str:
    """Add one; return what the answer shows."""
    wanted = {"url": f"https://hooks.example/{number}", "shape": "standard"}
    return desk.post(f"{PAGE}webhooks/", wanted).content.decode()


def renewed(desk: Client, way: StaffChannel) -> str:
    """Ask for a new secret; return what the answer, or the page after it, shows."""
    return desk.post(f"{PAGE}{way.pk}/new-secret/", follow=True).content.decode()


def secrets_of(way: StaffChannel) -> tuple[str, ...]:
    """Return those that sign now."""
    way.refresh_from_db()
    return Endpoint.read(way.address).signing(database_now().timestamp())


def test_a_signed_one_has_a_secret_of_its_own_that_its_owner_sees_once(
    desk: Client, coordinator: User, settings: Any
) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    answers = [a_signed_webhook(desk, number) for number in (1, 2)]
    secrets = [json.loads(way.address)["secrets"][0] for way in coordinator.ways.order_by("added_at")]
    assert len(set(secrets)) == 2
    for secret, answer in zip(secrets, answers, strict=True):
        assert len(key_of(secret)) == 32
        assert secret in answer
        assert secret not in said(desk)
    coordinator.ways.update(verified_at=database_now())
    assert secrets[0] not in a_signed_webhook(desk, 1)  # they have it already


def test_a_new_secret_is_shown_once_and_the_old_one_signs_for_a_week(
    desk: Client, coordinator: User, settings: Any, database_clock: DatabaseClock
) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    a_signed_webhook(desk)
    way = coordinator.ways.get()
    (old,) = secrets_of(way)
    answer = desk.post(f"{PAGE}{way.pk}/new-secret/")
    new, other = secrets_of(way)
    assert (other, len(key_of(new))) == (old, 32)
    assert new in answer.content.decode()
    assert old not in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    assert new not in said(desk)
    assert "with the old one, too" in said(desk)
    database_clock.advance(by=timedelta(days=7, seconds=-5))
    assert secrets_of(way) == (new, old)
    database_clock.advance(by=timedelta(seconds=10))
    assert secrets_of(way) == (new,)
    assert "with the old one, too" not in said(desk)


def test_a_second_new_secret_leaves_time_for_the_first(
    desk: Client, coordinator: User, settings: Any, database_clock: DatabaseClock
) -> None:
    """Whoever reloads the page has asked again: what they put into their program must go on to hold."""
    settings.WEBHOOK_CHANNEL = "file"
    a_signed_webhook(desk)
    way = coordinator.ways.get()
    for _ in range(3):
        assert "Secret for signatures" in renewed(desk, way)
    four = secrets_of(way)
    assert len(set(four)) == 4
    refused = renewed(desk, way)
    assert "three new secrets in a week" in refused
    assert secrets_of(way) == four
    database_clock.advance(by=timedelta(days=8))
    assert "Secret for signatures" in renewed(desk, way)
    assert secrets_of(way)[1:] == four[:1]
    assert four[3] not in way.address  # forgotten


def test_what_is_not_signed_has_no_secret_to_renew(desk: Client, coordinator: User, settings: Any) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    desk.post(f"{PAGE}webhooks/", {"url": "https://hooks.example/1", "shape": "slack"})
    for way in (coordinator.ways.get(), StaffChannelFactory(user=coordinator)):
        before = way.address
        assert "it has no secret" in renewed(desk, way)
        way.refresh_from_db()
        assert way.address == before
    assert "New secret" not in said(desk)


def test_nobody_renews_the_secret_of_another(
    desk: Client, manager: User, client: Client, coordinator: User, settings: Any
) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    a_signed_webhook(desk)
    way = coordinator.ways.get()
    before = way.address
    client.force_login(manager)
    assert client.post(f"{PAGE}{way.pk}/new-secret/").status_code == 404
    way.refresh_from_db()
    assert way.address == before


@pytest.mark.parametrize("url", ["", "hooks", "http://hooks.example/", "javascript:alert(1)"])
def test_only_a_safe_address_is_taken(desk: Client, settings: Any, url: str) -> None:
    settings.WEBHOOK_CHANNEL = "file"
    assert desk.post(f"{PAGE}webhooks/", {"url": url, "shape": "slack"}).status_code == 422
    assert not StaffChannel.objects.exists()


def test_webhooks_are_offered_where_they_are_set_up(desk: Client, settings: Any) -> None:
    settings.WEBHOOK_CHANNEL = "off"
    assert "Add a webhook" not in said(desk)
    wanted = {"url": "https://hooks.example/", "shape": "slack"}
    answer = desk.post(f"{PAGE}webhooks/", wanted)
    assert answer.status_code == 422
    assert "Webhooks are not set up here." in answer.content.decode()
    assert not StaffChannel.objects.exists()
    settings.WEBHOOK_CHANNEL = "file"
    assert "Add a webhook" in said(desk)


@pytest.mark.parametrize("sent", ["", "{}", "no json", '{"endpoint": "x"}'])
def test_what_is_no_subscription_is_refused_in_words(desk: Client, sent: str) -> None:
    answer = desk.post(f"{PAGE}browsers/", {"subscription": sent}, follow=True)
    assert "gave us nothing to write to" in answer.content.decode()
    assert not StaffChannel.objects.exists()


def test_push_is_offered_with_the_key_where_there_is_one(desk: Client, settings: Any) -> None:
    assert "data-push-key" not in said(desk)
    settings.VAPID_PRIVATE_KEY = KEY
    assert 'data-push-key="B' in said(desk)


def test_the_worker_is_a_script_at_an_address_that_stays(client: Client) -> None:
    answer = client.get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert b"showNotification" in answer.content


def test_a_test_shows_what_became_of_it(desk: Client, coordinator: User) -> None:
    StaffChannelFactory(user=coordinator, address=NUMBER)
    answer = desk.post(f"{PAGE}test/", follow=True).content.decode()
    assert "2 tests are on the way" in answer
    assert answer.count("on its way") == 2
    assert 'hx-trigger="every 3s"' in answer
    by_text = WayCheck.objects.get(channel=SMS)
    answer = desk.post(f"{PAGE}tests/{by_text.pk}/came/", follow=True).content.decode()
    assert "you said that it came" in answer


def test_tests_one_after_the_other_are_refused_in_words(desk: Client) -> None:
    desk.post(f"{PAGE}test/")
    assert "A test went out a moment ago" in desk.post(f"{PAGE}test/", follow=True).content.decode()


def test_only_the_list_is_refreshed(desk: Client, coordinator: User) -> None:
    try_own_ways(user=coordinator, at=database_now())
    part = desk.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith('<section id="own-ways"')
    assert "<h1>" not in part


def test_quiet_hours_are_kept_by_the_clock_of_the_site_and_taken_back(
    desk: Client, coordinator: User, site: Site
) -> None:
    site.time_zone = "Europe/Warsaw"
    site.save()
    desk.post(f"{PAGE}quiet/", {"begins": "22:00", "ends": "07:00"})
    assert QuietHours.objects.get(user=coordinator).time_zone == "Europe/Warsaw"
    assert "From 22:00 to 07:00" in said(desk)
    desk.post(f"{PAGE}quiet/", {"begins": "", "ends": ""})
    assert not QuietHours.objects.exists()


@pytest.mark.parametrize(
    ("begins", "ends", "words"),
    [
        ("22:00", "", "both times"),
        ("", "07:00", "both times"),
        ("7", "x", "such as"),
        ("07:00", "07:00", "no time"),
    ],
)
def test_hours_that_are_none_come_back(desk: Client, begins: str, ends: str, words: str) -> None:
    answer = desk.post(f"{PAGE}quiet/", {"begins": begins, "ends": ends})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not QuietHours.objects.exists()


def test_nobody_touches_what_is_somebody_elses(desk: Client, manager: User, outsider: User) -> None:
    for other in (manager, outsider):
        way = StaffChannelFactory(user=other, verified_at=None)
        check = try_own_ways(user=other, at=database_now())[0]
        send_code(way=way, at=database_now())
        for address in (
            f"{way.pk}/remove/",
            f"{way.pk}/code/",
            f"{way.pk}/send-code/",
            f"tests/{check.pk}/came/",
        ):
            assert desk.post(PAGE + address).status_code == 404
    assert StaffChannel.objects.count() == 2
    assert not WayCheck.objects.exclude(confirmed_at=None).exists()
    assert not WayCheck.objects.filter(kind=WayCheckKind.CODE).exclude(tries=0).exists()


def test_nobody_sees_somebody_elses_number(client: Client, coordinator: User, manager: User) -> None:
    StaffChannelFactory(user=coordinator, address=NUMBER)
    client.force_login(manager)
    for page in (PAGE, "/desk/rota/harbour-house/", "/desk/alert-policy/harbour-house/"):
        assert "900123" not in client.get(page).content.decode()


def test_as_many_queries_for_ten_ways_as_for_one(desk: Client, coordinator: User) -> None:
    counts = []
    at = database_now() - timedelta(minutes=2)
    for number in (1, 9):
        for _ in range(number):
            StaffChannelFactory(user=coordinator)
        try_own_ways(user=coordinator, at=at)
        at += timedelta(minutes=1)
        with CaptureQueriesContext(connection) as queries:
            said(desk)
        counts.append(len(queries))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("channel", [SMS, ChannelName.WEBHOOK])
def test_what_cannot_be_read_any_more_says_so_and_can_be_removed(
    desk: Client, coordinator: User, channel: ChannelName
) -> None:
    way = StaffChannelFactory(user=coordinator, channel=channel)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE crm_staffchannel SET address = 'gone'::bytea")
    assert "we cannot read the address any more. Remove this, and add it again" in said(desk)
    desk.post(f"{PAGE}{way.pk}/remove/")
    assert not StaffChannel.objects.exists()
