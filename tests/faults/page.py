"""What callers get while nothing can be stored: 503, who to ring, and their own words back."""

import json
import re

from tests.faults.ledger import Enquiry, post
from tests.faults.stack import PHONE, FaultStack

WORDS = "I feel very ill."


def check_form_refused(stack: FaultStack) -> None:
    """The form comes back as it was typed, with the numbers to ring."""
    status, page = post(stack.port, *Enquiry(urgent=True, by_form=True).request())
    words = re.sub(r"\s+", " ", page.decode())
    assert status == 503
    assert [said for said in (PHONE, "999", "111", WORDS, "Example Caller") if said not in words] == []


def check_api_refused(stack: FaultStack) -> None:
    """The problem names the number to ring."""
    status, answer = post(stack.port, *Enquiry(urgent=True).request())
    problem = json.loads(answer)
    assert (status, problem["status"], problem["phone"]) == (503, 503, PHONE)
    assert problem["messages"]
