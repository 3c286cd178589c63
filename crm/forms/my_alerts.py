"""What somebody says on the page "My alerts"."""

from typing import Any, cast

from django import forms

from crm.forms.desk_form import DeskForm
from crm.phone_numbers import international
from notifications.channels.registry import channels_in_use
from notifications.channels.webhook import SLACK, STANDARD, TEAMS
from notifications.enums import ChannelName

RINGS = [(ChannelName.SMS, "By text"), (ChannelName.VOICE, "By a call, spoken")]


class NumberForm(DeskForm):
    """A phone number. The code that goes there shows whether it is right, so nothing else doubts it."""

    number = forms.CharField(
        label="Phone number",
        help_text="Of a mobile for texts. Start with + and the country for one from abroad.",
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"}),
        error_messages={"required": "Enter the number."},
    )
    how = forms.ChoiceField(
        label="How to tell you",
        widget=forms.RadioSelect,
        error_messages={"required": "Choose text or call."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.choices = [(name, words) for name, words in RINGS if name in channels_in_use()]
        how = cast("forms.ChoiceField", self.fields["how"])
        how.choices = [(str(name.value), words) for name, words in self.choices]
        how.initial = how.choices[0][0] if self.choices else ""

    def clean_number(self) -> str:
        number = international(str(self.cleaned_data["number"]))
        if not number:
            raise forms.ValidationError("Enter a whole number, such as 07700 900123.")
        return number


class WebhookForm(DeskForm):
    """An address that takes messages of ours: signed, or as Slack and Teams take them."""

    url = forms.URLField(
        label="Address of the webhook",
        help_text="Of a place that only you read: whoever reads an alert there can answer it in your name.",
        max_length=500,
        assume_scheme="https",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"}),
        error_messages={"required": "Enter the address.", "invalid": "Enter a whole address: https://…"},
    )
    shape = forms.ChoiceField(
        label="What takes it",
        choices=[(SLACK, "Slack"), (TEAMS, "Teams, a workflow"), (STANDARD, "Another program, signed")],
        widget=forms.RadioSelect,
        initial=SLACK,
        error_messages={"required": "Choose what takes it."},
    )

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        if not url.startswith("https://"):
            raise forms.ValidationError("It has to begin with https://.")
        return url

    def clean(self) -> dict[str, Any]:
        if ChannelName.WEBHOOK not in channels_in_use():
            self.add_error(None, "Webhooks are not set up here.")
        return self.cleaned_data


class QuietForm(DeskForm):
    """From when to when, by the clock of one's own site; both empty for none."""

    begins = forms.TimeField(
        label="From",
        required=False,
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Enter a time, such as 22:00."},
    )
    ends = forms.TimeField(
        label="To",
        required=False,
        help_text="An earlier time is on the next day. Leave both empty for none.",
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        error_messages={"invalid": "Enter a time, such as 07:00."},
    )

    def clean(self) -> dict[str, Any]:
        data = self.cleaned_data
        begins, ends = data.get("begins"), data.get("ends")
        if (begins is None) != (ends is None) and not self.errors:
            self.add_error("ends" if begins else "begins", "Enter both times, or none.")
        if begins is not None and begins == ends:
            self.add_error("ends", "That is no time at all. For a whole day there are absences.")
        return data
