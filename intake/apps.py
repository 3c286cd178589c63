from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.public_words import provide
        from intake import checks  # noqa: F401  registers the checks
        from intake.desk_words import DeskWords

        provide(DeskWords())
