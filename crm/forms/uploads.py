"""A list that is uploaded as a file."""

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError

from crm.csv_files import LARGEST, NotATable, decoded, read_table
from crm.forms.desk_form import DeskForm
from crm.models import Site

TOO_LARGE = f"Choose a CSV file of at most {LARGEST // 1_000_000} MB."


class ListForm(DeskForm):
    """A CSV file for one of the sites; `cleaned_data["file"]` is its text."""

    site = forms.ModelChoiceField(Site.objects.none(), label="Site", empty_label=None)
    file = forms.FileField(
        label="CSV file",
        help_text="Up to 5 MB. It is encrypted while we read it, and deleted afterwards.",
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
        error_messages={"required": TOO_LARGE, "empty": "The file is empty."},
    )

    def __init__(self, *args: Any, sites: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = cast("forms.ModelChoiceField[Site]", self.fields["site"])
        choice.queryset = Site.objects.filter(pk__in=sites).order_by("name")
        choice.initial = choice.queryset.first()
        if len(sites) == 1:
            choice.widget = choice.hidden_widget()

    def clean_file(self) -> str:
        try:
            text = decoded(self.cleaned_data["file"].read())
            read_table(text)
        except NotATable as problem:
            raise ValidationError(str(problem)) from None
        return text
