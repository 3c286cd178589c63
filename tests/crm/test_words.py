"""What the desk says: times, answers, reasons, rules of contact and consent."""

from datetime import timedelta
from typing import Any

import pytest

from crm.answer_labels import LABELS, label
from crm.answer_words import Fact, answers_in_words
from crm.consent import what_may_be_told
from crm.contact_rules import rules_of
from crm.enums import CallerRole, EventKind, Level
from crm.event_words import event_details, event_title
from crm.models import Lead, LeadEvent, User
from crm.promises import in_words, promise_of
from crm.reasons import most_urgent_first
from jobs.clock import database_now
from tests.factories import LeadFactory, PersonFactory, SiteFactory

S, M, H, D = (timedelta(**{unit: 1}) for unit in ("seconds", "minutes", "hours", "days"))


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (59 * S, "less than a minute"),
        (M, "1 minute"),
        (119 * S, "1 minute"),
        (59 * M, "59 minutes"),
        (H, "1 hour"),
        (H + M, "1 hour 1 minute"),
        (5 * H + 59 * M, "5 hours 59 minutes"),
        (6 * H + 30 * M, "6 hours"),
        (47 * H, "47 hours"),
        (49 * H, "2 days"),
    ],
)
def test_a_span_is_told_in_one_or_two_units_and_rounded_down(span: timedelta, words: str) -> None:
    assert in_words(span) == words


@pytest.mark.parametrize(
    ("due_in", "state", "words", "tone"),
    [
        (42 * M + 30 * S, {}, "call within 42 minutes", ""),
        (12 * M + 30 * S, {}, "call within 12 minutes", "soon"),
        (5 * M, {}, "call within 5 minutes", "soon"),
        (30 * S, {}, "call now", "soon"),
        (-5 * M, {}, "overdue by 5 minutes", "overdue"),
        (-30 * S, {}, "overdue by less than a minute", "overdue"),
        (20 * H, {"contacted": True}, "follow up within 20 hours", ""),
        (-2 * H, {"contacted": True}, "follow-up overdue by 2 hours", "overdue"),
        (10 * M, {"review": True}, "read within 10 minutes", ""),
        (-10 * M, {"review": True}, "review overdue by 10 minutes", "overdue"),
    ],
)
def test_a_promise_is_told_in_words(
    db: None, due_in: timedelta, state: dict[str, Any], words: str, tone: str
) -> None:
    at = database_now()
    lead = LeadFactory(received_at=at - 18 * M, due_at=at + due_in, **state)
    promise = promise_of(lead, at)
    assert (promise.words, promise.tone) == (words, tone)


def test_reasons_come_most_urgent_first_and_advice_last() -> None:
    rules = [{"reason": "a", "level": ""}, {"reason": "b", "level": "P1"}, {"reason": "c", "level": "E1"}]
    assert [reason.words for reason in most_urgent_first(rules)] == ["c", "b", "a"]
    assert most_urgent_first(rules)[-1].level is None


def answered(**answers: Any) -> dict[str, str]:
    return {fact.asked: fact.answered for fact in answers_in_words(answers).facts}


def test_a_substance_is_told_in_one_line() -> None:
    entry = {"name": "alcohol", "freq": "daily", "amount_per_day": 45.0, "unit": "uk_units"}
    entry |= {"hours_since_last": 20, "status": "stopped", "source": "street", "route": "oral"}
    assert answered(substances=[entry])["Alcohol"].split(", ") == [
        "every day",
        "about 45 UK units a day",
        "last 20 hours before the enquiry",
        "has stopped",
        "from the street",
        "swallowed",
    ]


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"name": "ketamine", "freq": "unknown", "status": "unknown"}, "Not answered"),
        (
            {"name": "ketamine", "freq": "none", "amount_per_day": 0, "unit": "g"},
            "not at the moment, about 0 g a day",
        ),
        ({"name": "ketamine", "hours_since_last": 0}, "last less than a minute before the enquiry"),
    ],
)
def test_what_is_not_known_of_a_substance_is_left_out(entry: dict[str, Any], words: str) -> None:
    assert answered(substances=[entry])["Ketamine"] == words


def test_an_unanswered_safety_question_is_shown_as_one_to_ask() -> None:
    facts = answered(suicide="unknown", age_band="unknown", pregnancy="unknown")
    assert (facts["Suicide"], facts["Age"], facts["Pregnancy"]) == ("Not known yet: ask",) * 3


TICK = "[Thoughts such as “I want to end my life”]"


def test_a_tick_for_thoughts_of_suicide_stands_first_under_its_heading_and_in_its_words() -> None:
    answers = answers_in_words({"symptoms": ["tremor"], "free_text": f"Help\n{TICK}"})
    assert answers.facts[0] == Fact(
        "Suicide",
        "Ticked: Thoughts such as “I want to end my life”. How safe they are is not known yet: ask",
        is_danger=True,
    )


def test_a_later_no_does_not_hide_the_tick() -> None:
    said = answered(suicide="none_disclosed", free_text=TICK)["Suicide"]
    assert said.startswith("Ticked: Thoughts such as")
    assert said.endswith(LABELS["none_disclosed"])


