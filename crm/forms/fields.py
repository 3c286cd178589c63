"""Fields that many forms of the desk have."""

from django import forms

LONGEST_TEXT = 4000


def text(label: str, hint: str = "", *, required: bool = True, rows: int = 3) -> forms.CharField:
    """Return a field for a few lines of text."""
    return forms.CharField(
        label=label,
        help_text=hint,
        required=required,
        max_length=LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": rows}),
        error_messages={"required": "Write a few words here."},
    )


def moment(label: str, hint: str = "", *, required: bool = False) -> forms.DateTimeField:
    """Return a field for a day and a time, by the clock of the lead's site."""
    return forms.DateTimeField(
        label=label,
        help_text=hint,
        required=required,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"required": "Say when.", "invalid": "Write it like 2026-03-05 14:30."},
    )
