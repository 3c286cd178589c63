"""How far a lead has come: the stages, the allowed moves between them, listed once, and the ways out."""

from django.db.models import TextChoices


class Stage(TextChoices):
    NEW = "NEW", "New"
    CONTACTED = "CONTACTED", "Contacted"
    ASSESSING = "ASSESSING", "Assessing"
    OFFERED = "OFFERED", "Offered"
    BOOKED = "BOOKED", "Booked"
    ADMITTED = "ADMITTED", "Admitted"
    CLOSED = "CLOSED", "Closed"


ALLOWED_MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.NEW: frozenset({Stage.CONTACTED, Stage.CLOSED}),
    Stage.CONTACTED: frozenset({Stage.ASSESSING, Stage.CLOSED}),
    Stage.ASSESSING: frozenset({Stage.OFFERED, Stage.CLOSED}),
    Stage.OFFERED: frozenset({Stage.BOOKED, Stage.CLOSED}),
    Stage.BOOKED: frozenset({Stage.ADMITTED, Stage.CLOSED}),
    Stage.ADMITTED: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
}


# The funnel's steps after "received". A lead that got to a later one counts for the earlier ones, too.
FUNNEL = (Stage.CONTACTED, Stage.ASSESSING, Stage.OFFERED, Stage.BOOKED, Stage.ADMITTED)


class Disposition(TextChoices):
    """Why a lead was closed."""

    COMPLETED_STAY = "COMPLETED_STAY", "Stay completed"
    REFERRED_ON = "REFERRED_ON", "Referred to another service"
    CHOSE_ANOTHER = "CHOSE_ANOTHER", "Chose another service"
    NOT_NOW = "NOT_NOW", "Not ready at the moment"
    NO_FUNDING = "NO_FUNDING", "Could not fund a stay"
    NOT_SUITABLE = "NOT_SUITABLE", "Needs a service that we do not offer"
    UNREACHABLE = "UNREACHABLE", "Could not be reached"
    ASKED_NO_CONTACT = "ASKED_NO_CONTACT", "Asked us not to contact them"
    DUPLICATE = "DUPLICATE", "The same episode as another lead"
    NOT_AN_ENQUIRY = "NOT_AN_ENQUIRY", "Not an enquiry"

    @property
    def needs_destination(self) -> bool:
        return self in {Disposition.REFERRED_ON, Disposition.NOT_SUITABLE}
