"""The words for messages out."""

from django.db.models import TextChoices


class MessageKind(TextChoices):
    URGENT_LEAD_ALERT = "URGENT_LEAD_ALERT", "Alert: an urgent lead"
    LEAD_NOT_ROUTED = "LEAD_NOT_ROUTED", "Alert: a lead was not routed in time"
    REVIEW_WAITING = "REVIEW_WAITING", "Alert: an enquiry waits for review"
    PREBOOKED_WAITING = "PREBOOKED_WAITING", "Pre-booked leads that nobody has called yet"
    LOWERING_ASKED = "LOWERING_ASKED", "A colleague asks a clinical lead to lower a level"
    ENQUIRY_STRANDED = "ENQUIRY_STRANDED", "Alert: an enquiry is on nobody's list"
    JOB_DEAD = "JOB_DEAD", "Alert: background work gave up"
    CALLER_WANTS_SOONER = "CALLER_WANTS_SOONER", "Alert: a caller asks to be called sooner"
    CALLER_IS_WORSE = "CALLER_IS_WORSE", "Alert: a caller says that it has got worse"
    CALLER_REQUEST = "CALLER_REQUEST", "Alert: a caller asks something of us"
    ENQUIRY_COPY = "ENQUIRY_COPY", "Copy of their page to the caller"
    ENQUIRY_ACKNOWLEDGEMENT = "ENQUIRY_ACKNOWLEDGEMENT", "Acknowledgement to the caller"
    CALLER_TRIED = "CALLER_TRIED", "We tried to reach you"
    CALLER_CALL_BACK = "CALLER_CALL_BACK", "When we call you"
    CALLER_OPEN_DOOR = "CALLER_OPEN_DOOR", "You can come back to us"
    CALLER_PROMISE = "CALLER_PROMISE", "By when we are in touch"
    CALLER_NEW_TIME = "CALLER_NEW_TIME", "The time has changed"
    SIGNPOST_PACK = "SIGNPOST_PACK", "Numbers to call"
    WAY_BACK = "WAY_BACK", "Link to answers that were saved"
    ALERT_SUMMARY = "ALERT_SUMMARY", "Alert: several leads wait for an answer"
    TEXT_ANSWER = "TEXT_ANSWER", "What we say to an answer by text"
    WAY_CODE = "WAY_CODE", "Code for a new way to alert somebody"
    WAY_TEST = "WAY_TEST", "Test of somebody's alerts"
    WAYS_UNCONFIRMED = "WAYS_UNCONFIRMED", "Somebody on call has not said that a test came"
    WAY_LOST = "WAY_LOST", "A way to alert somebody does not work any more"
    SHIFT_SUMMARY = "SHIFT_SUMMARY", "What a shift was, to whoever had it"
    DAY_SUMMARY = "DAY_SUMMARY", "What a day was, to managers"
    ALARM = "ALARM", "Alarm: something is wrong with the desk"
    ALARM_OVER = "ALARM_OVER", "An alarm is over"
    TEST = "TEST", "Test message"
    WORDING_TEST = "WORDING_TEST", "Test of a message to callers"


def message_kinds() -> list[tuple[str, str]]:
    """Return the kinds as choices of a column: named by this function, a new kind needs no migration."""
    return MessageKind.choices


class Audience(TextChoices):
    STAFF = "STAFF", "Staff"
    CALLER = "CALLER", "Caller"
    VISITOR = "VISITOR", "Somebody who asked for it on a page, and is not known to us"


class Voice(TextChoices):
    """Whom a message to a caller speaks to."""

    SELF = "self", "To the person themselves"
    LOVED_ONE = "loved_one", "To somebody who asks for another"
    PROFESSIONAL = "professional", "To a professional"


class Language(TextChoices):
    """In which languages there are messages to callers."""

    ENGLISH = "en", "English"
    WELSH = "cy", "Welsh"
    POLISH = "pl", "Polish"
    ROMANIAN = "ro", "Romanian"


class WhyMoved(TextChoices):
    """Why a time that somebody was told is another one now, in words that tell nobody anything else."""

    BUSY = "busy", "Others are still waiting"
    AWAY = "away", "The person who was to call is away"
    ASKED = "asked", "They asked for another time"
    OTHER = "other", "No reason given"


class WordingState(TextChoices):
    DRAFT = "DRAFT", "Waits for approval"
    APPROVED = "APPROVED", "In force"
    RETIRED = "RETIRED", "Replaced"


