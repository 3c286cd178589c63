"""One version of a guide as staff write it, section by section, checked for what is never said."""

from typing import Any

from crispy_forms.layout import Div
from django import forms
from django.http import QueryDict

from intake.content.never_say import problems_in
from intake.enums import NEEDED_SECTIONS, GuideSection, NextStep, Slot
from intake.forms.fields import Words
from intake.forms.layout import Section, Send, form_helper
from intake.guide_text import as_body, as_written
from intake.models import Guide
from intake.services.guides import GuideWords
from intake.wording import slots_in

MOST_SIGNS = 5  # a care card has five bullets at most
SIGNS = {
    NextStep.EMERGENCY: "Signs to call an ambulance for",
    NextStep.TODAY: "Signs to see a doctor about today",
}
HOW_TO_WRITE = (
    "Leave an empty line between paragraphs, and begin each bullet with “- ”. Short words, short sentences. "
    "In place of a number write a slot: " + ", ".join(f"{{{slot}}}" for slot in Slot) + "."
)


class GuideForm(forms.Form):
    """All that a version says. Without changes it says what `guide` says."""

    title = Words(label="Title", max_length=150, required=True)
    summary = Words(label="Who it is for, and what is in it", max_length=600, required=True)
    note = Words(label="What you changed, and why", max_length=200, required=True)

    def __init__(self, data: QueryDict | None, *, guide: Guide) -> None:
        super().__init__(data, initial=_as_typed(guide))
        self.use_required_attribute = False
        self.fields["summary"].widget = forms.Textarea(attrs={"rows": 3})
        for key in GuideSection:
            self.fields |= _section_fields(key)
        for step, label in SIGNS.items():
            hint = f"One a line, {MOST_SIGNS} at most. They go on from “Call … if someone”."
            self.fields[f"signs_{step}"] = _text(label, hint, rows=5, required=True)
        self.helper = form_helper(
            Section("The top of the page", "title", "summary"),
            *(Section(key.label, f"heading_{key}", f"text_{key}", f"held_{key}") for key in GuideSection),
            Section("Signs of danger", *(f"signs_{step}" for step in SIGNS)),
            Section("For the record", "note"),
            Send(
                "Save as a new version", "Nothing is public before a clinician approves it.", is_public=False
            ),
            hidden=Div(),
        )
        self.helper.disable_csrf = False

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        for name, value in list(said.items()):
            if isinstance(value, str) and name != "note":
                self._check(name, value)
        for step in SIGNS:
            if len(_lines(said.get(f"signs_{step}", ""))) > MOST_SIGNS:
                self.add_error(f"signs_{step}", f"{MOST_SIGNS} at most: the most telling ones.")
        return said

    def _check(self, name: str, text: str) -> None:
        """Refuse what is never said, and slots that nothing fills."""
        key = name.partition("_")[2]
        what, law = GuideSection.WHAT, GuideSection.LAW
        for problem in problems_in(text, says_what_it_is=key == what, is_law=key == law):
            self.add_error(name, problem)
        for slot in set(slots_in(text)) - set(Slot):
            self.add_error(name, f"There is no {{{slot}}} to fill in.")

    def to_words(self) -> GuideWords:
        said = self.cleaned_data
        written = [key for key in GuideSection if said[f"text_{key}"]]
        return GuideWords(
            title=said["title"],
            summary=said["summary"],
            sections=[
                {
                    "key": key.value,
                    "heading": said[f"heading_{key}"] or key.label,
                    "needs_approval": said[f"held_{key}"],
                    "body": as_body(said[f"text_{key}"]),
                }
                for key in written
            ],
            danger_signs={step.value: _lines(said[f"signs_{step}"]) for step in SIGNS},
        )


def _section_fields(key: GuideSection) -> dict[str, forms.Field]:
    needed = key in NEEDED_SECTIONS
    return {
        f"heading_{key}": Words(label="Heading", max_length=100, required=needed),
        f"text_{key}": _text(
            "Text", "" if needed else "Leave it empty to leave this part out.", required=needed
        ),
        f"held_{key}": forms.BooleanField(label="Only show this once it is approved", required=False),
    }


def _text(label: str, hint: str = "", *, rows: int = 8, required: bool = False) -> Words:
    widget = forms.Textarea(attrs={"rows": rows})
    return Words(label=label, help_text=hint, widget=widget, max_length=6000, required=required)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _as_typed(guide: Guide) -> dict[str, Any]:
    """Return the form's fields for what a version says."""
    typed: dict[str, Any] = {"title": guide.title, "summary": guide.summary}
    for section in guide.sections:
        key = section["key"]
        typed |= {f"heading_{key}": section["heading"], f"text_{key}": as_written(section["body"])}
        typed[f"held_{key}"] = section.get("needs_approval", False)
    return typed | {f"signs_{step}": "\n".join(guide.danger_signs.get(step, [])) for step in SIGNS}
