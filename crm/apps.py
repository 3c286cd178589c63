from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm import checks  # noqa: F401  registers the checks
        from crm.services.dead_jobs import tell_managers_of_dead_job
        from crm.services.safe_sending import refuse_unsafe_message
        from jobs.services.dead import on_dead
        from notifications.enums import Audience
        from notifications.guards import guard

        on_dead(tell_managers_of_dead_job)
        guard(Audience.CALLER, refuse_unsafe_message)
