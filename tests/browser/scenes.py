"""A desk with something on it, made as callers and tasks make it. Fictional people, Ofcom's numbers."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction

from crm.enums import CallDirection, CallState, ContactMethod, ContactOutcome, LeadChannel, PhoneProvider
from crm.models import Lead, PhoneLine, Site, User
from crm.reports.catalogue import CATALOGUE
from crm.services.acknowledging import acknowledge_as_told
from crm.services.call_backs import WishedCall, set_call_back
from crm.services.caller_requests import (
    Page,
    ask_for_erasure,
    ask_for_sooner_call,
    note_got_worse,
    stop_contact,
)
from crm.services.contact import Try, log_attempt
from crm.services.phone_calls import Heard, note_call
from crm.services.phone_texts import note_text
from crm.telephony.news import CallNews, TextNews
from crm.telephony.numbers import caller_number
from intake.contact import parse_contact
from intake.services.placement import place_lead
from intake.services.submission import Submission, submit_enquiry
from intake.triage.answers import parse_answers
from notifications.enums import Acknowledgement
from notifications.models import Escalation

CALM: dict[str, Any] = {"age_band": "18_64", "suicide": "none_disclosed"}
ALCOHOL = {
    "name": "alcohol",
    "freq": "daily",
    "status": "stopped",
    "hours_since_last": 20,
    "amount_per_day": 18,
}
KETAMINE = {"name": "ketamine", "freq": "daily", "status": "using", "hours_since_last": 3}
TRIES_OF_THE_PLAN = 6

DESK = (
    "/desk/",
    *(f"/desk/queues/{name}/" for name in ("urgent", "prebooked", "unrouted", "review", "mine", "aside")),
    "/desk/queues/urgent/?level=U1&level=U2",
    "/desk/board/",
    "/desk/board/?stage=NEW",
    "/desk/search/",
    "/desk/tags/",
    "/desk/order/",
    "/desk/alert-policy/harbour-house/",
    "/desk/alert-policy/harbour-house/u1/",
    "/desk/alert-policy/harbour-house/daily-summary/",
    "/desk/lowerings/",
    "/desk/contact-plans/harbour-house/",
    "/desk/contact-plans/harbour-house/U2/",
    "/desk/phone-enquiry/",
    "/desk/jobs/",
    "/desk/my-alerts/",
    "/desk/alarms/",
    "/desk/working/",
    "/desk/requests/",
    "/desk/rota/harbour-house/",
    "/desk/shifts/",
    "/desk/handover/harbour-house/",
    "/desk/calls/",
    "/desk/calls/log/",
    "/desk/imports/",
    "/desk/call-backs/",
    "/desk/guides/",
    "/desk/guides/alcohol/",
    "/desk/guides/alcohol/1/preview/",
    "/desk/guides/alcohol/1/edit/",
    "/desk/help-lines/",
    "/desk/rules/",
    "/desk/rules/flags/",
    "/desk/texts/",
    "/desk/texts/MCRI/self/",
    "/desk/messages/",
    "/desk/messages/caller_tried/email/self/en/",
    "/desk/messages/enquiry_acknowledgement/sms/loved_one/pl/",
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


def what_callers_ask(leads: list[Lead], now: datetime) -> None:
    """Let some of these callers ask for something on their own page; one request is overdue by law."""
    sooner, worse, erased, stopped, late = (
        (lead, Page(enquiry=lead.reference, opened_lead=True)) for lead in leads[2:]
    )
    ask_for_sooner_call(lead=sooner[0], page=sooner[1], at=now)
    with transaction.atomic():
        note_got_worse(lead=worse[0], page=worse[1], at=now)
    ask_for_erasure(lead=erased[0], page=erased[1], at=now)
    stop_contact(lead=stopped[0], page=Page(enquiry="ZZZZ-ZZZZ", opened_lead=False), at=now)
    ask_for_erasure(lead=late[0], page=late[1], at=now - timedelta(days=40))


def calls_to_make(leads: list[Lead], by: User, now: datetime) -> None:
    """Let one call be agreed and late, one be planned, and one lead wait for a decision."""
    agreed, planned, used_up = leads[3:6]
    wish = WishedCall(agreed.caller, now - timedelta(minutes=10), note="Ask how the night was")
    set_call_back(lead=agreed, by=by, wish=wish, at=now - timedelta(hours=1))
    in_vain = [planned, *[used_up] * TRIES_OF_THE_PLAN]
    for lead in in_vain:
        attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
        log_attempt(lead=lead, by=by, attempt=attempt, at=now)


def answer_every_alert(by: User, at: datetime) -> None:
    """Have somebody answer for the leads that came a while ago, so that the screen is not red."""
    for chain in Escalation.objects.filter(ended_at=None):
        acknowledge_as_told(escalation=chain, by=by, how=Acknowledgement.LINK, at=at)


def odd_enquiries(site: Site, now: datetime) -> list[Lead]:
    """Return two enquiries that wait for a person's verdict, one of them for some while."""
    said = CALM | {"free_text": "Best prices for your website! See https://example.com/offer today. " * 4}
    robot = _lead(site, now - timedelta(minutes=13), said, "", 8, flags=["HAS_LINK", "TOO_FAST"])
    words = CALM | {"free_text": "I wrote before, please ring me.", "substances": [KETAMINE]}
    return [robot, _lead(site, now - timedelta(minutes=1), words, "Kit Example", 9, flags=["ADDRESS_BUDGET"])]


def _lead(
    site: Site, at: datetime, said: dict[str, Any], name: str, number: int, flags: Sequence[str] = ()
) -> Lead:
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
        flags=list(flags),
    )
    enquiry = submit_enquiry(submission=submission, at=at).enquiry
    place_lead(enquiry_id=enquiry.pk, at=at)
    return Lead.objects.get(pk=enquiry.lead_id)


def busy_phone(site: Site, now: datetime) -> None:
    """Let the phone ring: known callers and others, missed and ringing, and a text to read."""
    line = PhoneLine.objects.create(
        site=site, name="Front desk", provider=PhoneProvider.TWILIO, secret_name="front"
    )
    calls = [
        ("07700 900121", 40, True),
        ("07700 900555", 12, True),
        ("", 6, True),
        ("07700 900666", 0, False),
    ]
    for number, ago, missed in calls:
        state = CallState.MISSED if missed else CallState.RINGING
        news = CallNews(f"CA{ago}", CallDirection.IN, caller_number(number), state, is_over=missed)
        note_call(heard=Heard.on(line, news.id), news=news, at=now - timedelta(minutes=ago))
    text = TextNews("SM1", caller_number("07700 900123"), "Is there a bed on Monday? I can pay myself.")
    note_text(line=line, news=text, at=now)
