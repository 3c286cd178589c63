"""What is odd about a request that sends an enquiry, as flags. Nothing is refused: odd ones are reviewed."""

from collections.abc import Mapping

from django.http import HttpRequest

from crm.api.access import has_staff_token
from intake.canary_token import GOOD_FOR, signed_at
from intake.services.budgets import ADDRESS_BUDGET, FORM_BUDGET, count_enquiry, is_over_budget
from intake.services.oddities import note_odd
from intake.services.proof import new_challenge, proof_flags
from intake.services.screening import screening_flags, text_flags
from intake.visitors import visitor_key
from jobs.clock import database_now


def screened_form(
    request: HttpRequest, *, name: str, said: Mapping[str, str], free_text: str, key: str
) -> list[str]:
    """Return the flags of a form that is about to be stored; call it once for each enquiry.

    `name` is the form's budget, `said` its cleaned data with the hidden fields of intake.forms.layout.traps,
    `key` the enquiry's own.
    """
    odd = screening_flags(honeypot=said["homepage"], trap=said["shown_at"], free_text=free_text)
    too_many = count_enquiry(visitor=visitor_key(request), form=name)
    if {ADDRESS_BUDGET, FORM_BUDGET} & set(too_many):
        too_many += proof_flags(proof=request.POST.get("proof", ""), key=key)
    return note_odd(odd + too_many)


def is_canary(request: HttpRequest, key: str) -> bool:
    """Return whether we sent this form ourselves, a moment ago: then nobody is counted or odd."""
    made_at = signed_at(request.POST.get("canary", ""), key)
    return made_at is not None and database_now() - made_at < GOOD_FOR


def challenge_for(request: HttpRequest) -> str:
    """Return the sum for a visitor whose connection has used up its budget, "" for everybody else.

    Give it to the template as `challenge`: intake/parts/proof.html does the rest.
    """
    return new_challenge() if is_over_budget(visitor_key(request)) else ""


def screened_api(request: HttpRequest, *, free_text: str) -> list[str]:
    """Return the flags of an enquiry by the API. What staff send with their token is not counted."""
    if has_staff_token(request):
        return note_odd(text_flags(free_text))
    return note_odd(text_flags(free_text) + count_enquiry(visitor=visitor_key(request), form="api"))
