"""What changing the rules refuses. The text of each is shown to the person who asked."""

from collections.abc import Sequence

from intake.refusals import ContentRefusal


class NotADraft(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("Only a draft can be changed. Begin a draft from this version.")


class NotRetired(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("This version was never in use, or it is in use now.")


class NeedsClinicalApprover(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("Only a clinical lead can put rules in use.")


class NeedsAnotherPerson(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("You have edited this draft. Another clinical lead has to approve it.")


class NotTriedYet(ContentRefusal):
    def __init__(self) -> None:
        super().__init__(
            "Look at it first, as it is now: run its stored cases, and read a try on the last 30 days."
        )


class NotYourDraft(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("Whoever wrote a draft deletes it, or a clinical lead.")


class ChecksFailed(ContentRefusal):
    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = list(problems)
        number = len(self.problems)
        super().__init__(f"The checks found {number} problem{'s' * (number != 1)}. It stays out of use.")


class SayWhy(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("Say why, in 10 characters or more.")


class NoSuchRule(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("There is no such rule in this draft any more.")


class IdTaken(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("A rule of this draft has that name already.")


class AnsweredAlready(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("Somebody has answered that already.")


class SayMore(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("Say in a few words what comes of it.")
