"""The form in a frame on the clinic's own website, and nowhere else."""

import re
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.models import Lead
from tests.intake.forms.sent import URGENT
from tests.intake.views.pages import PUBLIC, document, text_of, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
EMBED = "/embed/urgent/"
CLINIC, OTHER = "https://www.clinic.example", "https://shop.clinic.example:8443"


@pytest.fixture
def framed(client: Client, settings: Any) -> HttpResponse:
    settings.EMBED_PARENTS = [CLINIC, OTHER]
    return client.get(EMBED, headers={"Referer": f"{CLINIC}/contact/?name=Ada"})


def ancestors(response: HttpResponse) -> str:
    found = re.search(r"frame-ancestors ([^;]*)", response["Content-Security-Policy"])
    return found[1].strip() if found else ""


def test_the_clinics_websites_may_frame_it(framed: HttpResponse) -> None:
    assert ancestors(framed) == f"{CLINIC} {OTHER}"
    assert "X-Frame-Options" not in framed
    assert "'unsafe-inline'" not in framed["Content-Security-Policy"]
    assert not framed.cookies


def test_nobody_may_while_none_is_allowed(client: Client) -> None:
    response = client.get(EMBED)
    assert (ancestors(response), response["X-Frame-Options"]) == ("'none'", "DENY")


@pytest.mark.parametrize("path", [*PUBLIC, "/leave/", "/nothing-here/", "/accounts/login/"])
def test_no_other_page_may_ever_be_framed(client: Client, settings: Any, path: str) -> None:
    settings.EMBED_PARENTS = [CLINIC]
    response = client.get(path)
    assert (ancestors(response), response["X-Frame-Options"]) == ("'none'", "DENY")


def test_everything_leads_out_of_the_frame(framed: HttpResponse) -> None:
    page = document(framed)
    assert page.find(".//base").get("target") == "_top"
    form = page.find(".//main//form")
    assert (form.get("target"), form.get("action", "").partition("?")[0]) == ("_top", "/urgent/")
    assert {each.get("target") for each in page.iterfind(".//a")} == {None}
    assert not [each for each in page.iterfind(".//a") if (each.get("href") or "").startswith("#")]


def test_what_is_sent_says_where_it_came_from(client: Client, framed: HttpResponse) -> None:
    action = document(framed).find(".//main//form").get("action")
    client.post(action, URGENT)
    lead = Lead.objects.get()
    assert (lead.source, lead.landing) == ("www.clinic.example", EMBED)
    assert lead.enquiries.get().source["page"] == "urgent"


def test_a_campaign_code_comes_along(client: Client) -> None:
    action = document(client.get(f"{EMBED}?campaign=spring-leaflet")).find(".//main//form").get("action")
    client.post(action, URGENT)
    assert Lead.objects.get().campaign == "spring-leaflet"


def test_danger_and_the_way_out_are_in_the_frame_too(framed: HttpResponse) -> None:
    page = document(framed)
    assert "Call 999 now" in words(page.find(".//main"))
    assert [each.get("href") for each in page.iterfind(".//a[@data-exit]")] == ["/leave/"]
    assert framed["Cache-Control"].count("no-store") == 1


def test_it_is_only_shown(client: Client) -> None:
    assert client.post(EMBED, URGENT).status_code == 405


def test_without_a_database_it_still_stands(client: Client, framed: HttpResponse) -> None:
    assert "public.css" in text_of(framed)
