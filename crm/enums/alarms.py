"""What can be wrong with the desk as a whole, so that an enquiry could wait and nobody would know."""

from django.db.models import TextChoices


class AlarmKind(TextChoices):
    NOBODY_ON_SHIFT = "NOBODY_ON_SHIFT", "Nobody is on shift or on call"
    NO_CHANNEL = "NO_CHANNEL", "Somebody on call cannot be told"
    NOBODY_WATCHING = "NOBODY_WATCHING", "Urgent leads wait and nobody has the desk open"
    UNPLACED = "UNPLACED", "An enquiry is not routed"
    UNANSWERED = "UNANSWERED", "Nobody has answered an urgent lead"
    BEAT_SILENT = "BEAT_SILENT", "The background work does not answer"
    DISPATCHER_SILENT = "DISPATCHER_SILENT", "The dispatcher has stopped"
    WATCH_SILENT = "WATCH_SILENT", "Nothing watches over the desk"
    AUDIT_FAILED = "AUDIT_FAILED", "The auditor found something wrong"
    CANARY_LATE = "CANARY_LATE", "The test enquiry did not come through"


def alarm_kinds() -> list[tuple[str, str]]:
    """Return the kinds as choices of a column: named by this function, a new kind needs no migration."""
    return AlarmKind.choices
