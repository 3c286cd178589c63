"""Alarms on every page of the desk, on their own page, and for machines; live when nothing raises them."""

import re
from datetime import datetime, timedelta

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.enums import AlarmKind, Level, Role
from crm.models import Site, User
from crm.services.alarms import end_alarm, raise_alarm
from crm.services.alerts import alert_staff
from jobs.clock import database_now
from jobs.services.periodic import beat
from notifications.enums import Acknowledgement
from notifications.models import Message
from tests.clock import DatabaseClock
from tests.crm.reports.past_alerts import past_alert, past_message
from tests.factories import AlarmFactory, LeadFactory, MembershipFactory, SiteFactory
from tests.pages import queries_of, text_of

PAGES = ("/desk/", "/desk/shifts/", "/desk/board/", "/desk/handover/harbour-house/", "/desk/search/")
ACCOUNT = "/accounts/password/change/"
AGAIN = {"HX-Request": "true"}
NEWS = "Nobody is on shift or on call"
MINUTE = timedelta(minutes=1)


def boss(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


# On every page


def test_every_page_of_the_site_says_what_is_wrong_and_what_to_do(site: Site, desk: Client) -> None:
    for page in (*PAGES, ACCOUNT, "/desk/watch/"):
        assert NEWS not in text_of(desk.get(page)), page
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site)
    for page in (*PAGES, ACCOUNT, "/desk/watch/"):
        words = text_of(desk.get(page))
        assert f"Alarm {NEWS} Harbour House, since" in words, page
        assert "Open the desk yourself, or ring somebody who can." in words


def test_more_than_two_are_one_line_that_opens(site: Site, desk: Client) -> None:
    for kind in (AlarmKind.NOBODY_ON_SHIFT, AlarmKind.NO_CHANNEL):
        AlarmFactory(kind=kind, site=site)
    assert "<details>" not in banner(desk)
    AlarmFactory(kind=AlarmKind.AUDIT_FAILED, site=None)
    page = banner(desk)
    line, inside = page.partition("<summary>")[2].split("</summary>")
    assert text_of(line).startswith("3 alarms")
    for title in (NEWS, "The auditor found something wrong"):
        assert title in line
        assert title in inside


def banner(desk: Client) -> str:
    page = desk.get("/desk/shifts/").content.decode()
    return page.partition('<section class="alarm-bar"')[2].partition("</section>")[0]


def test_it_goes_when_it_is_over(site: Site, desk: Client) -> None:
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site)
    end_alarm(kind=AlarmKind.NOBODY_ON_SHIFT, site=site, at=database_now())
    assert NEWS not in text_of(desk.get("/desk/"))


def test_other_sites_see_what_is_everywhere_only(site: Site, client: Client, outsider: User) -> None:
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site)
    AlarmFactory(kind=AlarmKind.AUDIT_FAILED, site=None)
    words = text_of(boss(client, outsider).get("/desk/"))
    assert NEWS not in words
    assert "The auditor found something wrong All sites, since" in words


def test_an_open_page_learns_of_it_once_and_of_its_end(site: Site, desk: Client) -> None:
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site)
    answer = desk.get("/desk/watch/", headers=AGAIN).content.decode()
    assert NEWS in answer.partition('<div id="red-screen" hx-swap-oob="innerHTML">')[2]
    shown = answer.partition("shown=")[2][:16]
    assert desk.get("/desk/watch/", {"shown": shown}, headers=AGAIN).status_code == 204
    end_alarm(kind=AlarmKind.NOBODY_ON_SHIFT, site=site, at=database_now())
    again = desk.get("/desk/watch/", {"shown": shown}, headers=AGAIN)
    assert again.status_code == 200
    assert NEWS not in text_of(again)


def test_a_screen_reader_hears_of_it(desk: Client) -> None:
    assert '<div id="red-screen" role="status">' in desk.get("/desk/shifts/").content.decode()


def test_it_costs_no_query_however_many_there_are(site: Site, desk: Client) -> None:
    beat(name="beat", at=database_now())
    before = queries_of(desk, "/desk/watch/", AGAIN)
    for kind in AlarmKind:
        AlarmFactory(kind=kind, site=site)
        AlarmFactory(kind=kind, site=None)
    assert queries_of(desk, "/desk/watch/", AGAIN) == before


def test_only_a_manager_is_led_to_managers_pages(
    site: Site, client: Client, desk: Client, manager: User
) -> None:
    AlarmFactory(kind=AlarmKind.NO_CHANNEL, site=site)
    theirs = desk.get("/desk/shifts/").content.decode()
    assert "Open stuck work" not in theirs
    assert "/desk/alarms/" not in theirs
    managers = boss(client, manager).get("/desk/shifts/").content.decode()
    assert "Open stuck work" in managers
    assert "What each alarm means" in managers


