"""The catalogues as they are committed: up to date, whole where it matters, and safe to put in a page."""

import gettext
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message

from config.catalogues.building import build_catalogues
from config.catalogues.checks import faults_of, is_journey, is_missing, texts_of
from config.catalogues.extraction import extract_texts
from config.catalogues.places import LANGUAGES, TEMPLATE, catalogue_of, empty_catalogue, read_catalogue
from config.catalogues.places import write_catalogue as write
from intake.languages import ONLY_THESE
from tests.config.never_say import NEVER_IN
from tests.config.whole import WHOLE

UPDATE = "run `make messages`, and translate what is new"


@pytest.fixture(scope="module")
def source() -> Catalog:
    return extract_texts()


@pytest.fixture(scope="module", params=LANGUAGES)
def catalog(request: pytest.FixtureRequest) -> Catalog:
    return read_catalogue(request.param)


def test_every_text_of_the_source_is_in_every_catalogue(source: Catalog, catalog: Catalog) -> None:
    new = [message.id for message in texts_of(source) if not catalog.get(message.id, message.context)]
    assert new == [], UPDATE


def test_the_template_is_up_to_date(source: Catalog, tmp_path: Path) -> None:
    write(tmp_path / "django.pot", source)
    assert (tmp_path / "django.pot").read_text() == TEMPLATE.read_text(), UPDATE


def test_a_translation_keeps_all_that_is_not_words(catalog: Catalog) -> None:
    assert {message.id: faults for message in texts_of(catalog) if (faults := faults_of(message))} == {}


def test_welsh_polish_and_romanian_are_whole() -> None:
    assert WHOLE == ("cy", "pl", "ro")


@pytest.mark.parametrize("language", WHOLE)
def test_whoever_asks_for_help_reads_their_own_language(language: str) -> None:
    texts = texts_of(read_catalogue(language))
    assert [message.id for message in texts if is_journey(message) and is_missing(message)] == []


@pytest.mark.parametrize("language", NEVER_IN)
def test_nothing_is_said_that_must_never_be_said(language: str) -> None:
    said = [str(message.string) for message in texts_of(read_catalogue(language))]
    assert [text for text in said if NEVER_IN[language].search(text)] == []


@pytest.mark.parametrize(
    ("source", "said", "fault"),
    [
        ("Call %(phone)s", "Zadzwoń", "placeholders"),
        ("Call {phone}", "Zadzwoń {telefon}", "placeholders"),
        ("Press <em>Leave</em>", "Naciśnij <em>Wyjdź</em", "tags"),
        ("Call <a href='x'>us</a>", "Zadzwoń <a href='y'>do nas</a>", "tags"),
        ("Leave", 'Opuść "to"', "quotes"),
        ("Call 999 now", "Zadzwoń pod 112", "numbers"),
        ("Leave", "Wyjdź ", "blanks"),
    ],
)
def test_a_careless_translation_is_noticed(source: str, said: str, fault: str) -> None:
    assert any(fault in each for each in faults_of(Message(source, said)))


def test_a_fuzzy_entry_and_a_missing_plural_form_are_noticed() -> None:
    assert faults_of(Message("Leave", "Wyjdź", flags=("fuzzy",))) == ["fuzzy"]
    assert faults_of(Message(("one", "more"), ("jeden", ""))) == ["a plural form is missing"]
    assert faults_of(Message("Leave", "")) == []


@pytest.mark.parametrize("language", sorted(ONLY_THESE))
def test_the_urgent_form_at_least_is_in_every_language(language: str) -> None:
    texts = texts_of(read_catalogue(language))
    form = {
        "templates/intake/urgent.html",
        "templates/intake/form_page.html",
        "templates/base_public.html",
        "templates/error_summary.html",
    }
    needed = [each for each in texts if form & {place for place, _ in each.locations}]
    assert [
        each.id for each in needed if is_missing(each) and not re.match("How to leave", str(each.id))
    ] == []


def test_prose_may_wait_but_not_what_stands_on_a_form_too() -> None:
    prose, form = ("templates/intake/privacy.html", 0), ("templates/intake/urgent.html", 0)
    assert not is_journey(Message("Privacy", locations=(prose,)))
    assert is_journey(Message("Privacy", locations=(prose, form)))


def test_what_is_built_is_what_was_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("config.catalogues.places.LOCALE", tmp_path)
    polish = empty_catalogue("pl")
    polish.add("Leave", "Wyjdź")
    polish.add(("%(n)s time", "%(n)s times"), ("%(n)s raz", "%(n)s razy", "%(n)s razy"))
    write(catalogue_of("pl"), polish)
    [built] = build_catalogues()
    with built.open("rb") as file:
        words = gettext.GNUTranslations(file)
    assert words.gettext("Leave") == "Wyjdź"
    assert words.ngettext("%(n)s time", "%(n)s times", 1) == "%(n)s raz"
    assert build_catalogues() == []
