"""Setting a lead aside."""

from crm.refusals.refusal import Refusal


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
