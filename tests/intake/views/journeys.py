"""Walking through the pre-booked journey as a browser does."""

import re
from typing import Any

from django.http import HttpResponse
from django.test import Client

START, CHECK, NOW = "/pre-booked/", "/pre-booked/check/", "/pre-booked/now/"
Story = dict[int, dict[str, Any]]

# What somebody says, by the number of the question; the rest is left empty.
CALM: Story = {
    1: {"enquirer": "self"},
    4: {"age_band": "18_64"},
    6: {"suicide": "none_disclosed"},
    7: {"free_text": "I need some help"},
    17: {"programme": "residential"},
    18: {"timing": "flexible"},
    20: {"phone": "07700 900123"},
    21: {"safe_ways": ["call"]},
}
HER_SON: Story = CALM | {
    1: {"enquirer": "loved_one"},
    2: {"person_aware": "no"},
    3: {"patient_name": "Ben"},
    7: {"free_text": "My son does not know that I write"},
}


def place(number: int) -> str:
    return START if number == 1 else f"{START}{number}/"


def answer(client: Client, number: int, then: str = "", **said: Any) -> HttpResponse:
    """Send the page of one question."""
    return client.post(place(number), said | ({"then": then} if then else {}))


def walk(client: Client, story: Story, *, until: int | None = None) -> str:
    """Answer page after page, and return where that leads; `until` is the question to stop at."""
    number: int | None = 1
    where = START
    while number is not None and number != until:
        response = answer(client, number, **story.get(number, {}))
        assert response.status_code == 302, response.content.decode()
        where = response["Location"]
        number = _number_of(where)
    return where


def save(client: Client, number: int, **said: Any) -> tuple[str, str]:
    """Press "Save and come back later" on a page; return the path of the link, and the code."""
    return read_way_back(answer(client, number, then="save", **said))


def read_way_back(response: HttpResponse) -> tuple[str, str]:
    shown = response.content.decode()
    link = re.search(r'href="(/back/[^"]+)"', shown)
    code = re.search(r'way-back__code">([^<]+)<', shown)
    assert link, shown
    assert code, shown
    return link.group(1), code.group(1)


def _number_of(where: str) -> int | None:
    found = re.fullmatch(r"/pre-booked/(\d+)/", where)
    return 1 if where == START else int(found.group(1)) if found else None
