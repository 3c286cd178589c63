"""What a caller is told: computed in the request, by pure code, before any queue or broker is involved."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import reduce
from typing import Any, Self

import structlog
from django.conf import settings
from django.db import Error as DatabaseFailure

from crm.calling import CallPromise, call_promise
from crm.enums import CallerRole, Level
from crm.selectors.backlog import is_behind
from crm.selectors.opening import opening_hours
from crm.targets import respond_by
from intake.enums import Outcome, Voice
from intake.models import Enquiry
from intake.selectors import caller_texts, current_rule_set, said_so_far
from intake.triage.answers import Answers, parse_answers
from intake.triage.engine import NEVER_TOLD_WITH, STATIC_MESSAGES, CompiledRuleSet, RuleFailed, Triage, triage
from intake.triage.messages import CallerText
from intake.triage.rules import RuleSetError, shipped_rules

log = structlog.get_logger(__name__)

VOICES = {CallerRole.LOVED_ONE: Voice.LOVED_ONE, CallerRole.PROFESSIONAL: Voice.PROFESSIONAL}
ALARMS = frozenset({"M999", "MOD", "MAE", "MCRI", "MDNG", "MPSY", "MPREG"})
IN_A_CRISIS = "MCRI"
WRONG_BESIDE_SOME = frozenset[str]().union(*NEVER_TOLD_WITH.values())


@dataclass(frozen=True, slots=True)
class Answer:
    """What the caller was told, stored with the enquiry: a repeated submission gets the very same."""

    reference: str
    outcome: Outcome
    level: Level
    messages: list[dict[str, str]]
    call_by: datetime
    nobody_until: datetime | None = None
    closes_at: datetime | None = None
    is_behind: bool = False

    @property
    def promise(self) -> CallPromise:
        return CallPromise(self.call_by, self.nobody_until, self.closes_at, self.is_behind)

    @property
    def hours_told(self) -> dict[str, str]:
        """Return what was said of who is at the desk, nothing where somebody always is."""
        hours = {"nobody_until": self.nobody_until, "closes_at": self.closes_at}
        return {name: moment.isoformat() for name, moment in hours.items() if moment}

    def to_dict(self) -> dict[str, Any]:
        return {
            **self.hours_told,
            **({"is_behind": True} if self.is_behind else {}),
            "reference": self.reference,
            "outcome": self.outcome,
            "level": self.level,
            "messages": self.messages,
            "call_by": self.call_by.isoformat(),
        }

    def known_as(self, reference: str) -> Self:
        """Return the same answer under the reference of the lead that the enquiry joined."""
        return replace(self, reference=reference)

    def following(self, earlier: Self) -> Self:
        """Return this answer to somebody who had the `earlier` one: never calmer, never promised later.

        If the earlier one is the more severe, it stands, and what is new in this one is told as well, except
        what may be wrong beside it.
        """
        call_by = min(self.call_by, earlier.call_by)
        if self.level.rank <= earlier.level.rank:
            return replace(self, reference=earlier.reference, call_by=call_by)
        told = {message["key"] for message in earlier.messages} | WRONG_BESIDE_SOME
        news = [message for message in self.messages if message["key"] not in told]
        return replace(earlier, messages=[*earlier.messages, *news], call_by=call_by)

    @property
    def alarms(self) -> list[dict[str, str]]:
        """Return what comes before everything else: in an emergency what to do now, and never nothing."""
        if self.outcome != Outcome.EMERGENCY_SIGNPOST:
            return []
        return [each for each in self.messages if each["key"] in ALARMS] or self.messages

    @property
    def before_questions(self) -> list[dict[str, str]]:
        """Return what is read before any more questions: the alarms, else whom to talk to in a crisis."""
        return self.alarms or [each for each in self.messages if each["key"] == IN_A_CRISIS]

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> Self:
        return cls(
            reference=stored["reference"],
            outcome=Outcome(stored["outcome"]),
            level=Level(stored["level"]),
            messages=stored["messages"],
            call_by=datetime.fromisoformat(stored["call_by"]),
            nobody_until=_moment(stored.get("nobody_until")),
            closes_at=_moment(stored.get("closes_at")),
            is_behind=stored.get("is_behind", False),
        )


def answer_for(enquiry: Enquiry) -> Answer:
    """Return what was told, or, for an enquiry that is not linked yet, what is to be told."""
    if enquiry.answer:
        return Answer.from_dict(enquiry.answer)
    answers = parse_answers(enquiry.answers)
    return new_answer(enquiry, answers, triage_in_request(answers))


def answer_by_now(enquiry: Enquiry) -> Answer:
    """Return what a caller is to be told after all that they have said: an enquiry and what adds to it."""
    return reduce(lambda earlier, each: each.following(earlier), map(_own_answer, said_so_far(enquiry)))


def new_answer(enquiry: Enquiry, answers: Answers, result: Triage) -> Answer:
    """Return the caller's answer to a triaged enquiry, in their voice; an addition follows what was told."""
    earlier = [each for each in said_so_far(enquiry) if each.pk != enquiry.pk] if enquiry.adds_to_id else []
    told = [*map(_own_answer, earlier), _answer(enquiry, answers, result)]
    return reduce(lambda before, each: each.following(before), told)


