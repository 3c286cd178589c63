"""Settling what a caller asked for."""

from typing import Any

from django import forms

from crm.enums import RequestKind
from crm.forms.fields import text
from crm.forms.lead_form import LeadForm
from crm.models import Lead


class SettleForm(LeadForm):
    """What came of one request: of `request_kind`, or of whichever was sent."""

    name = "settle"
    kind = forms.ChoiceField(choices=RequestKind, widget=forms.HiddenInput)
    outcome = text("What was done, and what they were told", rows=2)

    def __init__(self, *args: Any, lead: Lead, request_kind: str = "", **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        self.request_kind = request_kind or str(self.data.get("kind", ""))
        self.auto_id = f"{self.slug}-%s"
        self.initial["kind"] = self.request_kind

    @property
    def slug(self) -> str:
        return f"settle-{self.request_kind.lower()}"


class ResumeForm(LeadForm):
    name = "resume"
    reason = text("How you know that they want to hear from us", rows=2)
