"""How we reach people, and what came of it."""

from django.db.models import TextChoices


class ContactMethod(TextChoices):
    CALL = "CALL", "Phone call"
    VOICEMAIL = "VOICEMAIL", "Voicemail"
    TEXT = "TEXT", "Text message"
    EMAIL = "EMAIL", "E-mail"
    POST = "POST", "Letter"
    VISIT = "VISIT", "In person"


class ContactOutcome(TextChoices):
    SPOKE = "SPOKE", "Spoke with them"
    REPLIED = "REPLIED", "They wrote back"
    NO_ANSWER = "NO_ANSWER", "No answer"
    LEFT_MESSAGE = "LEFT_MESSAGE", "Left a message"
    SENT = "SENT", "Sent"
    WRONG_NUMBER = "WRONG_NUMBER", "Wrong number"
    ASKED_TO_CALL_LATER = "ASKED_TO_CALL_LATER", "Asked us to call later"


class ContactDisposition(TextChoices):
    """What was agreed when a contact ended."""

    CALL_BACK = "CALL_BACK", "We call back"
    THEY_CALL = "THEY_CALL", "They will call us"
    THINKING = "THINKING", "They want time to think"
    ASSESSMENT = "ASSESSMENT", "They want an assessment"
    OTHER_HELP = "OTHER_HELP", "They were told of other help"
    ELSEWHERE = "ELSEWHERE", "They go elsewhere"
    NO_MORE = "NO_MORE", "They want to hear no more from us"
    CUT_OFF = "CUT_OFF", "Nothing: the call was cut short"


class PackWay(TextChoices):
    """How somebody gets the numbers of other help."""

    EMAIL = "EMAIL", "By e-mail: help lines only, because others may read an e-mail"
    PAPER = "PAPER", "Printed, or read out on the phone"


class CallBackKind(TextChoices):
    """Why we call again at a time."""

    AGREED = "AGREED", "Agreed with them"
    PLANNED = "PLANNED", "Next try of the plan"
    SAFETY = "SAFETY", "Safety call after closing"


class PartOfDay(TextChoices):
    """When in the day, by the site's clock, a try is made: people are reached at different hours."""

    MORNING = "MORNING", "in the morning"
    AFTERNOON = "AFTERNOON", "in the afternoon"
    EVENING = "EVENING", "in the evening"
