"""What a coordinator does with a lead: whether something was said. Whether it may be done, services check."""

from typing import Any

from django import forms

from crm.answer_labels import hold_label
from crm.enums import (
    ALLOWED_MOVES,
    ContactDisposition,
    ContactMethod,
    ContactOutcome,
    Disposition,
    Level,
    PackWay,
    Party,
    ReasonCode,
    Stage,
    more_severe_than,
)
from crm.forms.fields import moment, text
from crm.forms.lead_form import LeadForm, PersonForm
from crm.models import Lead

SAY_WHEN = "Say when we call back. If no call was promised, choose something else under “What was agreed”."
BY_OTHER_MEANS = {Stage.CONTACTED, Stage.CLOSED}  # by a logged contact, and by closing


class AttemptForm(PersonForm):
    name = "attempt"
    is_kept = True
    method = forms.ChoiceField(
        label="How", choices=ContactMethod, initial=ContactMethod.CALL, widget=forms.RadioSelect
    )
    outcome = forms.ChoiceField(
        label="What happened",
        choices=[("", "Choose"), *ContactOutcome.choices],
        error_messages={"required": "Say what happened."},
    )
    two_way = forms.BooleanField(
        label="They answered: a two-way contact",
        help_text="Only this stops the first-response clock. To have spoken always counts.",
        required=False,
    )
    inbound = forms.BooleanField(label="They rang or wrote to us", required=False)
    disposition = forms.ChoiceField(
        label="What was agreed", choices=[("", "Nothing"), *ContactDisposition.choices], required=False
    )
    call_at = moment(
        "Call again at",
        "By the clock of the site. Needed if we call back; for “as soon as you can”, the time by which "
        "you will have called. Somebody is reminded five minutes before.",
    )
    minutes = forms.IntegerField(
        label="Minutes on the phone",
        required=False,
        min_value=1,
        max_value=600,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    note = text("Note", required=False)
    override_reason = text(
        "Reason to set the contact rules aside",
        "Only for a way or a time that they did not call safe. It stays on record.",
        required=False,
        rows=2,
    )

    def clean(self) -> dict[str, Any]:
        """A promised call has a time. Nobody calls a closed lead again: there it would not be kept."""
        said = super().clean() or {}
        is_promised = said.get("disposition") == ContactDisposition.CALL_BACK
        if is_promised and self.lead.is_open and not said.get("call_at") and "call_at" not in self.errors:
            self.add_error("call_at", SAY_WHEN)
        return said


class NoteForm(LeadForm):
    """Whose words they are is asked only where a lead has two people."""

    name = "note"
    is_kept = True
    said_by = forms.ChoiceField(
        label="Whose words", choices=[("", "Ours"), *Party.choices], required=False, widget=forms.RadioSelect
    )
    text = text("Note", "Stays on the timeline.")

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        if lead.caller_id == lead.patient_id:
            del self.fields["said_by"]
            return
        names = {Party.CALLER: lead.caller.name, Party.PATIENT: lead.patient.name}
        people = [
            (party.value, f"{names[party] or 'No name given'} ({party.label.lower()})") for party in Party
        ]
        self.offer("said_by", [("", "Ours"), *people])

    def clean_said_by(self) -> Party | None:
        said = self.cleaned_data["said_by"]
        return Party(said) if said else None


class RaiseForm(LeadForm):
    name = "raise"
    level = forms.ChoiceField(
        label="To", widget=forms.RadioSelect, error_messages={"required": "Choose the level."}
    )
    reason_code = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *ReasonCode.choices],
        error_messages={"required": "Choose why it changes."},
    )
    reason = text("What did you learn", required=False, rows=2)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        self.offer("level", [(level.value, f"{level.value}: {level.label}") for level in self.levels()])

    def levels(self) -> list[Level]:
        return more_severe_than(Level(self.lead.level) if self.lead.level else None)


class LowerForm(RaiseForm):
    name = "lower"
    reason = text("Reason", "At least 20 characters: the person who reads this was not there.")

    def levels(self) -> list[Level]:
        return [level for level in Level if self.lead.level and level.rank > Level(self.lead.level).rank]


class ConfirmLoweringForm(LeadForm):
    name = "confirm"
    asked = forms.UUIDField(widget=forms.HiddenInput)


class StageForm(LeadForm):
    name = "stage"
    to = forms.ChoiceField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        self.offer("to", Stage.choices)

    def next_stages(self) -> list[Stage]:
        """Return the stages that a button can move the lead to."""
        moves = ALLOWED_MOVES[Stage(self.lead.stage)] - BY_OTHER_MEANS
        return [stage for stage in Stage if stage in moves]


class HoldForm(LeadForm):
    name = "hold"
    hold = forms.ChoiceField(
        label="Hold", widget=forms.RadioSelect, error_messages={"required": "Choose the hold to clear."}
    )
    reason = text("What was checked, and by whom", rows=2)

    def __init__(self, *args: Any, lead: Lead, **kwargs: Any) -> None:
        super().__init__(*args, lead=lead, **kwargs)
        self.offer("hold", [(hold, f"{hold}: {hold_label(hold)}") for hold in lead.holds])


class CloseForm(LeadForm):
    name = "close"
    disposition = forms.ChoiceField(
        label="Why",
        choices=[("", "Choose"), *Disposition.choices],
        error_messages={"required": "Choose a reason."},
    )
    destination = forms.CharField(
        label="Where to",
        help_text="Needed when they were referred on, or need a service that we do not offer.",
        max_length=200,
        required=False,
    )
    pack = forms.ChoiceField(
        label="Numbers of other help for them",
        choices=[*PackWay.choices, ("", "None")],
        required=False,
        initial=PackWay.PAPER,
        widget=forms.RadioSelect,
    )
    safety_at = moment("Safety call at", "Leave it empty for none. We then ask once more how they are.")
    note = text("Note", required=False, rows=2)

    def clean_pack(self) -> PackWay | None:
        way = self.cleaned_data["pack"]
        return PackWay(way) if way else None


class ReopenForm(LeadForm):
    name = "reopen"
    reason = text("Why it goes on", rows=2)


FORMS = (
    AttemptForm,
    NoteForm,
    RaiseForm,
    LowerForm,
    ConfirmLoweringForm,
    StageForm,
    HoldForm,
    CloseForm,
    ReopenForm,
)
