from django.apps import AppConfig


class FaultsConfig(AppConfig):
    """Brings the jobs of tests/faults/tasks.py into every process that runs with tests.faults.settings."""

    name = "tests.faults"
