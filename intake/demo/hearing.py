"""What the real rules make of a fictional enquiry, and the words that its writer is told."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from random import Random
from typing import Any

from crm.enums import CallerRole
from crm.models import Site
from crm.references import new_reference
from crm.targets import respond_by
from intake.contact import Contact
from intake.demo.stories import Story
from intake.enums import Voice
from intake.selectors import caller_texts, current_rule_set
from intake.services.answering import VOICES
from intake.triage.answers import Answers, parse_answers
from intake.triage.engine import CompiledRuleSet, Triage, triage


@dataclass(frozen=True)
class Arrival:
    """One fictional enquiry on its way in. `key` is its idempotency key; `safe` overrides what is safe."""

    key: str
    story: Story
    at: datetime
    phone: str
    flags: tuple[str, ...] = ()
    safe: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Heard:
    """An enquiry with what the rules say of it, the promise and the words that the caller is told."""

    answers: Answers
    contact: Contact
    triage: Triage
    promise: datetime
    texts: list[dict[str, str]]


@dataclass
class FrontDoor:
    """The site that takes the demo's enquiries, at this moment, with the rules in force.

    `taken` are the references that are in use: among 100,000 random ones, one or two come up twice.
    """

    site: Site
    now: datetime
    taken: set[str] = field(default_factory=set)
    _texts: dict[tuple[tuple[str, ...], Voice], list[dict[str, str]]] = field(default_factory=dict)

    @cached_property
    def rules(self) -> CompiledRuleSet:
        return current_rule_set()

    def new_reference(self, rng: Random) -> str:
        reference = new_reference(rng.choice)
        while reference in self.taken:
            reference = new_reference(rng.choice)
        self.taken.add(reference)
        return reference

    def hear(self, arrival: Arrival, contact: Contact) -> Heard:
        answers = parse_answers(arrival.story.answers)
        result = triage(self.rules, answers)
        voice = VOICES.get(CallerRole(answers.enquirer), Voice.SELF)
        texts = self._told(result.messages, voice)
        return Heard(answers, contact, result, respond_by(result.level, arrival.at), texts)

    def _told(self, messages: tuple[str, ...], voice: Voice) -> list[dict[str, str]]:
        """Return the words of the messages; each combination is looked up once."""
        if (messages, voice) not in self._texts:
            found = caller_texts(messages, voice)
            self._texts[messages, voice] = [{"key": text.key, "text": text.text} for text in found]
        return self._texts[messages, voice]
