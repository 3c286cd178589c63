"""Public texts: whom they speak to, and what is filled in."""

from enum import StrEnum

from django.db.models import TextChoices


class Voice(TextChoices):
    """Whom a text speaks to."""

    SELF = "self", "To the person themselves"
    LOVED_ONE = "loved_one", "To someone who cares about them"
    PROFESSIONAL = "professional", "To a professional"
    SPOKEN = "spoken", "Spoken script for call-takers"


class Slot(StrEnum):
    """What a public text writes in braces in place of a number (intake.wording).

    Help lines fill all but the last two: CRISIS joins whoever answers in a crisis, HOSPITAL is a word.
    """

    EMERGENCY = "emergency"
    SILENT = "silent"
    URGENT = "urgent"
    MENTAL_HEALTH = "mental_health"
    LISTENING = "listening"
    YOUNG = "young"
    ABUSE = "abuse"
    GAMBLING = "gambling"
    CRISIS = "crisis"
    HOSPITAL = "hospital"
