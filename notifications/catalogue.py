"""Every kind of message: who gets it, by which channels, and the only things that it may say.

The words to staff are in templates/notifications/<kind>.txt: the subject in the first line, the text after
it. Those to callers are versions that people approve (notifications.wording); what ships stands in
notifications/words. A context never holds personal data: staff get a reference, level, queue and link, and
when they answer, which colleague was quicker; callers get a reference, a time and a number to ring.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from notifications.enums import Audience, ChannelName, Language, MessageKind, Purpose, Voice, WhyMoved

__all__ = ["ALERTS", "CATALOGUE", "WORDED", "ChannelRefused", "ContextRefused", "Entry", "MessageKind"]

LONGEST_VALUE = 200
SHAPES = {  # of the values that have one; any other value is a single line without an "@"
    "reference": re.compile(r"[A-Z0-9-]{4,12}"),
    "link": re.compile(r"(https?:/)?/[^\s?@]+"),
    **{f"answer_{way}": re.compile(r"(https?:/)?/[^\s?@]+") for way in ("link", "push", "call")},
    "came_link": re.compile(r"(https?:/)?/[^\s?@]+"),
    "came_call": re.compile(r"(https?:/)?/[^\s?@]+"),
    "code": re.compile(r"\d{6}"),
    "nth": re.compile(r"\d+(st|nd|rd|th)"),
    "error_class": re.compile(r"\w*"),
    "job_kind": re.compile(r"[\w.]+"),
    "voice": re.compile("|".join(Voice.values)),
    "language": re.compile("|".join(Language.values)),
    "why": re.compile("|".join(WhyMoved.values)),
    "of": re.compile(r"[A-Z_]+"),
    "by": re.compile(r"[A-Z]+"),
    "version": re.compile(r"\d{1,4}"),
    "case": re.compile(r"[a-z]+"),
    "lines": re.compile(r"[^@\r]+"),  # help lines, one a line
}
LONGEST = {"lines": 4000, "still": 1500}  # of the values that may be longer
PLAIN = re.compile(r"[^@\r\n]*")


class ContextRefused(ValueError):
    """The context lacks a key, has one that is not listed, or holds what could be personal data."""


class ChannelRefused(ValueError):
    """The kind of message does not go by this channel."""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """One kind of message. `needs` and `may_have` are the context's keys. `chooses` are not printed: the
    wording depends on them, and without them it is the one to the person themselves, in English. A message
    unsent by its expiry is cancelled; an `urgent` one travels in the queue of alerts, and staff see when it
    has to wait. Staff can be told by every channel, others by `channels`. Whatever is not declared marketing
    is a service message: its words may not promote anything (notifications.promotion).
    """

    audience: Audience
    needs: frozenset[str] = frozenset()
    may_have: frozenset[str] = frozenset()
    chooses: frozenset[str] = frozenset()
    channels: tuple[ChannelName, ...] = (ChannelName.EMAIL,)
    purpose: Purpose = Purpose.SERVICE
    urgent: bool = False
    expires_after: timedelta | None = None

    def check_channel(self, channel: ChannelName) -> None:
        """Raise ChannelRefused for a channel that this kind does not go by."""
        if self.audience != Audience.STAFF and channel not in self.channels:
            raise ChannelRefused(f"{channel} is none of {', '.join(self.channels)}.")

    def check_context(self, context: Mapping[str, str]) -> None:
        """Raise ContextRefused unless the keys are the catalogue's and the values look harmless."""
        keys = context.keys()
        if wrong := (keys - self.needs - self.may_have - self.chooses) | (self.needs - keys):
            raise ContextRefused(f"Missing or not allowed: {', '.join(sorted(wrong))}.")
        for key, value in context.items():
            if len(value) > LONGEST.get(key, LONGEST_VALUE) or not SHAPES.get(key, PLAIN).fullmatch(value):
                raise ContextRefused(f"The value of {key} does not look like one.")


LEAD_KEYS = frozenset({"reference", "level", "queue", "link"})
# By which one person says that they have it: on a page, by a push message, in a call.
ANSWERED = frozenset({"answer_link", "answer_push", "answer_call"})

# Of a repeat: which alert it is, since when the lead waits, and when somebody had it and did not call.
REPEATED = frozenset({"nth", "since", "answered"})

LETTER_KEYS = frozenset({"reference", "phone"})
VOICE = frozenset({"voice", "language"})
PROMISED = frozenset({"nobody_until", "closes_at", "others_wait"})  # why a promise may be missed
BY_MAIL_OR_TEXT = (ChannelName.EMAIL, ChannelName.SMS)
ALARM_KEYS = frozenset({"title", "lines", "link"})

