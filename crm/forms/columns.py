"""Which column of a list means what."""

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms

from crm.forms.desk_form import DeskForm

LONGEST_HEADING = 60


class ColumnsForm(DeskForm):
    """A choice of column for each thing that we can read; `columns` are those that were chosen."""

    def __init__(
        self,
        *args: Any,
        headings: Sequence[str],
        meanings: Mapping[str, str],
        needed: Sequence[str] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", "Not in this list")]
        choices += [(str(n), _name(n, heading)) for n, heading in enumerate(headings)]
        for name, label in meanings.items():
            self.fields[name] = forms.ChoiceField(
                label=label,
                choices=choices,
                required=name in needed,
                error_messages={"required": f"Choose the column for “{label}”."},
            )

    @property
    def columns(self) -> dict[str, int]:
        return {name: int(column) for name, column in self.cleaned_data.items() if column != ""}


def _name(number: int, heading: str) -> str:
    return heading[:LONGEST_HEADING] or f"Column {number + 1}"
