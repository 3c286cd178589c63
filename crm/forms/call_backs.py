"""Setting a call for a time, taking it back, and going on after the last planned try."""

from crm.forms.fields import moment, text
from crm.forms.lead_form import LeadForm, PersonForm


class CallBackForm(PersonForm):
    name = "callback"
    call_at = moment(
        "When", "By the clock of the site. Somebody is reminded five minutes before.", required=True
    )
    note = text("What to say or ask", required=False, rows=2)
    override_reason = text(
        "Reason to set the contact rules aside", "Only where a call is not safe then.", required=False, rows=2
    )


class CancelCallBackForm(LeadForm):
    name = "cancelcall"
    reason = text("Why it is not needed", rows=2)


class NewPlanForm(CallBackForm):
    name = "plan"
    reason = text("Why we go on trying", rows=2)
    field_order = ("reason",)


CALL_BACK_FORMS = (CallBackForm, CancelCallBackForm, NewPlanForm)
