"""Help lines, and the words by which texts name them."""

from dataclasses import dataclass
from datetime import datetime

import structlog
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db.models import Prefetch, QuerySet
from django.utils.timezone import localdate

from crm.models import Site
from intake.lines import lines_to_show, shipped_lines
from intake.models import HelpLine, HelpLineCheck
from intake.remembered import remembered
from intake.selectors.site import default_site
from intake.wording import Words, words_for

log = structlog.get_logger(__name__)


class _Known:
    """What this process read last, for a page that has to stand without a database."""

    words: Words = {}


def help_lines(site: Site) -> QuerySet[HelpLine]:
    """Return the help lines of the site's country and nation, in the order in which they are shown."""
    return HelpLine.objects.filter(locale=site.locale, nation__in=["", site.nation])


@dataclass(frozen=True, slots=True)
class StaffLines:
    """The help lines as a manager goes through them: those of our place by what they need, then the rest."""

    to_confirm: list[HelpLine]
    overdue: list[HelpLine]
    in_date: list[HelpLine]
    elsewhere: list[HelpLine]


def lines_for_staff(site: Site, *, at: datetime) -> StaffLines:
    """Return every help line, each with its checks, the latest first."""
    checks = HelpLineCheck.objects.select_related("by").order_by("-checked_at")
    lines = list(HelpLine.objects.prefetch_related(Prefetch("checks", queryset=checks)))
    ours = [line for line in lines if line.locale == site.locale and line.nation in ("", site.nation)]
    confirmed = [line for line in ours if line.is_confirmed]
    overdue = [
        line for line in confirmed if not line.next_check_date or line.next_check_date <= localdate(at)
    ]
    return StaffLines(
        to_confirm=[line for line in ours if not line.is_confirmed],
        overdue=overdue,
        in_date=[line for line in confirmed if line not in overdue],
        elsewhere=[line for line in lines if line not in ours],
    )


def local_words() -> Words:
    """Return how a text names the help lines of the public site."""
    try:
        _Known.words = _read_words()
    except (DatabaseFailure, Site.DoesNotExist) as error:
        log.warning("phrases_without_database", error=type(error).__name__)
    return known_words()


@remembered
def _read_words() -> Words:
    site = default_site()
    return words_for(lines_to_show(help_lines(site), site.locale), site.locale)


def known_words() -> Words:
    """Return the phrases without asking the database: those read last, or the shipped ones."""
    return _Known.words or words_for(shipped_lines(), settings.PHONENUMBER_DEFAULT_REGION)