@pytest.mark.parametrize("kind", AlarmKind)
def test_where_an_alarm_leads_its_reader_may_go(
    site: Site, client: Client, desk: Client, coordinator: User, manager: User, kind: AlarmKind
) -> None:
    AlarmFactory(kind=kind, site=site)
    for user in (coordinator, manager):
        page = boss(client, user).get("/desk/shifts/").content.decode()
        bar = page.partition('class="alarm-bar"')[2].partition("</section>")[0]
        links = re.findall(r'href="([^"]+)"', bar)
        assert [link for link in links if client.get(link, follow=True).status_code != 200] == []
        assert text_of(bar).count("Harbour House, since") == 1


def test_a_red_screen_says_it_and_no_alarm_says_it_again(site: Site, desk: Client) -> None:
    AlarmFactory(kind=AlarmKind.UNANSWERED, site=site)
    assert "Nobody has answered an urgent lead" in text_of(desk.get("/desk/shifts/"))
    lead = LeadFactory(site=site, level=Level.U1)
    alert_staff(lead=lead, key=str(lead.pk), at=database_now() - 7 * MINUTE)
    words = text_of(desk.get("/desk/shifts/"))
    assert "Nobody has answered Managers have been told." in words
    assert "Nobody has answered an urgent lead" not in words


# Live, without a sweep


@pytest.mark.parametrize(
    ("name", "bound", "words"),
    [
        ("beat", 60, "The background work does not answer"),
        ("dispatch", 30, "The dispatcher has stopped"),
        ("watch", 60, "Nothing watches over the desk"),
    ],
)
def test_a_page_sees_by_itself_that_a_process_is_silent(
    desk: Client, name: str, bound: int, words: str
) -> None:
    for ago, is_silent in ((bound - 5, False), (bound + 5, True)):
        for each in ("beat", "dispatch", "watch"):
            beat(name=each, at=database_now())
        beat(name=name, at=database_now() - timedelta(seconds=ago))
        assert (words in text_of(desk.get("/desk/shifts/"))) == is_silent


def test_with_everything_dead_the_cause_is_named_once(desk: Client, site: Site) -> None:
    for each in ("beat", "dispatch", "watch"):
        beat(name=each, at=database_now() - 10 * MINUTE)
    AlarmFactory(kind=AlarmKind.BEAT_SILENT, site=None, since=database_now() - 8 * MINUTE)
    words = text_of(desk.get("/desk/shifts/"))
    assert words.count("The background work does not answer") == 1
    assert "2 alarms" in words
    assert "Nothing watches over the desk" not in words


# The page


def test_the_page_is_for_managers(desk: Client, client: Client, clinician: User, manager: User) -> None:
    assert desk.get("/desk/alarms/").status_code == 403
    assert boss(client, clinician).get("/desk/alarms/").status_code == 403
    page = boss(client, manager).get("/desk/alarms/")
    assert "Nothing is wrong" in text_of(page)
    assert "There was no alarm yet." in text_of(page)


def test_it_says_what_each_means_what_to_do_and_for_how_long(
    site: Site, client: Client, manager: User, database_clock: DatabaseClock
) -> None:
    database_clock.stop()
    at = database_clock.now()
    raise_alarm(kind=AlarmKind.NO_CHANNEL, site=site, at=at - 90 * MINUTE)
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site, since=at - 60 * MINUTE, ended_at=at - 35 * MINUTE)
    words = text_of(boss(client, manager).get("/desk/alarms/"))
    now, _, past = words.partition(" Over ")
    assert "Somebody on call cannot be told Harbour House, since" in now
    assert ", for 1 hour 30 minutes" in now
    assert "What to do: Ring them" in now
    assert "An enquiry is not routed Harbour House" in past
    assert "25 minutes" in past


@pytest.mark.parametrize("is_over", [True, False])
def test_how_long_it_lasted_is_what_its_times_say(
    site: Site, client: Client, manager: User, database_clock: DatabaseClock, is_over: bool
) -> None:
    """Seconds are not shown: from 05:56:40 to 05:59:10 is three minutes."""
    database_clock.stop()
    at = database_clock.move_to(datetime.fromisoformat("2027-03-01T05:59:10+00:00"))
    ended_at = at if is_over else None
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site, since=at - timedelta(seconds=150), ended_at=ended_at)
    words = text_of(boss(client, manager).get("/desk/alarms/"))
    assert ("1 March, 05:56 1 March, 05:59 3 minutes" if is_over else "05:56, for 3 minutes") in words


def test_one_that_is_over_says_what_it_meant_and_what_it_cost(
    site: Site, client: Client, manager: User
) -> None:
    end = database_now() - 60 * MINUTE
    begin = end - 10 * MINUTE
    AlarmFactory(kind=AlarmKind.DISPATCHER_SILENT, site=None, since=begin, ended_at=end)
    alerted(site, came=begin + MINUTE, took=4)
    alerted(site, came=begin - MINUTE, took=50)
    alerted(site, came=end + MINUTE, took=50)
    alerted(SiteFactory(), came=begin + MINUTE, took=50)
    page = boss(client, manager)
    said = "What hands work to the workers had stopped: alerts could be late. "
    assert said + "No urgent alert went out late." in text_of(page.get("/desk/alarms/"))
    alerted(site, came=begin + MINUTE, took=21)
    assert said + "1 urgent alert went out late, after 21 seconds." in text_of(page.get("/desk/alarms/"))
    alerted(site, came=begin + MINUTE, took=100, placed_after=95)
    words = "2 urgent alerts went out late, the slowest after 1 minute."
    assert said + words in text_of(page.get("/desk/alarms/"))


