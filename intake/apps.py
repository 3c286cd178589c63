from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.public_words import provide
        from intake.desk_words import DeskWords

        provide(DeskWords())
