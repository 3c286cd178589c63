"""Reaching people, and what was agreed with them."""

from crm.refusals.refusal import Refusal


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


class NoSuchRequest(Refusal):
    def __init__(self) -> None:
        super().__init__("That request is settled already.")


class CallIsAgreed(Refusal):
    def __init__(self) -> None:
        super().__init__("A call is agreed with them. Close it on its own page.")