def test_an_alarm_of_one_site_counts_the_alerts_of_that(site: Site, client: Client, manager: User) -> None:
    far = MembershipFactory(user=manager, role=Role.MANAGER).site
    at = database_now()
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site, since=at - 5 * MINUTE, ended_at=at)
    alerted(far, came=at - MINUTE, took=50)
    assert "No urgent alert went out late." in text_of(boss(client, manager).get("/desk/alarms/"))


def alerted(site: Site, *, came: datetime, took: int, placed_after: int = 0) -> None:
    """An urgent enquiry, and a first message of its alert that went out so many seconds after it came."""
    placed = came + timedelta(seconds=placed_after)
    lead = LeadFactory(site=site, level=Level.U1, received_at=came, placed_at=placed)
    chain = past_alert(lead, started_at=placed, how=Acknowledgement.DESK)
    sent = past_message(lead, escalation=chain)
    Message.objects.filter(pk=sent.pk).update(sent_at=came + timedelta(seconds=took))


def test_alone_it_says_how_late_alerts_are_and_with_both_dead_that_there_are_none(
    site: Site, client: Client, manager: User
) -> None:
    AlarmFactory(kind=AlarmKind.DISPATCHER_SILENT, site=None)
    page = boss(client, manager)
    words = text_of(page.get("/desk/alarms/"))
    assert "alerts go out up to half a minute later" in words
    assert "do not go out" not in words
    AlarmFactory(kind=AlarmKind.BEAT_SILENT, site=None)
    words = text_of(page.get("/desk/alarms/"))
    assert words.count("enquiries still arrive, but nobody is alerted") == 2
    assert "half a minute" not in words


def test_the_part_that_failed_stays_named_beside_the_silence_itself(
    site: Site, client: Client, manager: User
) -> None:
    seen = database_now() - 3 * MINUTE
    beat(name="beat", at=seen)
    AlarmFactory(kind=AlarmKind.BEAT_SILENT, site=None, since=seen, what="the broker does not answer")
    main = main_of(boss(client, manager).get("/desk/alarms/"))
    assert main.count("The background work does not answer: the broker does not answer") == 1


def main_of(page: HttpResponse) -> str:
    return text_of(page.content.decode().partition('<main id="main"')[2].partition("</main>")[0])


def test_it_shows_the_sites_that_one_manages(site: Site, client: Client, manager: User) -> None:
    far = SiteFactory(name="Far House")
    MembershipFactory(site=far, user=manager, role=Role.COORDINATOR)
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=far)
    AlarmFactory(kind=AlarmKind.UNPLACED, site=far, ended_at=database_now())
    page = boss(client, manager).get("/desk/alarms/").content.decode()
    main = page.partition('<main id="main"')[2].partition("</main>")[0]
    assert "Nothing is wrong" in text_of(main)
    assert "There was no alarm yet." in text_of(main)


def test_its_queries_do_not_grow(site: Site, client: Client, manager: User) -> None:
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site, ended_at=database_now())
    AlarmFactory(kind=AlarmKind.UNPLACED, site=site)
    before = queries_of(boss(client, manager), "/desk/alarms/")
    for kind in AlarmKind:
        AlarmFactory(kind=kind, site=None)
    for _ in range(30):
        AlarmFactory(kind=AlarmKind.UNPLACED, site=site, ended_at=database_now())
    assert queries_of(client, "/desk/alarms/") == before


# Machines


def test_machines_see_each_alarm(site: Site, client: Client) -> None:
    def checks() -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = client.get("/readyz").json()["checks"]
        return {name: each for name, each in found.items() if name.startswith("alarm")}

    assert checks() == {"alarms": {"ok": True, "seconds": None}}
    at = database_now()
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=site, since=at - 3 * MINUTE)
    AlarmFactory(kind=AlarmKind.NOBODY_ON_SHIFT, site=SiteFactory(), since=at - MINUTE)
    AlarmFactory(kind=AlarmKind.CANARY_LATE, site=None, since=at - MINUTE)
    found = checks()
    assert set(found) == {"alarms", "alarm_nobody_on_shift", "alarm_canary_late"}
    assert not any(each["ok"] for each in found.values())
    assert 180 <= float(str(found["alarm_nobody_on_shift"]["seconds"])) < 200
    assert client.get("/readyz").status_code == 503
    figures = client.get("/metrics").content.decode()
    assert 'threshold_alarms{kind="nobody_on_shift"} 2.0' in figures
    assert 'threshold_alarms{kind="no_channel"} 0.0' in figures
    assert 'threshold_alarm_age_seconds{kind="nobody_on_shift"} 18' in figures


def test_the_silence_of_the_watch_is_seen_by_readyz(client: Client, site: Site) -> None:
    beat(name="watch", at=database_now() - timedelta(seconds=61))
    assert client.get("/readyz").json()["checks"]["watch"] == {
        "ok": False,
        "seconds": pytest.approx(61, abs=5),
    }
