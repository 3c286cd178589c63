"""What the desk refuses. The text of each is shown to the person who asked, so it says what to do instead."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from crm.models import Shift


class Refusal(Exception):
    """A rule of the desk says no."""


class LeadAlreadyClaimed(Refusal):
    def __init__(self, owner: str) -> None:
        super().__init__(f"{owner} has this lead now.")


class NotYours(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is not yours to give back.")


class NotYoursToKeep(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is not with you any more. What you write on it still counts.")


class NobodyHasIt(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody has this lead now. Take it.")


class YouHaveIt(Refusal):
    def __init__(self) -> None:
        super().__init__("You have this lead already.")


class AskedAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("You have asked for it. They see that on their screen.")


class NothingAsked(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody asks for this lead any more.")


class NotOnTheStaff(Refusal):
    def __init__(self) -> None:
        super().__init__("They do not work at this site.")


class ShiftInTheWay(Refusal):
    """Somebody has another shift at that time, maybe at another site."""

    def __init__(self, other: "Shift", zone: ZoneInfo) -> None:
        starts, ends = (each.astimezone(zone) for each in (other.starts_at, other.ends_at))
        when = f"{starts:%A %-d %B, %H:%M} to {ends:%H:%M}"
        super().__init__(f"{other.user} has another shift then: {other.site}, {when}.")


class ShiftIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__("What has begun stays on the rota, and what is over is not changed.")


class LeadIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is over. Open it again first.")


class LeadIsOpen(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is open already.")


class LeadInReview(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is in review. Accept it first.")


class ContactNotSafe(Refusal):
    """The person did not say that this way of contact is safe, and no reason was given to set that aside."""


class OnlyClinicianSetsAside(ContactNotSafe):
    """A hold forbids this contact, and only a clinician may set that aside."""

    def __init__(self, hold: str) -> None:
        super().__init__(
            f"{hold} forbids this. Only a clinician of this site sets it aside, with a reason: ask one now."
        )


class NotAskedYet(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "They have not agreed to be contacted, so nobody can have asked them. "
            "A clinician clears H-CONSENT first."
        )


class CallBackNotPossible(Refusal):
    """A call cannot be set for that time, or for this lead."""


class NoCallBack(Refusal):
    def __init__(self) -> None:
        super().__init__("No call-back is set on this lead any more.")


class SentAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("This was sent a few minutes ago.")


class NothingToDecide(Refusal):
    def __init__(self) -> None:
        super().__init__("Nothing is to be decided on this lead any more.")


class NotTwoWay(Refusal):
    def __init__(self) -> None:
        super().__init__("This outcome is not a two-way contact: nobody answered.")


class NoContactYet(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody has spoken with them yet. Log the contact, and the stage moves by itself.")


class MoveNotAllowed(Refusal):
    """The stage cannot follow the present one."""


class HoldsBlockOffer(Refusal):
    """A bed cannot be offered while holds are set."""


class HoldNotSet(Refusal):
    def __init__(self) -> None:
        super().__init__("That hold is not set on this lead.")


class NotMoreSevere(Refusal):
    def __init__(self) -> None:
        super().__init__("That is not more urgent than the present level.")


class NotLessSevere(Refusal):
    def __init__(self) -> None:
        super().__init__("That is not less urgent than the present level.")


class ReasonTooShort(Refusal):
    def __init__(self, least: int) -> None:
        super().__init__(f"Write at least {least} characters: the person who reads this was not there.")


class NothingToConfirm(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no request to lower this level, or it no longer applies.")


class NeedsClinicalLead(Refusal):
    def __init__(self) -> None:
        super().__init__("A clinical lead of this site confirms this.")


class NeedsClinician(Refusal):
    def __init__(self) -> None:
        super().__init__("A clinician of this site clears holds.")


class NeedsSecondPerson(Refusal):
    def __init__(self) -> None:
        super().__init__("You asked for this yourself. Another clinical lead confirms it.")


class DestinationMissing(Refusal):
    def __init__(self) -> None:
        super().__init__("Say where they were referred to.")


class NobodyTried(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody has tried to reach them yet. Log an attempt, or choose another reason.")


class NoSuchRequest(Refusal):
    def __init__(self) -> None:
        super().__init__("That request is settled already.")


class NothingWritten(Refusal):
    def __init__(self) -> None:
        super().__init__("Write the note first.")


class CannotMerge(Refusal):
    """These two leads cannot become one."""


class NotMerged(Refusal):
    def __init__(self) -> None:
        super().__init__("These two leads are apart already.")


class EmergencyWaitsForNobody(Refusal):
    def __init__(self) -> None:
        super().__init__("An emergency is never set aside. Call now, or hand it to a colleague.")


class NotPlacedYet(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is not placed yet, so nobody knows whether it can wait.")


class AlreadySetAside(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is set aside already. Bring it back first.")


class NotSetAside(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is back in its queue already.")


class PauseNotPossible(Refusal):
    """A lead cannot be set aside for so long, or for that reason."""


class TagIsKnown(Refusal):
    def __init__(self) -> None:
        super().__init__("This site has that tag already.")


class TagNotOfSite(Refusal):
    def __init__(self) -> None:
        super().__init__("That tag is not one of this lead’s site.")


class NotAtThisSite(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} does not work at this lead’s site.")


class YouMayNotAssign(Refusal):
    def __init__(self) -> None:
        super().__init__("Coordinators and managers of its site give this lead to somebody.")


class TooLateToUndo(Refusal):
    def __init__(self) -> None:
        super().__init__("It is too late to undo this in one go. Change the leads one by one.")


class ChangedSince(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody has changed this lead since.")


class EmergencyNotInBulk(Refusal):
    def __init__(self) -> None:
        super().__init__("An emergency is closed on its own page.")


class IsAway(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is marked as away.")


class UndoneAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("This was undone already.")


class ViewIsNotYours(Refusal):
    def __init__(self) -> None:
        super().__init__("Managers share views with their site, and delete those that are shared.")


class PolicyHasChanged(Refusal):
    def __init__(self) -> None:
        super().__init__("A colleague changed the order meanwhile. Look at it again, then decide.")


class CallIsAgreed(Refusal):
    def __init__(self) -> None:
        super().__init__("A call is agreed with them. Close it on its own page.")