class Purpose(TextChoices):
    """What a message is for, as the rules on electronic mail (PECR, regulation 22) tell them apart."""

    SERVICE = "SERVICE", "Service: about what somebody asked of us"
    MARKETING = "MARKETING", "Marketing: only with consent"


class ChannelName(TextChoices):
    EMAIL = "EMAIL", "E-mail"
    SMS = "SMS", "Text"
    VOICE = "VOICE", "Call"
    PUSH = "PUSH", "Push"
    WEBHOOK = "WEBHOOK", "Webhook"


class MessageState(TextChoices):
    QUEUED = "QUEUED", "Waiting to be sent"
    SENT = "SENT", "Handed to the provider"
    FAILED = "FAILED", "Could not be sent"
    REPLACED = "REPLACED", "Went another way"
    CANCELLED = "CANCELLED", "No longer needed"


class Why(TextChoices):
    """Why a message waits, or is not sent any more. Beside these: error classes and reply codes."""

    CIRCUIT_OPEN = "CircuitOpen", "This way is out of order"
    PROVIDER_LIMIT = "ProviderLimit", "As many as the provider takes at a time"
    RECIPIENT_LIMIT = "RecipientLimit", "Enough for one person for now"
    RETRY_AFTER = "RetryAfter", "The provider asks us to wait"
    SAFE_HOURS = "SafeHours", "Waits for a time that they called safe"
    NO_SAFE_HOUR = "NoSafeHour", "Too late by the time that it is safe for them"
    HOURS_UNREAD = "HoursUnread", "Only a person can read their safe times: write to them by hand"
    CANNOT_BE_WRITTEN = "CannotBeWritten", "Its words cannot be put together"
    SPOKEN = "Spoken", "We have spoken since"
    MOVED = "Moved", "That time is not agreed any more"
    NO_NETWORK = "NoNetwork", "No name server answers here"
    EXPIRED = "Expired", "Too late to be of use"
    NOT_SAFE = "NotSafe", "Not safe for them, or they asked us to stop"
    NEWER = "Newer", "A newer message says the same"
    TOGETHER = "Together", "Said together with others"
    ANSWERED = "Answered", "Somebody has answered it"
    NOT_TRUE = "NotTrue", "No longer true"
    LEAD_OVER = "LeadOver", "The lead is over"
    LEAD_ROUTED = "LeadRouted", "The lead has been routed"
    ARRIVED_BEFORE = "ArrivedBefore", "It arrived by the way before"
    NEWER_RELEASE = "NewerRelease", "Of a newer release: it waits until that is installed everywhere"
    WAY_ENDED = "WayEnded", "Nothing goes to that address any more"
    DISCARDED = "Discarded", "Discarded by a manager"
    PROCESS_LOST = "ProcessLost", "The process was killed in each try"


class DeliveryOutcome(TextChoices):
    ACCEPTED = "ACCEPTED", "Accepted by the provider"
    TRANSIENT_ERROR = "TRANSIENT_ERROR", "Failed, to be tried again"
    AMBIGUOUS = "AMBIGUOUS", "No answer: it may have gone out"
    PERMANENT_ERROR = "PERMANENT_ERROR", "Refused for good"
    INTERRUPTED = "INTERRUPTED", "Interrupted: it may have gone out"
    DELIVERED = "DELIVERED", "Arrived"
    READ = "READ", "Read"
    UNDELIVERED = "UNDELIVERED", "Accepted, and did not arrive"


# How a try ended, or not yet, that may have gone out.
UNKNOWN = (DeliveryOutcome.AMBIGUOUS, DeliveryOutcome.INTERRUPTED)


class Acknowledgement(TextChoices):
    """By what somebody said that they have an alert."""

    LINK = "LINK", "By the link in the alert"
    DESK = "DESK", "At the desk"
    CLAIM = "CLAIM", "By taking the lead"
    CONTACT = "CONTACT", "By trying to reach them"
    TEXT = "TEXT", "By answering a text"
    PUSH = "PUSH", "By a tap on a push message"
    VOICE = "VOICE", "By pressing a key in a call"


class EscalationEnd(TextChoices):
    """Why nobody is alerted any more."""

    ACKNOWLEDGED = "ACKNOWLEDGED", "Acknowledged"
    OVER = "OVER", "The lead is over."
    LOWERED = "LOWERED", "The lead is not urgent any more."
