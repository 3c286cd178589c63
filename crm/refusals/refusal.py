"""What every refusal is."""


class Refusal(Exception):
    """A rule of the desk says no."""


class ReasonTooShort(Refusal):
    def __init__(self, least: int) -> None:
        super().__init__(f"Write at least {least} characters: the person who reads this was not there.")


class NothingWritten(Refusal):
    def __init__(self) -> None:
        super().__init__("Write the note first.")
