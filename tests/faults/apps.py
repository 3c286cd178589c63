from django.apps import AppConfig

from tests.faults.moments import arm


class FaultsConfig(AppConfig):
    """Brings jobs and moments of tests/faults into every process that runs with tests.faults.settings."""

    name = "tests.faults"

    def ready(self) -> None:
        arm()
