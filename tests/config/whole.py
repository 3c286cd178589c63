"""The languages in which every journey can be gone through: all are held to the same tests."""

from django.conf import settings

from intake.languages import ONLY_THESE

WHOLE = tuple(code for code, _ in settings.LANGUAGES if code not in {settings.LANGUAGE_CODE, *ONLY_THESE})
