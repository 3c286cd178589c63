"""A guide, what of it a clinician has to see first, and which version the public reads."""

import pytest
from django.db import OperationalError
from django.test import Client

from crm.models import Site, User
from intake.enums import NEEDED_SECTIONS, GuideSubject
from intake.models import Guide
from intake.models.content import ReviewState
from intake.services.guides import approve_guide
from intake.views import guides
from jobs.clock import database_now
from tests.factories.guides import another_version
from tests.intake.views.pages import document, main

pytestmark = pytest.mark.django_db
PATH = "/help/ketamine/"


def approve(guide: Guide, by: User) -> None:
    approve_guide(guide=guide, by=by, at=database_now())


def ketamine() -> Guide:
    return Guide.objects.get(slug="ketamine", version=1)


def _down(*args: object) -> None:
    raise OperationalError("the database is down")


def test_the_guide_says_that_it_awaits_review_and_keeps_the_timeline_back(
    client: Client, centre: Site
) -> None:
    page = main(client.get(PATH))
    assert "Awaiting clinical review" in page
    assert "24 to 72 hours" not in page


def test_once_approved_it_shows_everything_and_says_when(
    client: Client, centre: Site, clinician: User
) -> None:
    approve(ketamine(), clinician)
    page = main(client.get(PATH))
    assert "Awaiting" not in page
    assert "24 to 72 hours" in page
    assert "Reviewed by a clinician on" in page


def test_the_two_asks_are_made(client: Client, centre: Site) -> None:
    links = [each.get("href", "").split("?")[0] for each in document(client.get(PATH)).iterfind(".//main//a")]
    assert {"/leaving/soon/", "/leaving/stay/", "tel:+442079460000"} <= set(links)


def test_an_unknown_or_retired_guide_is_not_found(client: Client, centre: Site) -> None:
    assert client.get("/help/unknown/").status_code == 404
    Guide.objects.update(state=ReviewState.RETIRED)
    assert client.get(PATH).status_code == 404
    assert "Ketamine" not in main(client.get("/help/"))


def test_a_draft_is_not_public_before_it_is_approved(client: Client, centre: Site, manager: User) -> None:
    another_version("ketamine", by=manager, title="Draft words")
    assert "Draft words" not in main(client.get(PATH))


def test_the_approved_version_is_public_whatever_is_newer(
    client: Client, centre: Site, clinician: User, manager: User
) -> None:
    second = another_version("ketamine", by=manager, title="Second words")
    approve(second, clinician)
    another_version("ketamine", by=manager, title="Third words")
    assert "Second words" in main(client.get(PATH))
    approve(ketamine(), clinician)  # an older one again
    assert "Second words" not in main(client.get(PATH))


@pytest.mark.parametrize("slug", GuideSubject.values)
def test_every_guide_has_its_parts_in_a_list_of_contents(client: Client, centre: Site, slug: str) -> None:
    page = document(client.get(f"/help/{slug}/"))
    parts = [each.get("id") for each in page.iterfind(".//article/section")]
    contents = [each.get("href") for each in page.iterfind(".//nav[@class='contents']//a")]
    assert contents == [f"#{part}" for part in parts]
    assert {f"part-{key}" for key in NEEDED_SECTIONS} <= set(parts)


def test_the_index_links_every_guide_and_home_links_the_index(client: Client, centre: Site) -> None:
    links = [
        each.get("href", "").split("?")[0]
        for each in document(client.get("/help/")).iterfind(".//main//li//a")
    ]
    assert links == [f"/help/{slug}/" for slug in GuideSubject.values]
    home = document(client.get("/"))
    assert "/help/" in [each.get("href", "").split("?")[0] for each in home.iterfind(".//main//a")]


def test_guides_are_read_without_a_database(
    client: Client, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(guides, "public_guide", _down)
    monkeypatch.setattr(guides, "public_guides", _down)
    assert "Awaiting clinical review" in main(client.get(PATH))
    assert "Gambling" in main(client.get("/help/"))
