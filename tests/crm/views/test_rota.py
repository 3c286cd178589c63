"""The rota as staff read it and managers change it; one's own shifts; being away."""

from datetime import date, timedelta

import pytest
from django.test import Client

from crm.enums import EventKind, Role
from crm.models import Absence, Shift, Site, User
from crm.selectors.rota import local_date
from crm.services.queues import claim_lead
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, ShiftFactory, SiteFactory, UserFactory
from tests.pages import queries_of, text_of

ROTA = "/desk/rota/harbour-house/"
DAY = timedelta(days=1)


@pytest.fixture
def office(client: Client, manager: User) -> Client:
    """A browser in which the manager is signed in."""
    client.force_login(manager)
    return client


def new_shift(who: User, **changes: str) -> dict[str, str]:
    day = (database_now() + 9 * DAY).date().isoformat()
    return {"user": str(who.pk), "day": day, "starts": "22:00", "ends": "06:00", "on_call": "1"} | changes


def test_staff_read_the_rota_and_cannot_change_it(desk: Client, site: Site, coordinator: User) -> None:
    shift = ShiftFactory(site=site, user=coordinator)
    page = desk.get("/desk/rota/", follow=True)
    assert page.redirect_chain == [(ROTA, 302)]
    text = text_of(page)
    assert "Rota of Harbour House" in text
    assert "Casey Coordinator" in text
    assert "Add a shift" not in text
    for path in (f"{ROTA}add/", f"{ROTA}copy/", f"/desk/shifts/{shift.pk}/remove/"):
        assert desk.post(path).status_code == 403
    assert desk.get(f"/desk/shifts/{shift.pk}/").status_code == 403
    assert desk.post(f"{ROTA}people/{coordinator.pk}/away/", {"reason": "LEFT"}).status_code == 403


