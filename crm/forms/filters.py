"""Saved views, tags, and what is done to ticked leads."""

from typing import Any

from django import forms

from crm.enums import BulkAction, Disposition, PauseReason
from crm.models import Site, Tag, User
from crm.selectors.queues import Tab

MOST_TICKED = 200
SNOOZES = [(30, "30 minutes"), (60, "1 hour"), (120, "2 hours"), (240, "4 hours")]
NEEDS = {
    BulkAction.ASSIGN: ("to", "Choose whom to assign them to."),
    BulkAction.TAG: ("tag", "Choose a tag."),
    BulkAction.UNTAG: ("tag", "Choose a tag."),
    BulkAction.SNOOZE: ("reason", "Choose why they wait."),
    BulkAction.CLOSE: ("disposition", "Choose why they are closed."),
}


class SaveViewForm(forms.Form):
    name = forms.CharField(max_length=40, error_messages={"required": "Give the view a name."})
    tab = forms.ChoiceField(choices=[(tab.value, tab.value) for tab in Tab])
    query = forms.CharField(max_length=500, required=False)
    share_at = forms.ModelChoiceField(Site.objects.none(), required=False)

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share_at"].queryset = Site.objects.filter(memberships__user=user)  # type: ignore[attr-defined]


class TagForm(forms.Form):
    name = forms.CharField(
        label="New tag", max_length=30, error_messages={"required": "Write the tag first."}
    )
    site = forms.ModelChoiceField(Site.objects.none(), empty_label=None)

    def __init__(self, *args: Any, sites: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["site"].queryset = sites  # type: ignore[attr-defined]


class BulkForm(forms.Form):
    """What is to be done to the ticked leads. What needs a destination is closed on its own page."""

    action = forms.ChoiceField(choices=BulkAction)
    to = forms.ModelChoiceField(User.objects.none(), required=False)
    tag = forms.ModelChoiceField(Tag.objects.none(), required=False)
    disposition = forms.ChoiceField(required=False)
    minutes = forms.TypedChoiceField(choices=SNOOZES, coerce=int, required=False)
    reason = forms.ChoiceField(choices=[("", ""), *PauseReason.choices], required=False)
    note = forms.CharField(max_length=500, required=False)
    back = forms.CharField(max_length=700, required=False)

    def __init__(self, *args: Any, colleagues: Any, tags: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].queryset = colleagues  # type: ignore[attr-defined]
        self.fields["tag"].queryset = tags  # type: ignore[attr-defined]
        self.fields["disposition"].choices = [("", ""), *bulk_dispositions()]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if action := said.get("action"):
            field, words = NEEDS[BulkAction(action)]
            if not said.get(field):
                raise forms.ValidationError(words)
        return said


def bulk_dispositions() -> list[tuple[str, str]]:
    alone = {Disposition.DUPLICATE, Disposition.COMPLETED_STAY}
    fit = [each for each in Disposition if not each.needs_destination and each not in alone]
    return [(each.value, str(each.label)) for each in fit]
