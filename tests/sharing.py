"""How the tests are shared out: the faults stay together, for they break one stack, and begin first."""

import pytest
from execnet import XSpec
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from tests.servers import own_places

FAULTS = "tests/faults/"


class FaultsTogether(LoadScopeScheduling):
    """Hand out test by test, but all faults to one process. The longest group is handed out first."""

    def _split_scope(self, nodeid: str) -> str:
        return FAULTS if FAULTS in nodeid else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FaultsTogether:
    return FaultsTogether(config, log)


def pytest_xdist_setupnodes(specs: list[XSpec]) -> None:
    """Give each process its own broker, cache and folders before it starts.

    In the process itself it would be too late: pytest-django reads the settings before any conftest.
    """
    for number, spec in enumerate(specs, 1):
        spec.env |= own_places(number=number)