@pytest.mark.parametrize("code", ["thoughts_safe_now", "plan_or_means", "not_safe_now"])
def test_what_was_said_of_suicide_stands_before_all_else(code: str) -> None:
    first = answers_in_words({"substances": [{"name": "alcohol"}], "suicide": code}).facts[0]
    assert (first.asked, first.is_danger) == ("Suicide", True)


@pytest.mark.parametrize("code", ["unknown", "none_disclosed"])
def test_nothing_said_of_suicide_is_not_marked_as_danger(code: str) -> None:
    assert not [fact for fact in answers_in_words({"suicide": code}).facts if fact.is_danger]


def test_a_time_to_start_that_nobody_gave_takes_no_line() -> None:
    assert "Wants to start" not in answered(timing="now", timing_assumed=True)
    assert answered(timing="now")["Wants to start"] == "Today"


def test_suicide_answers_are_words_and_never_a_grade() -> None:
    for code in ("none_disclosed", "thoughts_safe_now", "plan_or_means", "not_safe_now"):
        assert not {"low", "risk", "score"} & set(answered(suicide=code)["Suicide"].lower().split())
    assert "does not rule it out" in answered(suicide="none_disclosed")["Suicide"]


def test_what_was_not_said_takes_no_line() -> None:
    facts = answered(pregnancy="no", tolerance_break="none", person_aware="yes", symptoms=[], pgsi=None)
    assert not {"Pregnancy", "Break from opioids", "Signs now", "Gambling score (PGSI)"} & facts.keys()


def test_no_answers_at_all_make_no_facts() -> None:
    assert answers_in_words({}).facts == []


def test_scores_and_the_professionals_mark_are_shown() -> None:
    answers = answers_in_words({"audit_total": 0, "professional_urgent": True})
    assert Fact("AUDIT score", "0") in answers.facts
    assert Fact("Marked as urgent", "Yes, by the professional") in answers.facts


def test_every_label_reads_like_words() -> None:
    assert label("chest_pain") == "Chest pain"
    assert not [words for words in LABELS.values() if "_" in words]


def a_lead(**people: Any) -> Lead:
    return LeadFactory(site=SiteFactory(), caller=PersonFactory(name="Alex"), **people)


def test_consent_for_somebody_who_asks_for_themselves(db: None) -> None:
    assert what_may_be_told(a_lead()) == [
        "Alex asks for themselves. Speak about this with Alex only, unless they agree."
    ]


def test_consent_without_agreement_forbids_both_ways(db: None) -> None:
    jamie = PersonFactory(name="Jamie")
    words = " ".join(what_may_be_told(a_lead(patient=jamie, holds=["H-CONSENT"])))
    assert "Do not contact Jamie" in words
    assert "You cannot tell them anything about Jamie" in words


def test_consent_of_somebody_who_knows_of_it_still_has_to_be_asked(db: None) -> None:
    lead = a_lead(patient=PersonFactory(name="Jamie"), caller_role=CallerRole.LOVED_ONE)
    assert "That is not consent to share." in what_may_be_told(lead)[0]


def test_consent_with_a_professional(db: None) -> None:
    lead = a_lead(patient=PersonFactory(name=""), caller_role=CallerRole.PROFESSIONAL)
    assert what_may_be_told(lead)[0].startswith("Alex refers the person they ask about as a professional")


def test_a_sentence_begins_with_a_capital_even_without_a_name(db: None) -> None:
    lead = LeadFactory(caller=PersonFactory(name=""))
    assert what_may_be_told(lead)[0].startswith("The caller asks")


def test_contact_rules_name_every_way_as_safe_or_not(db: None) -> None:
    person = PersonFactory(may_call=True, may_voicemail=False, may_text=False, may_email=True)
    [rules] = rules_of(LeadFactory(caller=person))
    assert rules.safe == ["Calls", "E-mail"]
    assert rules.unsafe == ["No voicemail", "No text messages", "No letters"]
    assert rules.may_ring


def test_a_number_as_typed_can_still_be_dialled(db: None) -> None:
    [rules] = rules_of(LeadFactory(caller=PersonFactory(phone="ext 12-34", phone_e164="")))
    assert rules.dial == "1234"


@pytest.mark.parametrize("kind", list(EventKind))
def test_every_kind_of_event_has_words_even_without_data(kind: EventKind) -> None:
    event = LeadEvent(kind=kind, data={})
    assert event_title(event) == kind.label
    assert event_details(event) == []


def test_what_somebody_gave_back_did_not_return_by_itself(coordinator: User) -> None:
    event = LeadEvent(kind=EventKind.LEASE_ENDED, by=coordinator, data={"why": "AWAY"})
    assert event_title(event) == "Returned to the queue"
    assert event_title(LeadEvent(kind=EventKind.LEASE_ENDED)) == "Returned to the queue by itself"


def test_events_tell_their_facts() -> None:
    told = {
        EventKind.LEVEL_RAISED: (
            {"from": None, "to": Level.E1, "reason_code": "TOLD_ON_CALL"},
            "To E1: said on the call.",
        ),
        EventKind.PLACED: ({"level": "U1", "queue": "URGENT"}, "U1 in Urgent."),
        EventKind.ALERTED: ({"people": 0}, "Nobody at this site gets alerts."),
        EventKind.REOPENED: ({"to": "CONTACTED"}, "Back at Contacted."),
    }
    for kind, (data, words) in told.items():
        assert event_details(LeadEvent(kind=kind, data=data)) == [words]