def _own_answer(enquiry: Enquiry) -> Answer:
    """Return what was told, or what an enquiry alone would be told."""
    if enquiry.answer:
        return Answer.from_dict(enquiry.answer)
    answers = parse_answers(enquiry.answers)
    return _answer(enquiry, answers, triage_in_request(answers))


def _answer(enquiry: Enquiry, answers: Answers, result: Triage) -> Answer:
    voice = VOICES.get(CallerRole(answers.enquirer), Voice.SELF)
    promise = _promise(enquiry, result)
    return Answer(
        reference=enquiry.reference,
        outcome=result.outcome,
        level=result.level,
        messages=as_told(caller_texts(result.messages, voice)),
        **asdict(promise),
    )


def _promise(enquiry: Enquiry, result: Triage) -> CallPromise:
    """Return the promise; if the database cannot say who is there and how busy it is, by the level alone."""
    at = enquiry.received_at
    try:
        hours = opening_hours(enquiry.site)
        behind = is_behind(enquiry.site, result.queue, at)
    except DatabaseFailure as error:
        log.error("promise_by_level_alone", error=type(error).__name__)
        return CallPromise(respond_by(result.level, at))
    return call_promise(result.level, at, hours, is_behind=behind)


def _moment(stored: str | None) -> datetime | None:
    return datetime.fromisoformat(stored) if stored else None


def as_told(texts: Iterable[CallerText]) -> list[dict[str, str]]:
    """Return texts the way that they are stored, and shown by the API."""
    return [{"key": text.key, "text": text.text} for text in texts]


def triage_in_request(answers: Answers) -> Triage:
    """Return what the rules say; if they fail, the caller counts as urgent and sees the emergency text."""
    try:
        return triage(_rules(), answers, personalised=settings.PERSONALISED_SIGNPOSTS)
    except RuleFailed as error:
        log.error("triage_failed", rule=str(error))
        return _urgent_without_reasons()


def _rules() -> CompiledRuleSet:
    """Return the rules in force, or the shipped ones when the database cannot say which they are."""
    try:
        return current_rule_set()
    except (DatabaseFailure, RuleSetError) as error:
        log.error("rule_set_unavailable", error=type(error).__name__)
        return shipped_rules()


def _urgent_without_reasons() -> Triage:
    return Triage(
        level=Level.U1,
        queue=Level.U1.queue,
        outcome=Outcome.URGENT,
        rules=(),
        holds=(),
        messages=STATIC_MESSAGES,
        rule_set_version="",
    )
