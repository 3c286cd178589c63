"""What browsers and search engines ask every site for."""

from urllib.robotparser import RobotFileParser

import pytest
from django.test import Client

from tests.intake.views.pages import PUBLIC

PRIVATE = (
    "/desk/",
    "/desk/leads/ABCD-EFGH/",
    "/received/x.y/",
    "/accounts/login/",
    "/admin/",
    "/api/v1/docs",
)


def test_the_icon_is_the_one_of_the_pages(client: Client) -> None:
    response = client.get("/favicon.ico")
    assert (response.status_code, response["Location"]) == (302, "/static/icon.svg")


@pytest.mark.parametrize(
    ("paths", "is_allowed"), [(PUBLIC, True), (PRIVATE, False)], ids=["public", "private"]
)
def test_search_engines_may_read_public_pages_only(
    client: Client, paths: tuple[str, ...], is_allowed: bool
) -> None:
    response = client.get("/robots.txt")
    rules = RobotFileParser()
    rules.parse(response.content.decode().splitlines())
    assert response["Content-Type"].startswith("text/plain")
    assert {rules.can_fetch("anything", path) for path in paths} == {is_allowed}


@pytest.mark.parametrize("path", ["/favicon.ico", "/robots.txt"])
def test_they_can_only_be_read(client: Client, path: str) -> None:
    assert client.post(path).status_code == 405
