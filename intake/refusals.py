"""What editing public words refuses. The text of each is shown to the person who asked."""


class ContentRefusal(Exception):
    """A rule of public content says no."""


class AlreadyApproved(ContentRefusal):
    def __init__(self) -> None:
        super().__init__("This version is the one that the public reads already.")


class NumberChanged(ContentRefusal):
    def __init__(self, number: str) -> None:
        super().__init__(f"The number has changed since you looked: it is {number} now. Check it again.")


class EnoughTests(ContentRefusal):
    def __init__(self, most: int) -> None:
        super().__init__(f"You have had {most} tests within the hour. Read the preview, or try again later.")
