"""Lists: many leads at once, tags, kept views, the order."""

from crm.refusals.refusal import Refusal


class TagIsKnown(Refusal):
    def __init__(self) -> None:
        super().__init__("This site has that tag already.")


class TagNotOfSite(Refusal):
    def __init__(self) -> None:
        super().__init__("That tag is not one of this lead’s site.")


class TooLateToUndo(Refusal):
    def __init__(self) -> None:
        super().__init__("It is too late to undo this in one go. Change the leads one by one.")


class ChangedSince(Refusal):
    def __init__(self) -> None:
        super().__init__("Somebody has changed this lead since.")


class EmergencyNotInBulk(Refusal):
    def __init__(self) -> None:
        super().__init__("An emergency is closed on its own page.")


class UndoneAlready(Refusal):
    def __init__(self) -> None:
        super().__init__("This was undone already.")


class ViewIsNotYours(Refusal):
    def __init__(self) -> None:
        super().__init__("Managers share views with their site, and delete those that are shared.")


class CadenceHasChanged(Refusal):
    def __init__(self) -> None:
        super().__init__("A colleague changed this plan meanwhile. Look at it again, then decide.")


class SummaryTimeHasChanged(Refusal):
    def __init__(self) -> None:
        super().__init__("A colleague changed the time meanwhile. Look at it again, then decide.")


class PolicyHasChanged(Refusal):
    def __init__(self) -> None:
        super().__init__("A colleague changed the order meanwhile. Look at it again, then decide.")
