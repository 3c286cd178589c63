"""What is refused about alerts."""

from crm.refusals.refusal import Refusal


class SomebodyHasAnswered(Refusal):
    def __init__(self, name: str, *, is_you: bool) -> None:
        super().__init__(
            "You said so already. Take the lead and call." if is_you else f"{name} said so already."
        )


class NothingToAcknowledge(Refusal):
    def __init__(self) -> None:
        super().__init__("Nobody is alerted about this lead any more.")


class PlanNotSafe(Refusal):
    """Steps that leave an alert without somebody who must be told."""
