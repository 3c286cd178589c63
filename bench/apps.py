from django.apps import AppConfig


class BenchConfig(AppConfig):
    """Takes the files out of the figures: e-mail of a benchmark is handed to nobody."""

    name = "bench"

    def ready(self) -> None:
        from notifications.channels.base import Handed
        from notifications.channels.registry import EMAIL_TRANSPORTS

        EMAIL_TRANSPORTS["file"] = lambda _: Handed()
