"""The stack that all faults share, and how they put a line into the table of figures."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults.clock import StackClock
from tests.faults.figures import FIGURES
from tests.faults.stack import FaultStack

Show = Callable[[str, object], None]
Ways = Callable[..., None]
PEOPLE = {"coordinator@threshold.example": "+447700900001", "manager@threshold.example": "+447700900002"}
CLOSED = "DELETE FROM notifications_circuit"


@pytest.fixture(scope="session")
def whole_stack() -> Iterator[FaultStack]:
    with FaultStack() as stack:
        stack.start_processes()
        stack.warm_up()
        yield stack


@pytest.fixture(scope="session")
def clock(whole_stack: FaultStack) -> StackClock:
    return StackClock(whole_stack)


@pytest.fixture
def stack(whole_stack: FaultStack, request: pytest.FixtureRequest) -> Iterator[FaultStack]:
    """The stack in good health; whatever a test left broken is mended after it, or every other one fails."""
    if whole_stack.broken_since:
        pytest.fail(f"the stack was not mended after {whole_stack.broken_since}")
    yield whole_stack
    whole_stack.broken_since = request.node.name
    whole_stack.mend()
    whole_stack.broken_since = ""
    whole_stack.peers.look_back()


@pytest.fixture
def show(request: pytest.FixtureRequest) -> Show:
    """Put a line into the table of figures."""

    def show(fault: str, figures: object) -> None:
        request.node.user_properties.append((FIGURES, f"{fault:<28} {figures}"))

    return show


@pytest.fixture
def ways(stack: FaultStack) -> Iterator[Ways]:
    """Return a function that says by what people are told at first; what else they have stands in for it."""

    def by(*first: str) -> None:
        stack.tell_by({email: {"SMS": number} for email, number in PEOPLE.items()}, first=first)

    yield by
    stack.mail.behave("accept")
    stack.peers.always("ok")
    stack.execute(CLOSED)
    stack.tell_by({}, first=())
    stack.heal()
