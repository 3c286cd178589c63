"""Levels."""

from crm.refusals.refusal import Refusal


class NotMoreSevere(Refusal):
    def __init__(self) -> None:
        super().__init__("That is not more urgent than the present level.")


class NotLessSevere(Refusal):
    def __init__(self) -> None:
        super().__init__("That is not less urgent than the present level.")


class NothingToConfirm(Refusal):
    def __init__(self) -> None:
        super().__init__("There is no request to lower this level, or it no longer applies.")


class NeedsClinicalLead(Refusal):
    def __init__(self) -> None:
        super().__init__("A clinical lead of this site confirms this.")


class NeedsSecondPerson(Refusal):
    def __init__(self) -> None:
        super().__init__("You asked for this yourself. Another clinical lead confirms it.")
