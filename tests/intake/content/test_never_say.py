"""What public words never say: in templates, messages, notifications and forms (guides: test_guides.py)."""

import re
from pathlib import Path

import pytest

from intake.content.help_lines import shipped_help_lines
from intake.content.never_say import ALWAYS, LEGAL_CLASS, MEDICINES, NUMBER, problems_in
from intake.triage.messages import shipped_texts

ROOT = Path(__file__).resolve().parents[3]
STAFF = ("phone_enquiry", "stranded", "desk_")
PUBLIC_TEMPLATES = [
    *(ROOT / "templates").glob("[0-9]*.html"),
    ROOT / "templates" / "base_public.html",
    *(path for path in (ROOT / "templates/intake").rglob("*.html") if not path.name.startswith(STAFF)),
    *(ROOT / "templates/notifications").glob("*.txt"),
]
FORMS = [*(ROOT / "intake/forms").glob("*.py"), ROOT / "notifications/catalogue.py"]


def prose(path: Path) -> str:
    """Return the words of a template: no comments, no template tags, no HTML tags."""
    text = re.sub(r"\{#.*?#\}|\{% comment %\}.*?\{% endcomment %\}", " ", path.read_text(), flags=re.DOTALL)
    return re.sub(r"\{%.*?%\}|\{\{.*?\}\}|<[^>]*>", " ", text, flags=re.DOTALL)


@pytest.mark.parametrize("path", PUBLIC_TEMPLATES, ids=lambda path: path.name)
def test_no_template_says_it_or_holds_a_number(path: Path) -> None:
    assert problems_in(prose(path)) == []


@pytest.mark.parametrize("path", FORMS, ids=lambda path: path.name)
def test_no_form_says_it(path: Path) -> None:
    said = " ".join(re.findall(r'"([^"\n]* [^"\n]*)"', path.read_text()))
    said = re.sub(r"\b\d\d? \d\d? \d{4}\b", "a date", said)
    assert [rule.found_in(said) for rule in (*ALWAYS, LEGAL_CLASS, NUMBER) if rule.found_in(said)] == []


def test_no_message_says_it() -> None:
    assert [found for text in shipped_texts().values() for found in problems_in(text.text)] == []


def test_no_help_line_says_it() -> None:
    said = [f"{line.name}. {line.purpose}. {line.hours}" for line in shipped_help_lines()]
    rules = (*ALWAYS, LEGAL_CLASS, MEDICINES)
    assert [rule.found_in(text) for text in said for rule in rules if rule.found_in(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "Our addicts get clean here.",
        "You are at low risk.",
        "We can admit you today.",
        "Everything is confidential.",
        "Everything you say is confidential.",
        "24-hour counsellors, 24/7.",
        "An independent service, rated by the CQC.",
        "Have a drink to settle it, then taper.",
        "Take 10 mg less each day.",
        "Ketamine is Class B.",
        "We offer buprenorphine.",
        "We use Librium.",
        "Call 0800 000 0000.",
        "Ring 999.",
    ],
)
def test_it_is_noticed(text: str) -> None:
    assert problems_in(text)


@pytest.mark.parametrize(
    "text",
    [
        "Do not stop suddenly. Get medical advice.",
        "Private, except where someone is at risk.",
        "Medically supervised detox.",
        "It may start 24 to 72 hours after the last time.",
        "Call {emergency}.",
        "In medical use since 1970.",
    ],
)
def test_what_should_be_said_is_left_alone(text: str) -> None:
    assert problems_in(text) == []


def test_a_medicine_may_be_named_where_it_is_explained_and_nowhere_else() -> None:
    assert problems_in("Diazepam is well known.", says_what_it_is=True) == []
    assert problems_in("Diazepam is well known.")


def test_a_legal_class_needs_its_place_and_a_date() -> None:
    assert problems_in("Class B, as of November 2026.", is_law=True) == []
    assert problems_in("It is Class B.", is_law=True)
