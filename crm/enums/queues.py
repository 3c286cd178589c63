"""Queues and levels: where a lead waits, and how soon a person must call."""

from django.db.models import IntegerChoices, TextChoices


class Queue(TextChoices):
    URGENT = "URGENT", "Urgent"
    PREBOOKED = "PREBOOKED", "Pre-booked"
    UNROUTED = "UNROUTED", "Not yet routed"
    REVIEW = "REVIEW", "In review"


class Level(TextChoices):
    """How soon a person must call, most urgent first (triage/SPEC section 2)."""

    E1 = "E1", "Emergency, call within 5 minutes"
    E2 = "E2", "Emergency, call within 15 minutes"
    U1 = "U1", "Urgent, call within 30 minutes"
    U2 = "U2", "Urgent, call within 2 hours"
    U3 = "U3", "Urgent, call within 4 hours"
    P1 = "P1", "Pre-booked, call within 1 day"
    P2 = "P2", "Pre-booked, call within 2 days"

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent level, 6 for the least."""
        return list(Level).index(self)

    @property
    def queue(self) -> Queue:
        return Queue.PREBOOKED if self in {Level.P1, Level.P2} else Queue.URGENT

    @property
    def is_emergency(self) -> bool:
        return self in {Level.E1, Level.E2}

    @property
    def band(self) -> "Band":
        """Return where a lead of this level stands while somebody waits to hear from us."""
        return _BANDS.get(self.value, Band.WAITING)


class Band(IntegerChoices):
    """The parts of every list of leads, from the top down; no weight and no deadline leads out of one.

    A person who has not heard from us stands above every follow-up, however late that is. Inside a band,
    whatever is due first stands first, moved a little by the weights (crm.ordering).
    """

    TOP = 0, "Life in danger (E1), above every deadline"
    EMERGENCY = 1, "Emergency (E2)"
    WAITING = 2, "Urgent, waiting to hear from us"
    PREBOOKED_FIRST = 3, "Pre-booked (P1), above every later one"
    PREBOOKED = 4, "Pre-booked (P2)"
    FOLLOW_UP = 5, "Follow-up"


_BANDS = {
    "E1": Band.TOP,
    "E2": Band.EMERGENCY,
    "P1": Band.PREBOOKED_FIRST,
    "P2": Band.PREBOOKED,
}


AWAITING = tuple(band for band in Band if band != Band.FOLLOW_UP)


def most_severe(*levels: Level) -> Level:
    return min(levels, key=lambda level: level.rank)


def more_severe_than(level: Level | None) -> list[Level]:
    """Return the levels to which a person may raise; out of none (not placed yet), the urgent ones."""
    return [each for each in Level if (each.rank < level.rank if level else each.queue == Queue.URGENT)]


def raised_once(level: Level) -> Level:
    """Return the level one step up, never above E2: a repeat enquiry alone is no life-threatening sign."""
    return level if level.is_emergency else list(Level)[level.rank - 1]


class ReasonCode(TextChoices):
    """Why a person changed a level."""

    TOLD_ON_CALL = "TOLD_ON_CALL", "Said on the call"
    CLINICAL_JUDGEMENT = "CLINICAL_JUDGEMENT", "Clinical judgement"
    SITUATION_CHANGED = "SITUATION_CHANGED", "The situation changed"
    ANSWER_WRONG = "ANSWER_WRONG", "An answer was wrong"
    RULE_WRONG = "RULE_WRONG", "The rule looks wrong"
