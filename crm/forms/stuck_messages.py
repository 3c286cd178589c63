"""Which messages the managers' page shows."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet

from notifications.enums import ChannelName, MessageKind
from notifications.models import Message

FAILED, WAITING = "failed", "waiting"
STATES = {FAILED: "Could not be sent", WAITING: "Waiting to be tried again"}


class StuckMessagesForm(forms.Form):
    """Reads the filter from an address, or from the button that sends all; what is wrong is ignored."""

    use_required_attribute = False

    show = forms.ChoiceField(label="Show", choices=list(STATES.items()), required=False)
    channel = forms.ChoiceField(
        label="Sent by", choices=[("", "Every way"), *ChannelName.choices], required=False
    )
    kind = forms.ChoiceField(
        label="Message", choices=[("", "Every message"), *MessageKind.choices], required=False
    )

    def __init__(self, data: Mapping[str, Any] | None) -> None:
        super().__init__(data)
        for field in self.fields.values():
            field.widget.attrs["class"] = "form-select"
        self.is_valid()

    @property
    def shows(self) -> str:
        """Return FAILED or WAITING."""
        return self.cleaned_data.get("show") or FAILED

    @property
    def is_narrowed(self) -> bool:
        return bool(self._by_column())

    def narrow(self, messages: QuerySet[Message]) -> QuerySet[Message]:
        """Return those by the chosen channel and of the chosen kind."""
        return messages.filter(**self._by_column())

    def _by_column(self) -> dict[str, str]:
        chosen = {name: self.cleaned_data.get(name) for name in ("channel", "kind")}
        return {name: value for name, value in chosen.items() if value}
