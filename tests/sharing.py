"""How the tests are shared out: the faults stay together, for they break one stack, and begin first."""

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

FAULTS = "tests/faults/"


class FaultsTogether(LoadScopeScheduling):
    """Hand out test by test, but all faults to one process. The longest group is handed out first."""

    def _split_scope(self, nodeid: str) -> str:
        return FAULTS if FAULTS in nodeid else nodeid


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> FaultsTogether:
    return FaultsTogether(config, log)
