"""What a browser sends when somebody fills in a form. Fictional people, Ofcom's numbers for drama."""

from typing import Any, TypeVar

from intake.forms.enquiry import EnquiryForm
from intake.forms.prebooked import PrebookedForm
from intake.forms.refer import ReferralForm
from intake.forms.urgent import UrgentForm

F = TypeVar("F", bound=EnquiryForm)

KEY = "0b5e0f7e-5a43-4b6e-9d0e-6c0f6d4a1b11"
URGENT: dict[str, Any] = {
    "enquirer": "self",
    "happening": ["something_else"],
    "free_text": "I need some help",
    "phone": "07700 900123",
    "safe_ways": ["call"],
    "idempotency_key": KEY,
}
PREBOOKED = URGENT | {"happening": [], "timing": "flexible"}
REFERRAL = PREBOOKED | {"person_aware": "yes", "organisation": "Example Surgery", "job_title": "GP"}


def urgent(**changes: Any) -> UrgentForm:
    return checked(UrgentForm(URGENT | changes))


def prebooked(**changes: Any) -> PrebookedForm:
    return checked(PrebookedForm(PREBOOKED | changes))


def referral(**changes: Any) -> ReferralForm:
    return checked(ReferralForm(REFERRAL | changes))


def checked(form: F) -> F:
    form.is_valid()
    return form
