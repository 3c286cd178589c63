"""Stages, holds, closing and merging."""

from crm.refusals.refusal import Refusal


class LeadIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is over. Open it again first.")


class LeadIsOpen(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is open already.")


class MoveNotAllowed(Refusal):
    """The stage cannot follow the present one."""


class NothingToTakeBack(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no move to take back: look at the stage as it is now.")


class HoldsBlockOffer(Refusal):
    """A bed cannot be offered while holds are set."""


class HoldNotSet(Refusal):
    def __init__(self) -> None:
        super().__init__("That hold is not set on this lead.")


class NeedsClinician(Refusal):
    def __init__(self) -> None:
        super().__init__("A clinician of this site clears holds.")


class DestinationMissing(Refusal):
    def __init__(self) -> None:
        super().__init__("Say where they were referred to.")


class NobodyTried(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody has tried to reach them yet. Log an attempt, or choose another reason.")


class CannotMerge(Refusal):
    """These two leads cannot become one."""


class NotMerged(Refusal):
    def __init__(self) -> None:
        super().__init__("These two leads are apart already.")
