"""Every kind of message: who gets it, by which channels, and the only things that it may say.

The words are in templates/notifications/<kind>.txt: the subject in the first line, the text after it.
A context never holds personal data: staff get a reference, level, queue and link; callers get a reference,
a time and a number to ring.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from notifications.enums import Audience, ChannelName, MessageKind

__all__ = ["ALERTS", "CATALOGUE", "ContextRefused", "Entry", "MessageKind"]

LONGEST_VALUE = 200
SHAPES = {  # of the values that have one; any other value is a single line without an "@"
    "reference": re.compile(r"[A-Z0-9-]{4,12}"),
    "link": re.compile(r"(https?:/)?/[^\s?@]+"),
    "error_class": re.compile(r"\w*"),
    "job_kind": re.compile(r"[\w.]+"),
    "voice": re.compile(r"self|loved_one|professional"),
    "lines": re.compile(r"[^@\r]+"),  # help lines, one a line
}
LONGEST = {"lines": 4000}  # of the values that may be longer
PLAIN = re.compile(r"[^@\r\n]*")


class ContextRefused(ValueError):
    """The context lacks a key, has one that is not listed, or holds what could be personal data."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One kind of message. `needs` and `may_have` are the context's keys; `chooses` are needed, too, but not
    printed: the wording depends on them. A message unsent by its expiry is cancelled; an `urgent` one travels
    in the queue of alerts, and staff see when it has to wait.
    """

    audience: Audience
    needs: frozenset[str] = frozenset()
    may_have: frozenset[str] = frozenset()
    chooses: frozenset[str] = frozenset()
    channels: tuple[ChannelName, ...] = (ChannelName.EMAIL,)
    urgent: bool = False
    expires_after: timedelta | None = None

    def check_context(self, context: Mapping[str, str]) -> None:
        """Raise ContextRefused unless the keys are the catalogue's and the values look harmless."""
        keys = context.keys()
        needed = self.needs | self.chooses
        if wrong := (keys - needed - self.may_have) | (needed - keys):
            raise ContextRefused(f"Missing or not allowed: {', '.join(sorted(wrong))}.")
        for key, value in context.items():
            if len(value) > LONGEST.get(key, LONGEST_VALUE) or not SHAPES.get(key, PLAIN).fullmatch(value):
                raise ContextRefused(f"The value of {key} does not look like one.")


LEAD_KEYS = frozenset({"reference", "level", "queue", "link"})

LETTER_KEYS = frozenset({"reference", "phone"})
VOICE = frozenset({"voice"})

CATALOGUE: dict[MessageKind, Entry] = {
    MessageKind.URGENT_LEAD_ALERT: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, may_have=frozenset({"respond_by"}), urgent=True
    ),
    MessageKind.LEAD_NOT_ROUTED: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, may_have=frozenset({"respond_by"}), urgent=True
    ),
    MessageKind.REVIEW_WAITING: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"reference", "link"}),
        may_have=frozenset({"level", "queue", "respond_by", "others"}),
        expires_after=timedelta(days=1),
    ),
    MessageKind.LOWERING_ASKED: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, expires_after=timedelta(days=1)
    ),
    MessageKind.ENQUIRY_STRANDED: Entry(
        audience=Audience.STAFF, needs=frozenset({"reference", "link"}), urgent=True
    ),
    MessageKind.JOB_DEAD: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"job_kind", "link"}),
        may_have=frozenset({"error_class"}),
        expires_after=timedelta(days=1),
    ),
    MessageKind.CALLER_IS_WORSE: Entry(audience=Audience.STAFF, needs=LEAD_KEYS, urgent=True),
    MessageKind.CALLER_WANTS_SOONER: Entry(audience=Audience.STAFF, needs=LEAD_KEYS, urgent=True),
    MessageKind.CALLER_REQUEST: Entry(audience=Audience.STAFF, needs=LEAD_KEYS),
    MessageKind.ENQUIRY_COPY: Entry(
        audience=Audience.CALLER,
        needs=frozenset({"reference", "link"}),
        may_have=frozenset({"phone", "call_by", "nobody_until", "closes_at", "others_wait"}),
        expires_after=timedelta(days=1),
    ),
    MessageKind.ENQUIRY_ACKNOWLEDGEMENT: Entry(
        audience=Audience.CALLER,
        needs=frozenset({"reference", "call_by"}),
        may_have=frozenset({"phone", "nobody_until", "closes_at", "others_wait"}),
        expires_after=timedelta(days=1),
    ),
    MessageKind.CALLER_TRIED: Entry(
        audience=Audience.CALLER, needs=LETTER_KEYS, chooses=VOICE, expires_after=timedelta(days=1)
    ),
    MessageKind.CALLER_CALL_BACK: Entry(
        audience=Audience.CALLER,
        needs=LETTER_KEYS | {"call_at"},
        chooses=VOICE,
        expires_after=timedelta(hours=4),
    ),
    MessageKind.CALLER_OPEN_DOOR: Entry(
        audience=Audience.CALLER, needs=LETTER_KEYS, chooses=VOICE, expires_after=timedelta(days=1)
    ),
    MessageKind.SIGNPOST_PACK: Entry(
        audience=Audience.CALLER,
        needs=frozenset({"phone", "lines"}),
        expires_after=timedelta(days=1),
    ),
    MessageKind.WAY_BACK: Entry(
        audience=Audience.VISITOR, needs=frozenset({"link", "until"}), expires_after=timedelta(days=1)
    ),
    MessageKind.TEST: Entry(audience=Audience.STAFF, expires_after=timedelta(hours=1)),
}

ALERTS = tuple(kind for kind, entry in CATALOGUE.items() if entry.urgent)