CATALOGUE: dict[MessageKind, Entry] = {
    MessageKind.URGENT_LEAD_ALERT: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, may_have=ANSWERED | REPEATED | {"respond_by"}, urgent=True
    ),
    MessageKind.LEAD_NOT_ROUTED: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, may_have=ANSWERED | REPEATED | {"respond_by"}, urgent=True
    ),
    MessageKind.REVIEW_WAITING: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"reference", "link"}),
        may_have=frozenset({"level", "queue", "respond_by", "others"}),
        expires_after=timedelta(days=1),
    ),
    MessageKind.PREBOOKED_WAITING: Entry(
        audience=Audience.STAFF,
        needs=LEAD_KEYS,
        may_have=frozenset({"others"}),
        expires_after=timedelta(hours=8),
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
    MessageKind.CALLER_IS_WORSE: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, may_have=ANSWERED | REPEATED, urgent=True
    ),
    MessageKind.CALLER_WANTS_SOONER: Entry(
        audience=Audience.STAFF, needs=LEAD_KEYS, may_have=ANSWERED | REPEATED, urgent=True
    ),
    MessageKind.ALERT_SUMMARY: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"leads", "link"}),
        may_have=frozenset({"answer_link", "since"}),
        urgent=True,
        expires_after=timedelta(minutes=15),
    ),
    MessageKind.ALARM: Entry(
        audience=Audience.STAFF,
        needs=ALARM_KEYS,
        urgent=True,
        expires_after=timedelta(minutes=15),
    ),
    MessageKind.ALARM_OVER: Entry(
        audience=Audience.STAFF, needs=ALARM_KEYS | {"still"}, expires_after=timedelta(hours=4)
    ),
    MessageKind.CALLER_REQUEST: Entry(audience=Audience.STAFF, needs=LEAD_KEYS),
    MessageKind.ENQUIRY_COPY: Entry(
        audience=Audience.CALLER,
        needs=frozenset({"reference", "link"}),
        may_have=PROMISED | {"phone", "call_by"},
        chooses=VOICE,
        expires_after=timedelta(days=1),
    ),
    MessageKind.ENQUIRY_ACKNOWLEDGEMENT: Entry(
        audience=Audience.CALLER,
        needs=frozenset({"reference", "call_by"}),
        may_have=PROMISED | {"phone"},
        chooses=VOICE,
        channels=BY_MAIL_OR_TEXT,
        expires_after=timedelta(days=1),
    ),
    MessageKind.CALLER_PROMISE: Entry(
        audience=Audience.CALLER,
        needs=LETTER_KEYS | {"call_by"},
        may_have=PROMISED,
        chooses=VOICE,
        channels=BY_MAIL_OR_TEXT,
        expires_after=timedelta(days=1),
    ),
    MessageKind.CALLER_TRIED: Entry(
        audience=Audience.CALLER,
        needs=LETTER_KEYS,
        chooses=VOICE,
        channels=BY_MAIL_OR_TEXT,
        expires_after=timedelta(days=1),
    ),
    MessageKind.CALLER_CALL_BACK: Entry(
        audience=Audience.CALLER,
        needs=LETTER_KEYS | {"call_at"},
        chooses=VOICE,
        channels=BY_MAIL_OR_TEXT,
        expires_after=timedelta(hours=4),
    ),
    MessageKind.CALLER_NEW_TIME: Entry(
        audience=Audience.CALLER,
        needs=LETTER_KEYS | {"call_at"},
        chooses=VOICE | {"why"},
        channels=BY_MAIL_OR_TEXT,
        expires_after=timedelta(hours=4),
    ),
    MessageKind.CALLER_OPEN_DOOR: Entry(
        audience=Audience.CALLER,
        needs=LETTER_KEYS,
        chooses=VOICE,
        channels=BY_MAIL_OR_TEXT,
        expires_after=timedelta(days=1),
    ),
    MessageKind.SIGNPOST_PACK: Entry(
        audience=Audience.CALLER,
        needs=frozenset({"phone", "lines"}),
        chooses=VOICE,
        expires_after=timedelta(days=1),
    ),
    MessageKind.WAY_BACK: Entry(
        audience=Audience.VISITOR,
        needs=frozenset({"link", "until"}),
        chooses=VOICE,
        expires_after=timedelta(days=1),
    ),
    MessageKind.TEXT_ANSWER: Entry(
        audience=Audience.STAFF,
        chooses=frozenset({"outcome"}),
        may_have=frozenset({"reference", "who", "since", "until", "others"}),
        expires_after=timedelta(minutes=15),
    ),
    MessageKind.WAY_CODE: Entry(
        audience=Audience.STAFF, needs=frozenset({"code"}), expires_after=timedelta(minutes=10)
    ),
    MessageKind.WAY_TEST: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"link", "came_link"}),
        may_have=frozenset({"shift_at", "came_call"}),
        expires_after=timedelta(hours=1),
    ),
    MessageKind.WAYS_UNCONFIRMED: Entry(
        audience=Audience.STAFF, needs=frozenset({"link"}), expires_after=timedelta(hours=12)
    ),
    MessageKind.WAY_LOST: Entry(
        audience=Audience.STAFF, needs=frozenset({"way", "link"}), expires_after=timedelta(days=3)
    ),
    MessageKind.SHIFT_SUMMARY: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"site", "when", "lines", "link"}),
        expires_after=timedelta(hours=12),
    ),
    MessageKind.DAY_SUMMARY: Entry(
        audience=Audience.STAFF,
        needs=frozenset({"site", "when", "lines"}),
        may_have=frozenset({"was_due"}),
        expires_after=timedelta(hours=20),
    ),
    MessageKind.TEST: Entry(audience=Audience.STAFF, expires_after=timedelta(hours=1)),
    MessageKind.WORDING_TEST: Entry(
        audience=Audience.STAFF,
        chooses=VOICE | {"of", "by", "version", "case"},
        expires_after=timedelta(hours=1),
    ),
}

# What callers are sent in words that staff may change, each in versions that somebody approved.
WORDED = tuple(kind for kind, entry in CATALOGUE.items() if entry.audience != Audience.STAFF)
ALERTS = tuple(kind for kind, entry in CATALOGUE.items() if entry.urgent)
