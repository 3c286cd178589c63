"""The words for how staff can be told."""

from django.db.models import TextChoices


class LossOfWay(TextChoices):
    """Why nothing is sent to a way any more."""

    STOPPED = "STOPPED", "STOP was texted from this number"
    GONE = "GONE", "Its provider says that nothing will ever arrive there"


class WayCheckKind(TextChoices):
    """Why something was sent that only asks whether it comes."""

    CODE = "CODE", "A code, to show whose it is"
    TEST = "TEST", "A test that its owner asked for"
    SHIFT = "SHIFT", "A test before a shift on call"
