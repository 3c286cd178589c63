"""Submissions as forms, the API and call-takers hand them in. Fictional people, Ofcom's numbers for drama."""

from typing import Any
from uuid import uuid4

from crm.enums import LeadChannel
from crm.models import Site
from intake.contact import parse_contact
from intake.services.submission import Submission
from intake.triage.answers import parse_answers

CALM: dict[str, Any] = {"age_band": "18_64", "suicide": "none_disclosed"}
DRINKER = CALM | {
    "substances": [
        {
            "name": "alcohol",
            "freq": "daily",
            "amount_per_day": 18,
            "status": "stopped",
            "hours_since_last": 18,
        }
    ],
    "symptoms": ["tremor"],
}
IN_DANGER = CALM | {"symptoms": ["seizure_24h"]}
ADA = {"name": "Ada Example", "phone": "07700 900123", "email": "ada@example.org"}


def submission(
    site: Site, *, key: str = "", said: dict[str, Any] | None = None, **contact: Any
) -> Submission:
    """Return Ada's submission (standard, P2); keywords change who writes, None takes an answer away."""
    return Submission(
        answers=parse_answers(CALM if said is None else said),
        contact=parse_contact(ADA | contact),
        site=site,
        channel=LeadChannel.API,
        form_version="test-1",
        idempotency_key=key or str(uuid4()),
    )