def test_a_manager_adds_a_night_on_call(office: Client, coordinator: User) -> None:
    page = office.post(f"{ROTA}add/", new_shift(coordinator), follow=True)
    text = text_of(page)
    assert "Casey Coordinator is on the rota." in text
    assert "22:00–06:00 Casey Coordinator On call, number 1" in text
    shift = Shift.objects.get()
    assert shift.ends_at - shift.starts_at == timedelta(hours=8)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"user": ""}, "Choose who works."),
        ({"day": ""}, "Enter the day."),
        ({"starts": "late"}, "Enter a time, such as 09:00."),
        ({"day": "2020-01-01"}, "It cannot be planned or changed"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(
    office: Client, coordinator: User, changes: dict[str, str], words: str
) -> None:
    page = office.post(f"{ROTA}add/", new_shift(coordinator, **changes))
    assert page.status_code == 422
    assert words in text_of(page)
    assert 'value="06:00"' in page.content.decode()
    assert not Shift.objects.exists()


def test_somebody_of_another_site_cannot_be_planned(office: Client, outsider: User) -> None:
    assert office.post(f"{ROTA}add/", new_shift(outsider)).status_code == 422


def test_a_manager_changes_and_removes_a_shift(office: Client, coordinator: User) -> None:
    office.post(f"{ROTA}add/", new_shift(coordinator))
    path = f"/desk/shifts/{Shift.objects.get().pk}/"
    assert 'value="22:00"' in office.get(path).content.decode()
    page = office.post(path, new_shift(coordinator, starts="21:00", on_call=""), follow=True)
    assert "The shift is changed." in text_of(page)
    assert Shift.objects.get().on_call is None
    page = office.post(f"{path}remove/", follow=True)
    assert "Casey Coordinator is off the rota then." in text_of(page)
    assert not Shift.objects.exists()


def test_a_shift_in_the_way_is_named(office: Client, coordinator: User) -> None:
    office.post(f"{ROTA}add/", new_shift(coordinator))
    page = office.post(f"{ROTA}add/", new_shift(coordinator, starts="23:00"))
    assert page.status_code == 422
    assert "Casey Coordinator has another shift then: Harbour House" in text_of(page)


def test_a_week_is_copied(office: Client, site: Site, coordinator: User) -> None:
    at = database_now()
    ShiftFactory(site=site, user=coordinator, starts_at=at + 2 * DAY)
    following = local_date(site, at + 9 * DAY).isoformat()
    page = office.post(f"{ROTA}copy/", {"week": following}, follow=True)
    assert "1 shift copied." in text_of(page)
    page = office.post(f"{ROTA}copy/", {"week": following}, follow=True)
    assert "0 shifts copied. 1 left out" in text_of(page)


@pytest.mark.parametrize("week", ["", "nonsense", "0001-01-01", "9999-12-31", "2027-02-30"])
def test_any_week_can_be_asked_for(desk: Client, week: str) -> None:
    assert desk.get(ROTA, {"week": week}).status_code == 200


def test_the_rota_of_another_site_is_not_there(client: Client, outsider: User, site: Site) -> None:
    shift = ShiftFactory(site=site)
    far = MembershipFactory(user=outsider, site=SiteFactory(), role=Role.MANAGER)
    client.force_login(outsider)
    assert client.get(ROTA).status_code == 404
    for path in (f"{ROTA}add/", f"{ROTA}copy/", f"/desk/shifts/{shift.pk}/remove/"):
        assert client.post(path).status_code == 404
    assert client.get(f"/desk/rota/{far.site.slug}/").status_code == 200


def test_a_manager_of_one_site_is_no_manager_of_another(office: Client, manager: User) -> None:
    other = MembershipFactory(user=manager, site=SiteFactory(), role=Role.COORDINATOR).site
    shift = ShiftFactory(site=other)
    assert office.get(f"/desk/shifts/{shift.pk}/").status_code == 403
    assert office.post(f"/desk/rota/{other.slug}/add/").status_code == 403


def test_a_manager_marks_somebody_as_away_and_back(
    office: Client, site: Site, coordinator: User, manager: User
) -> None:
    ShiftFactory(site=site, user=coordinator)
    lead = claim_lead(lead=LeadFactory(site=site), by=coordinator, at=database_now())
    path = f"{ROTA}people/{coordinator.pk}/"
    page = office.post(f"{path}away/", {"reason": "LEFT"}, follow=True)
    assert "Casey Coordinator is marked as away. 1 lead went back to its queue." in text_of(page)
    assert lead.events.get(kind=EventKind.LEASE_ENDED).by == manager
    page = office.post(f"{path}back/", follow=True)
    assert "Casey Coordinator is marked as back." in text_of(page)
    assert not Absence.objects.filter(back_at=None).exists()


def test_nobody_marks_somebody_of_another_site(office: Client, outsider: User) -> None:
    assert office.post(f"{ROTA}people/{outsider.pk}/away/", {"reason": "LEFT"}).status_code == 404
    assert office.post(f"{ROTA}people/{outsider.pk}/away/").status_code == 404


def test_my_shifts_and_being_away(desk: Client, site: Site, coordinator: User) -> None:
    ShiftFactory(site=site, user=coordinator, on_call=2)
    assert "Harbour House, on call, number 2" in text_of(desk.get("/desk/shifts/"))
    claim_lead(lead=LeadFactory(site=site), by=coordinator, at=database_now())
    page = text_of(desk.post("/desk/away/", {"reason": "BREAK"}, follow=True))
    assert "You are marked as away. 1 lead went back to its queue." in page
    assert "On a break, since" in page
    assert "You are back." in text_of(desk.post("/desk/back/", follow=True))
    assert desk.post("/desk/away/", {"reason": "WHIM"}).status_code == 404


def test_somebody_without_shifts_is_told_so(desk: Client) -> None:
    assert "You are not on the rota in the next five weeks." in text_of(desk.get("/desk/shifts/"))


def test_a_full_rota_costs_no_more_queries_than_an_empty_one(office: Client, site: Site) -> None:
    def queries_with(more: int) -> int:
        for _ in range(more):
            user = UserFactory()
            MembershipFactory(user=user, site=site)
            ShiftFactory(site=site, user=user)
        return queries_of(office, ROTA)

    assert queries_with(1) == queries_with(29)


def test_dates_are_the_sites(desk: Client, site: Site, coordinator: User) -> None:
    Site.objects.filter(pk=site.pk).update(time_zone="Pacific/Auckland")
    ShiftFactory(site=site, user=coordinator, starts_at=database_now().replace(hour=12, minute=0))
    shift = Shift.objects.get()
    week = date.isoformat(shift.starts_at.date() + DAY)
    assert "Casey Coordinator" in text_of(desk.get(ROTA, {"week": week}))
