"""One rule of a draft, its words to look for, and why an earlier version comes back."""

from typing import Any, cast

from django import forms

from crm.enums import Level
from crm.forms.desk_form import DeskForm
from intake.enums import Hold
from intake.models import RuleSet
from intake.services.rule_sets import RuleText
from intake.triage.condition_words import problems_with
from intake.triage.messages import shipped_keys

NO_LEVEL = ("", "None: it only adds words or a hold")


class RuleForm(DeskForm):
    reason = forms.CharField(
        label="Reason, in plain English",
        help_text="Staff read this on the lead.",
        max_length=200,
        error_messages={"required": "Say in plain English why this rule is there."},
    )
    condition = forms.CharField(
        label="Condition",
        help_text="In CEL. Below is what it can ask about.",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5, "spellcheck": "false", "class": "code"}),
        error_messages={"required": "Write when the rule applies."},
    )
    level = forms.ChoiceField(
        label="Level it asks for",
        choices=[NO_LEVEL, *((level.value, f"{level.value}: {level.label}") for level in Level)],
        required=False,
    )
    messages = forms.CharField(
        label="What callers are told",
        help_text="Names of texts, what matters most first, with spaces between.",
        required=False,
    )
    holds = forms.MultipleChoiceField(
        label="Holds before a bed is offered",
        choices=[(hold.value, f"{hold.value}: {hold.label}") for hold in Hold],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    def __init__(self, *args: Any, draft: RuleSet, rule_id: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.draft, self.rule_id = draft, rule_id

    def clean_condition(self) -> str:
        condition = str(self.cleaned_data["condition"]).replace("\r\n", "\n").strip()
        if problems := problems_with(condition, rule_ids=self._ids_above()):
            raise forms.ValidationError(problems)
        return condition

    def clean_messages(self) -> list[str]:
        keys = str(self.cleaned_data["messages"]).replace(",", " ").split()
        if unknown := sorted(set(keys) - shipped_keys()):
            raise forms.ValidationError(f"There is no text called {', '.join(unknown)}.")
        return list(dict.fromkeys(keys))

    def clean_holds(self) -> list[str]:
        """Keep the order in which they stood, if they are the same ones."""
        chosen, before = self.cleaned_data["holds"], self.initial.get("holds") or []
        return list(before) if set(before) == set(chosen) else list(chosen)

    def text(self) -> RuleText:
        """Return what was written. Only for a form without errors."""
        return RuleText(**{field: self.cleaned_data[field] for field in RuleText.__slots__})

    def _ids_above(self) -> frozenset[str]:
        ids = list(self.draft.rules.values_list("rule_id", flat=True))
        end = ids.index(self.rule_id) if self.rule_id in ids else len(ids)
        return frozenset(ids[:end])


class NewRuleForm(RuleForm):
    rule = forms.RegexField(
        label="Name of the rule",
        help_text="Small letters, figures and hyphens, such as requested-today.",
        regex=r"^[a-z0-9-]{1,50}$",
        error_messages={
            "required": "Give the rule a name.",
            "invalid": "Use small letters, figures and hyphens.",
        },
    )
    field_order = ("rule",)


class PhrasesForm(DeskForm):
    phrases = forms.CharField(
        label="Words to look for in a message",
        help_text="One a line. Capitals and apostrophes do not matter. A false alarm is the safe direction.",
        widget=forms.Textarea(attrs={"rows": 10}),
        error_messages={"required": "Leave at least one."},
    )

    def clean_phrases(self) -> list[str]:
        lines = [" ".join(line.split()) for line in str(self.cleaned_data["phrases"]).splitlines()]
        phrases = list(dict.fromkeys(line for line in lines if line))
        if any(len(phrase) > 100 for phrase in phrases):
            raise forms.ValidationError("Each can have 100 characters at most.")
        return phrases


class RollBackForm(DeskForm):
    reason = forms.CharField(
        label="Why",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
        error_messages={"required": "Say why."},
    )


def initial_of(text: RuleText) -> dict[str, Any]:
    """Return a rule's text as its form shows it."""
    values = {field: getattr(text, field) for field in RuleText.__slots__}
    return values | {"messages": " ".join(cast("list[str]", values["messages"]))}
