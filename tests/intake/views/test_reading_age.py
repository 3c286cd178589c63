"""Public pages are written for a reading age of about ten (SAFETY, standard 15).

Flesch-Kincaid, with syllables counted as groups of vowels: rough, but steady. Grade 6 is an age of eleven.
"""

import re

import pytest
from django.test import Client

from crm.models import Site
from tests.intake.views.pages import GUIDES, PUBLIC, document, words

pytestmark = pytest.mark.django_db
PROSE = (".//main//p", ".//main//li", ".//main//legend", ".//main//label", ".//main//div[@class='hint']")


def grade(sentences: list[str]) -> float:
    said = [re.findall(r"[A-Za-z']+", each) for each in sentences]
    said = [each for each in said if each]
    total = sum(len(each) for each in said)
    syllables = sum(_syllables(word) for each in said for word in each)
    return 0.39 * total / len(said) + 11.8 * syllables / total - 15.59


def _syllables(word: str) -> int:
    found = len(re.findall(r"[aeiouy]+", word.lower()))
    is_silent = word.lower().endswith("e") and not word.lower().endswith("le")
    return max(1, found - (1 if is_silent and found > 1 else 0))


def test_the_measure_tells_plain_words_from_hard_ones() -> None:
    assert grade(["Call us. A person will read it.", "You can ask anything."]) < 4
    assert grade(["Admission is contingent upon multidisciplinary biopsychosocial assessment."]) > 12


@pytest.mark.parametrize("path", sorted({*PUBLIC, *GUIDES}))
def test_the_page_is_in_plain_words(client: Client, centre: Site, path: str) -> None:
    page = document(client.get(path))
    blocks = [words(each) for place in PROSE for each in page.iterfind(place)]
    sentences = [each for block in blocks for each in re.split(r"[.:;?!]\s", block) if each]
    assert grade(sentences) < 6.5
