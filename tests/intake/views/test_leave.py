"""The quick way out."""

from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client

from crm.models import Site, User
from tests.intake.views.pages import document, words

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("method", ["get", "post"])
def test_leaving_goes_somewhere_neutral_and_is_kept_by_nobody(client: Client, method: str) -> None:
    response = getattr(client, method)("/leave/")
    assert (response.status_code, response["Location"]) == (302, settings.QUICK_EXIT_URL)
    assert "no-store" in response["Cache-Control"]
    assert response["Referrer-Policy"] == "no-referrer"


def test_leaving_forgets_the_session(client: Client, site: Site, coordinator: User) -> None:
    client.force_login(coordinator)
    assert Session.objects.exists()
    response = client.get("/leave/")
    assert not Session.objects.exists()
    assert response.cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 0


def test_leaving_takes_every_cookie_of_ours(client: Client) -> None:
    client.cookies.load({"draft": "key", "messages": "x", settings.SESSION_COOKIE_NAME: "y"})
    response = client.get("/leave/")
    assert {name for name, cookie in response.cookies.items() if cookie["max-age"] == 0} >= {
        "draft",
        "messages",
        settings.SESSION_COOKIE_NAME,
        settings.CSRF_COOKIE_NAME,
    }
    assert response["Clear-Site-Data"] == '"cookies", "storage"'


def test_the_way_out_leads_where_the_clinic_says(client: Client, settings: Any) -> None:
    settings.QUICK_EXIT_URL = "https://www.example.org/news"
    assert client.get("/leave/")["Location"] == "https://www.example.org/news"


@pytest.mark.parametrize("path", ["/leaving/", "/cy/leaving/", "/pl/leaving/", "/ro/leaving/", "/ar/urgent/"])
def test_keys_are_named_only_where_a_phone_hides_it_in_every_language(
    client: Client, centre: Site, path: str
) -> None:
    """A phone has no Shift (assets/scss/public/_frame.scss)."""
    body = document(client.get(path)).find(".//body")
    of_keys = body.findall(".//*[@class='for-keys']")
    assert sum("Shift" in words(each) for each in of_keys) == (2 if "leaving" in path else 1)
    for each in of_keys:
        each[:], each.text = [], ""
    assert "Shift" not in words(body)


@pytest.mark.parametrize(("journey", "onward"), [("soon", "/urgent/"), ("stay", "/pre-booked/")])
def test_it_is_explained_before_the_first_question(
    client: Client, centre: Site, journey: str, onward: str
) -> None:
    page = document(client.get(f"/leaving/{journey}/"))
    assert next(each.get("href") for each in page.iterfind(".//a") if words(each) == "Continue") == onward
    said = words(page.find(".//main"))
    assert "Your browser still remembers that you were here" in said
    assert "What you have not sent is deleted" in said
    assert words(page.find(".//title")).startswith("Before you start")


def test_alone_it_leads_nowhere(client: Client, centre: Site) -> None:
    page = document(client.get("/leaving/"))
    assert "Continue" not in words(page.find(".//main"))
    assert client.get("/leaving/elsewhere/").status_code == 404
