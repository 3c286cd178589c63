from django.apps import AppConfig

from tests.faults.length import LONG, SHORT_OF_CPU
from tests.faults.moments import arm


class FaultsConfig(AppConfig):
    """Brings jobs and moments of tests/faults into every process that runs with tests.faults.settings."""

    name = "tests.faults"

    def ready(self) -> None:
        arm()
        if not LONG:
            _give_canaries_time()


def _give_canaries_time() -> None:
    """Let one be placed and alerted of as late as check_bound lets everything be."""
    from intake.enums import CanaryStage
    from intake.selectors.canary import BOUNDS

    for stage in (CanaryStage.PLACED, CanaryStage.ALERTED):
        BOUNDS[stage] *= SHORT_OF_CPU
