"""Times as people read them, in the language of a message."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext, pgettext

from notifications.enums import Language


def moment_in_words(moment: datetime, *, time_zone: str, language: str = Language.ENGLISH) -> str:
    """Return "14:25 on Tuesday 3 March", in the time zone of whoever says it."""
    there = moment.astimezone(ZoneInfo(time_zone))
    with translation.override("en-gb" if language == Language.ENGLISH else language):
        # Translators: letters of Django's date format (E: the month as it stands after a day).
        day = date_format(there, pgettext("date format", "l j F"), use_l10n=False)
        return gettext("%(time)s on %(day)s") % {"time": f"{there:%H:%M}", "day": day}
