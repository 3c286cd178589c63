"""Second factors, and who counts as staff."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings

from crm.models import Site, User
from tests.factories import LeadFactory

SET_UP = "/accounts/2fa/"


def test_a_second_factor_is_not_asked_for_unless_the_clinic_wants_it(desk: Client) -> None:
    assert desk.get("/desk/").status_code == 200


@pytest.mark.parametrize("path", ["/desk/", "/desk/search/", "/desk/queues/mine/"])
def test_staff_without_a_second_factor_set_one_up_first(desk: Client, settings: Settings, path: str) -> None:
    settings.MFA_REQUIRED = True
    assert desk.get(path).url == SET_UP


def test_actions_wait_for_the_second_factor_too(desk: Client, settings: Settings, site: Site) -> None:
    settings.MFA_REQUIRED = True
    lead = LeadFactory(site=site)
    assert desk.post(f"/desk/leads/{lead.reference}/claim/").url == SET_UP
    lead.refresh_from_db()
    assert lead.owner is None


@pytest.mark.parametrize("path", ["/desk/news/", "/desk/watch/"])
def test_what_refreshes_itself_beside_somebodys_work_leaves_the_page_to_them(
    client: Client, db: None, path: str
) -> None:
    answer = client.get(path, headers={"HX-Request": "true"})
    assert (answer.status_code, "HX-Redirect" in answer.headers) == (204, False)
    assert "desk:signed-out" in answer.headers["HX-Trigger"]
    assert client.get(path).url.startswith("/accounts/login/")


@pytest.mark.parametrize(
    ("kind", "may"),
    [
        (Authenticator.Type.TOTP, True),
        (Authenticator.Type.WEBAUTHN, True),
        (Authenticator.Type.RECOVERY_CODES, False),
    ],
)
def test_an_authenticator_or_a_passkey_opens_the_desk(
    desk: Client, settings: Settings, coordinator: User, kind: str, may: bool
) -> None:
    settings.MFA_REQUIRED = True
    Authenticator.objects.create(user=coordinator, type=kind, data={})
    assert (desk.get("/desk/").status_code == 200) is may


def test_the_admin_asks_for_the_second_factor_too(
    client: Client, settings: Settings, coordinator: User
) -> None:
    settings.MFA_REQUIRED = True
    coordinator.is_staff = coordinator.is_superuser = True
    coordinator.save()
    client.force_login(coordinator)
    assert client.get("/admin/").url == SET_UP
    settings.MFA_REQUIRED = False
    assert client.get("/admin/").status_code == 200


def test_the_admin_signs_in_where_everybody_does(client: Client, db: None) -> None:
    assert client.get("/admin/login/").url.startswith("/accounts/login/")


@pytest.mark.parametrize("page", ["user", "site", "membership"])
def test_the_admin_pages_of_staff_open(client: Client, coordinator: User, page: str) -> None:
    coordinator.is_staff = coordinator.is_superuser = True
    coordinator.save()
    client.force_login(coordinator)
    assert client.get(f"/admin/crm/{page}/").status_code == 200
    assert client.get(f"/admin/crm/{page}/add/").status_code == 200


def test_the_admin_adds_a_person_and_deletes_none(client: Client, coordinator: User) -> None:
    coordinator.is_staff = coordinator.is_superuser = True
    coordinator.save()
    client.force_login(coordinator)
    password = "correct horse battery"
    form = {
        "email": "new@threshold.example",
        "full_name": "New",
        "password1": password,
        "password2": password,
    }
    inlines = {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}
    assert client.post("/admin/crm/user/add/", form | inlines).status_code == 302
    assert User.objects.get(email="new@threshold.example").check_password(password)
    assert client.get(f"/admin/crm/user/{coordinator.pk}/delete/").status_code == 403
