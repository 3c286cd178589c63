"""The ways by which staff are told."""

from crm.refusals.refusal import Refusal


class TooManyWays(Refusal):
    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} ways already. Remove one that you do not need.")


class TooManySecrets(Refusal):
    def __init__(self) -> None:
        super().__init__("It has had three new secrets in a week. Use the latest, or add the webhook anew.")


class NotSigned(Refusal):
    def __init__(self) -> None:
        super().__init__("What goes there is not signed, so it has no secret.")


class TooManyCodes(Refusal):
    def __init__(self) -> None:
        super().__init__("Enough codes were sent for now. Wait an hour, then ask for another one.")


class CodeWrong(Refusal):
    def __init__(self) -> None:
        super().__init__("That is not the code that we sent last. Look again, or ask for another one.")


class CodeOver(Refusal):
    def __init__(self) -> None:
        super().__init__("That code is no longer good. Ask for another one.")


class JustTested(Refusal):
    def __init__(self) -> None:
        super().__init__("A test went out a moment ago. See below what became of it, or wait a minute.")


class OverByNow(Refusal):
    def __init__(self) -> None:
        super().__init__("That test is over. Send another one.")
