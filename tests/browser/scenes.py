"""A desk with something on it, made as callers and tasks make it. Fictional people, Ofcom's numbers."""

from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from crm.enums import LeadChannel
from crm.models import Lead, Site
from crm.reports.catalogue import CATALOGUE
from intake.contact import parse_contact
from intake.services.placement import place_lead
from intake.services.submission import Submission, submit_enquiry
from intake.triage.answers import parse_answers

CALM: dict[str, Any] = {"age_band": "18_64", "suicide": "none_disclosed"}
ALCOHOL = {
    "name": "alcohol",
    "freq": "daily",
    "status": "stopped",
    "hours_since_last": 20,
    "amount_per_day": 18,
}
KETAMINE = {"name": "ketamine", "freq": "daily", "status": "using", "hours_since_last": 3}

DESK = (
    "/desk/",
    *(f"/desk/queues/{name}/" for name in ("urgent", "prebooked", "unrouted", "review", "mine")),
    "/desk/phone-enquiry/",
    "/desk/jobs/",
    "/desk/requests/",
    "/desk/guides/",
    "/desk/guides/alcohol/",
    "/desk/guides/alcohol/1/preview/",
    "/desk/guides/alcohol/1/edit/",
    "/desk/help-lines/",
    "/desk/texts/",
    "/desk/texts/MCRI/self/",
    "/desk/reports/",
    *(f"/desk/reports/{entry.slug}/" for entry in CATALOGUE),
    "/desk/website/",
    "/accounts/2fa/",
    "/accounts/password/change/",
)

# minutes ago, what they said, what they are called
CALLERS: list[tuple[int, dict[str, Any], str]] = [
    (
        9,
        CALM | {"symptoms": ["seizure_24h"], "enquirer": "loved_one", "person_aware": "yes"},
        "Priya Example",
    ),
    (2, CALM | {"substances": [ALCOHOL], "symptoms": ["tremor", "sweating"]}, "Ada Example"),
    (25, CALM | {"suicide": "thoughts_safe_now", "free_text": "I do not know where to turn."}, "Zoë Example"),
    (95, CALM | {"substances": [KETAMINE], "symptoms": ["bladder_pain_frequency", "low_mood"]}, "Sam"),
    (200, CALM | {"situation": ["no_safe_place"]}, "Łukasz Example"),
    (300, CALM | {"substances": [KETAMINE], "timing": "within_2_weeks"}, "Jo Example"),
    (1500, CALM | {"behaviours": ["gaming"], "timing": "flexible"}, "Chidi Example"),
]


def busy_desk(site: Site, now: datetime) -> list[Lead]:
    """Return the leads of a busy afternoon, placed, in the order of CALLERS."""
    return [
        _lead(site, now - timedelta(minutes=ago), said, name, n)
        for n, (ago, said, name) in enumerate(CALLERS)
    ]


def _lead(site: Site, at: datetime, said: dict[str, Any], name: str, number: int) -> Lead:
    contact = {
        "name": name,
        "phone": f"07700 90012{number}",
        "safe_contact": {"call": True, "note": "after six"},
    }
    submission = Submission(
        answers=parse_answers(said),
        contact=parse_contact(contact),
        site=site,
        channel=LeadChannel.WEB,
        form_version="scene-1",
        idempotency_key=str(uuid4()),
    )
    enquiry = submit_enquiry(submission=submission, at=at).enquiry
    place_lead(enquiry_id=enquiry.pk, at=at)
    return Lead.objects.get(pk=enquiry.lead_id)
