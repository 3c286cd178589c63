"""The stack that all faults share, and how they put a line into the table of figures."""

from collections.abc import Callable, Iterator

import pytest

from tests.faults.figures import FIGURES
from tests.faults.stack import FaultStack

Show = Callable[[str, object], None]


@pytest.fixture(scope="session")
def whole_stack() -> Iterator[FaultStack]:
    with FaultStack() as stack:
        stack.start_processes()
        stack.warm_up()
        yield stack


@pytest.fixture
def stack(whole_stack: FaultStack) -> Iterator[FaultStack]:
    """The stack in good health; whatever a test left broken is mended after it."""
    yield whole_stack
    whole_stack.mend()


@pytest.fixture
def show(request: pytest.FixtureRequest) -> Show:
    """Put a line into the table of figures."""

    def show(fault: str, figures: object) -> None:
        request.node.user_properties.append((FIGURES, f"{fault:<28} {figures}"))

    return show
