"""Who is watching, on every page; and a part that stays as it is while nothing changes."""

import re
from datetime import timedelta

from django.test import Client, override_settings

from crm.enums import AwayReason, EventKind, Role
from crm.models import Presence, Site, User
from crm.services.absences import go_away
from crm.services.caller_requests import Page, stop_contact
from jobs.clock import database_now
from tests.factories import LeadEventFactory, LeadFactory, MembershipFactory, ShiftFactory, SiteFactory
from tests.pages import queries_of, text_of

WATCH = "/desk/watch/"
AGAIN = {"HX-Request": "true"}  # the page asks again by itself
MINUTE = timedelta(minutes=1)


def seen(user: User, *, ago: timedelta = timedelta(), idle: timedelta = timedelta()) -> None:
    at = database_now()
    Presence.objects.create(user=user, seen_at=at - ago, acted_at=at - max(ago, idle))


def test_opening_a_page_counts_as_watching(desk: Client) -> None:
    assert "Watching now Casey Coordinator (you)" in text_of(desk.get(WATCH))


def test_nobody_is_watching_is_said_plainly(client: Client, clinician: User, coordinator: User) -> None:
    client.force_login(clinician)  # a clinician does not answer to callers
    seen(coordinator, ago=10 * MINUTE)
    assert "Nobody is watching." in text_of(client.get(WATCH))


def test_a_screen_that_is_left_on_is_not_somebody_who_watches(desk: Client, coordinator: User) -> None:
    seen(coordinator, idle=45 * MINUTE)
    text = text_of(desk.get(WATCH, headers=AGAIN))
    assert "Nobody is watching." in text
    assert "Casey Coordinator screen open, untouched for 45 minutes" in text


def test_whoever_is_away_does_not_watch_and_may_say_that_they_are_back(
    desk: Client, coordinator: User
) -> None:
    seen(coordinator)
    go_away(user=coordinator, reason=AwayReason.BREAK, by=coordinator, at=database_now())
    text = text_of(desk.get(WATCH))
    assert "You are marked as away: on a break." in text
    assert "Nobody is watching." in text
    answer = text_of(desk.post("/desk/back/", headers={"HX-Request": "true"}))
    assert "You are back." in answer
    assert "Watching now Casey Coordinator (you)" in answer


def test_whoever_is_on_shift_without_a_screen_is_named(desk: Client, site: Site, manager: User) -> None:
    ShiftFactory(site=site, user=manager)
    text = text_of(desk.get(WATCH))
    assert "Morgan Manager on shift, no screen open" in text


def test_each_site_is_named_where_there_are_several(desk: Client, coordinator: User, site: Site) -> None:
    MembershipFactory(user=coordinator, site=SiteFactory(name="Abbey Court"), role=Role.CLINICIAN)
    text = text_of(desk.get(WATCH))
    assert "Nobody is watching Abbey Court." in text
    assert "Harbour House: watching now Casey Coordinator" in text


def test_colleagues_of_other_sites_are_not_shown(desk: Client, outsider: User) -> None:
    seen(outsider)
    assert "Olly" not in text_of(desk.get(WATCH))


def test_the_part_answers_nothing_while_nothing_changes(desk: Client, manager: User) -> None:
    first = desk.get(WATCH)
    shown = re.search(r"shown=(\w+)", first.content.decode())
    assert shown
    assert desk.get(WATCH, {"shown": shown[1]}).status_code == 204
    seen(manager)
    assert desk.get(WATCH, {"shown": shown[1]}).status_code == 200


def test_presence_is_written_once_a_minute(desk: Client, coordinator: User) -> None:
    for _ in range(3):
        desk.get(WATCH, headers=AGAIN)
    first = Presence.objects.get(user=coordinator)
    assert first.seen_at == first.acted_at
    Presence.objects.update(seen_at=first.seen_at - 2 * MINUTE, acted_at=first.acted_at - 2 * MINUTE)
    desk.get(WATCH, headers=AGAIN)
    later = Presence.objects.get(user=coordinator)
    assert (later.seen_at, later.acted_at) == (first.seen_at, first.acted_at - 2 * MINUTE)


def test_doing_something_counts_without_scripts_too(desk: Client, coordinator: User, site: Site) -> None:
    desk.post(f"/desk/leads/{LeadFactory(site=site).reference}/claim/")
    assert Presence.objects.filter(user=coordinator).exists()


def test_the_part_costs_the_same_however_many_people_and_leads(
    desk: Client, coordinator: User, site: Site
) -> None:
    def queries_with(more: int) -> int:
        for _ in range(more):
            colleague = MembershipFactory(site=site).user
            ShiftFactory(site=site, user=colleague)
            seen(colleague)
            until = database_now() + 2 * MINUTE
            LeadFactory(site=site, taken=True, owner=coordinator, lease_until=until)
        return queries_of(desk, WATCH, AGAIN)

    desk.get(WATCH)
    assert queries_with(1) == queries_with(29) == 8  # the leads of which the lease is about to end are one


def test_a_part_with_nothing_to_tell_costs_seven_queries(desk: Client, coordinator: User, site: Site) -> None:
    LeadFactory(site=site, taken=True, owner=coordinator, lease_until=database_now() + 55 * MINUTE)
    ShiftFactory(site=site, user=coordinator)
    assert queries_of(desk, WATCH, AGAIN) == 7


def test_every_page_is_drawn_with_it_those_of_the_account_too(desk: Client) -> None:
    for path in ("/desk/", "/desk/rota/harbour-house/", "/accounts/password/change/", "/accounts/2fa/"):
        assert "Watching now Casey Coordinator (you)" in text_of(desk.get(path))


@override_settings(MFA_REQUIRED=True)
def test_whoever_lacks_the_second_factor_that_is_asked_for_sees_nothing_of_it(desk: Client) -> None:
    page = desk.get("/accounts/2fa/").content.decode()
    assert "Sign out" in page
    assert "desk-watch" not in page
    assert "/desk/queues/" not in page


def test_the_holder_is_told_what_came_in_since_they_took_the_lead(
    desk: Client, site: Site, coordinator: User, manager: User
) -> None:
    at = database_now()
    lead = LeadFactory(site=site, taken=True, owner=coordinator, claimed_at=at - 5 * MINUTE)
    known = {"lead": lead, "kind": EventKind.ASKED_SOONER, "occurred_at": at - 6 * MINUTE}
    LeadEventFactory(**known)  # before they took it: it stands on the page that they opened
    LeadEventFactory(lead=lead, kind=EventKind.LEVEL_RAISED, by=coordinator)
    LeadEventFactory(lead=LeadFactory(site=site), kind=EventKind.GOT_WORSE)
    assert "which you have" not in text_of(desk.get(WATCH))
    LeadEventFactory(lead=lead, kind=EventKind.REPEAT_ENQUIRY)
    LeadEventFactory(lead=lead, kind=EventKind.LEVEL_RAISED, by=manager)
    text = text_of(desk.get(WATCH))
    assert re.search(rf"Enquired again, \d\d:\d\d: {lead.reference} , which you have\.", text)
    assert "Level raised by Morgan Manager, " in text
    assert text.count("which you have") == 2


def test_who_asked_to_be_left_alone_is_told_to_whoever_is_about_to_call(
    desk: Client, site: Site, coordinator: User
) -> None:
    lead = LeadFactory(site=site, taken=True, owner=coordinator)
    stop_contact(lead=lead, page=Page(lead.reference, opened_lead=True), at=database_now())
    assert "The caller asked us to stop contacting them, " in text_of(desk.get(WATCH))
