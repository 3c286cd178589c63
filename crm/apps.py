from django.apps import AppConfig


class CrmConfig(AppConfig):
    name = "crm"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.services.dead_jobs import tell_managers_of_dead_job
        from jobs.services.dead import on_dead

        on_dead(tell_managers_of_dead_job)
