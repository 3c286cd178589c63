"""The technical admin: where a site is, is picked from a list; when somebody is there."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.conf import LazySettings
from django.test import Client

from crm.enums import PhoneProvider
from crm.models import Site, User
from crm.selectors.opening import opening_hours
from tests.factories.phone import PhoneLineFactory

pytestmark = pytest.mark.django_db


def test_a_place_is_picked_and_not_typed(client: Client, site: Site, admin_user: User) -> None:
    client.force_login(admin_user)
    path = f"/admin/crm/site/{site.pk}/change/"
    page = client.get(path).content.decode()
    assert '<option value="Wales">Wales</option>' in page
    assert '<option value="IE">Ireland</option>' in page
    response = client.post(path, {"nation": "england", "locale": "UK"})
    errors = response.context["adminform"].form.errors
    assert {"nation", "locale"} <= set(errors)


def shifts(site: Site, **changed: str) -> dict[str, str]:
    """Return the site's page as a browser sends it, with one shift and one closed day."""
    form = {
        "name": site.name,
        "slug": site.slug,
        "phone": site.phone,
        "time_zone": "Europe/London",
        "locale": "GB",
        "nation": "England",
        "opening_times-TOTAL_FORMS": "1",
        "opening_times-INITIAL_FORMS": "0",
        "opening_times-0-site": str(site.pk),
        "opening_times-0-weekday": "4",
        "opening_times-0-opens": "22:00",
        "opening_times-0-closes": "06:00",
        "closed_dates-TOTAL_FORMS": "1",
        "closed_dates-INITIAL_FORMS": "0",
        "closed_dates-0-site": str(site.pk),
        "closed_dates-0-date": "2026-12-25",
        "closed_dates-0-reason": "Christmas",
    }
    return form | changed


def test_opening_hours_are_edited_and_count_at_once(client: Client, site: Site, admin_user: User) -> None:
    client.force_login(admin_user)
    path = f"/admin/crm/site/{site.pk}/change/"
    response = client.post(path, shifts(site))
    assert response.status_code == 302, response.context["errors"]
    shift = site.opening_times.get()
    assert str(shift) == "Friday 22:00 to 06:00"
    assert str(site.closed_dates.get()) == "25 December 2026"
    changed = {
        "opening_times-INITIAL_FORMS": "1",
        "opening_times-0-id": str(shift.pk),
        "opening_times-0-closes": "07:30",
        "closed_dates-TOTAL_FORMS": "0",
    }
    site.refresh_from_db()
    assert client.post(path, shifts(site, **changed)).status_code == 302
    hours = opening_hours(site)
    saturday = datetime(2026, 11, 28, 7, 0, tzinfo=ZoneInfo("Europe/London"))
    assert hours.is_staffed(saturday)
    assert not hours.is_staffed(saturday + timedelta(hours=1))


@pytest.mark.parametrize(
    "wrong",
    [{"opening_times-0-weekday": "7"}, {"opening_times-0-opens": "25:00"}, {"closed_dates-0-date": "30.2."}],
)
def test_hours_that_make_no_sense_are_not_saved(
    client: Client, site: Site, admin_user: User, wrong: dict[str, str]
) -> None:
    client.force_login(admin_user)
    response = client.post(f"/admin/crm/site/{site.pk}/change/", shifts(site, **wrong))
    assert response.status_code == 200
    assert not site.opening_times.exists()
    assert not site.closed_dates.exists()


def test_a_phone_line_says_its_address_and_is_never_deleted(
    client: Client, site: Site, admin_user: User
) -> None:
    client.force_login(admin_user)
    line = PhoneLineFactory(site=site)
    page = client.get(f"/admin/crm/phoneline/{line.pk}/change/").content.decode()
    assert f"/hooks/phone/{line.pk}/" in page
    assert client.post(f"/admin/crm/phoneline/{line.pk}/delete/").status_code == 403
    assert client.get("/admin/crm/phoneline/add/").status_code == 200


@pytest.mark.parametrize(
    ("secrets", "words"),
    [
        ({}, "Not in PHONE_SECRETS"),
        ({"front": "whsec_no key"}, "Cannot be read"),
        ({"front": "whsec_YWJjZA=="}, ">Known<"),
    ],
)
def test_a_phone_line_says_whether_its_secret_can_be_used(
    client: Client,
    site: Site,
    admin_user: User,
    settings: LazySettings,
    secrets: dict[str, str],
    words: str,
) -> None:
    settings.PHONE_SECRETS = secrets
    client.force_login(admin_user)
    PhoneLineFactory(site=site, provider=PhoneProvider.SIGNED)
    assert words in client.get("/admin/crm/phoneline/").content.decode()
