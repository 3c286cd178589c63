from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from jobs.services.dead import on_dead
        from notifications import checks  # noqa: F401  registers the checks
        from notifications.services.endings import fail_message_of_dead_job

        on_dead(fail_message_of_dead_job)
