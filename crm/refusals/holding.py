"""Who has a lead."""

from crm.refusals.refusal import Refusal


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


class LeadInReview(Refusal):
    def __init__(self) -> None:
        super().__init__("This lead is in review. Accept it first.")


class NotAtThisSite(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} does not work at this lead’s site.")


class YouMayNotAssign(Refusal):
    def __init__(self) -> None:
        super().__init__("Coordinators and managers of its site give this lead to somebody.")


class IsAway(Refusal):
    def __init__(self, name: str) -> None:
        super().__init__(f"{name} is marked as away.")
