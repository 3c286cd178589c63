"""What the front door reads: the site, the rules in force, help lines, guides and texts to callers."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache
from uuid import UUID

import structlog
from django.conf import settings
from django.db import Error as DatabaseFailure
from django.db import connection
from django.db.models import Case, Prefetch, Q, QuerySet, When
from django.utils.timezone import localdate

from crm.models import Site
from crm.selectors.open_leads import goes_on_as
from intake.draft_keys import hash_of
from intake.enums import GuideSubject, Voice
from intake.lines import lines_to_show, shipped_lines
from intake.models import (
    CallerMessage,
    Draft,
    Enquiry,
    Guide,
    GuideApproval,
    HelpLine,
    HelpLineCheck,
    RuleSet,
)
from intake.models.content import ReviewState
from intake.models.ruleset import RuleSetState
from intake.remembered import remembered
from intake.tokens import GOOD_FOR, enquiry_id_of
from intake.triage.engine import CompiledRuleSet
from intake.triage.messages import CallerText, texts_for
from intake.triage.rules import compile_rule_set, read_rule_set, shipped_rules
from intake.wording import Words, fill, words_for
from jobs.clock import database_now

log = structlog.get_logger(__name__)

STRANDED_AFTER = timedelta(seconds=60)  # as for a lead that is not placed

PUBLISHED = "SELECT id FROM intake_ruleset WHERE state = %s"
APPROVED = """
    SELECT key, version, text FROM intake_callermessage
    WHERE state = %s AND voice = %s ORDER BY version
"""


class _Known:
    """What this process read last, for a page that has to stand without a database."""

    phone = ""
    words: Words = {}


@remembered
def default_site() -> Site:
    """Return the site that takes the public forms' enquiries. Raises Site.DoesNotExist before set-up."""
    site = Site.objects.get(is_default=True)
    _Known.phone = site.phone
    return site


def known_phone() -> str:
    """Return the clinic's number without a database: the one that this process read last, or PUBLIC_PHONE."""
    return _Known.phone or settings.PUBLIC_PHONE


def current_rule_set() -> CompiledRuleSet:
    """Return the published rules, or the shipped ones when nothing is published."""
    published = _published_rule_set()
    return _compiled(published) if published else shipped_rules()


@remembered
def _published_rule_set() -> UUID | None:
    with connection.cursor() as cursor:
        cursor.execute(PUBLISHED, [RuleSetState.PUBLISHED])
        row = cursor.fetchone()
    return row[0] if row else None


@lru_cache(maxsize=8)
def _compiled(rule_set_id: UUID) -> CompiledRuleSet:
    """A rule set never changes once it is published, so one compilation a process is enough."""
    rule_set = RuleSet.objects.get(pk=rule_set_id)
    rules = rule_set.rules.values("reason", "condition", "level", "messages", "holds", "rule_id")
    plain = [{("id" if key == "rule_id" else key): value for key, value in rule.items()} for rule in rules]
    return compile_rule_set(
        read_rule_set({"version": rule_set.version, "phrases": rule_set.phrases, "rules": plain})
    )


def caller_texts(keys: tuple[str, ...], voice: Voice) -> list[CallerText]:
    """Return the texts for these keys as they are said here, with the numbers of the place in their slots."""
    return said_here(wordings(keys, voice), local_words())


def wordings(keys: tuple[str, ...], voice: Voice) -> list[CallerText]:
    """Return the texts for these keys: the clinic's approved wording where there is one, else the shipped.

    The shipped words also stand in when the database cannot be asked: a caller is never left without them.
    """
    try:
        approved = _approved_texts(voice)
    except DatabaseFailure as error:
        log.error("caller_texts_unavailable", error=type(error).__name__)
        approved = {}
    return [approved.get(text.key, text) for text in texts_for(keys, voice)]


def said_here(texts: Iterable[CallerText], words: Words) -> list[CallerText]:
    return [replace(text, text=fill(text.text, words)) for text in texts]


@remembered
def _approved_texts(voice: Voice) -> dict[str, CallerText]:
    with connection.cursor() as cursor:
        cursor.execute(APPROVED, [ReviewState.APPROVED, voice])
        found = cursor.fetchall()
    return {key: CallerText(key, voice, str(version), text) for key, version, text in found}


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


def public_guide(slug: str) -> Guide | None:
    """Return the version that the public reads: the approved one, else the newest that shipped.

    What staff have drafted is not public before somebody has approved it.
    """
    return _public_guides().filter(slug=slug).first()


def public_guides() -> list[Guide]:
    """Return the public version of each guide, in the order of the index."""
    newest: dict[str, Guide] = {}
    for guide in _public_guides():
        newest.setdefault(guide.slug, guide)
    return [newest[slug] for slug in GuideSubject.values if slug in newest]


def _public_guides() -> QuerySet[Guide]:
    shipped = Q(state=ReviewState.AWAITING_REVIEW, created_by=None)
    approved_first = Case(When(state=ReviewState.APPROVED, then=0), default=1)
    return Guide.objects.filter(shipped | Q(state=ReviewState.APPROVED)).order_by(approved_first, "-version")


def guide_versions() -> QuerySet[Guide]:
    """Return every version of every guide, newest first, with who wrote and who approved it."""
    return Guide.objects.select_related("created_by", "reviewed_by").order_by("slug", "-version")


def text_versions(key: str, voice: str) -> QuerySet[CallerMessage]:
    """Return every wording of one text in one voice, newest first."""
    found = CallerMessage.objects.filter(key=key, voice=voice).select_related("created_by", "approved_by")
    return found.order_by("-version")


def approvals_of(slug: str) -> QuerySet[GuideApproval]:
    """Return which version of a guide was put before the public when, and by whom, latest first."""
    found = GuideApproval.objects.filter(guide__slug=slug).select_related("guide", "by")
    return found.order_by("-approved_at", "-id")


def enquiry_by_token(token: str, at: datetime) -> Enquiry | None:
    """Return the enquiry of a caller's page, or None for one that is not ours, too old or closed.

    One whose lead was merged comes with the lead that goes on, like one that had joined it.
    """
    enquiry_id = enquiry_id_of(token)
    related = ("site", "adds_to", "lead__caller", "lead__site")
    enquiry = enquiry_id and Enquiry.objects.select_related(*related).filter(pk=enquiry_id).first()
    if not enquiry or at - enquiry.received_at >= GOOD_FOR or _is_closed(enquiry):
        return None
    enquiry.lead = enquiry.lead and goes_on_as(enquiry.lead)
    return None if _is_closed(enquiry) else enquiry


def _is_closed(enquiry: Enquiry) -> bool:
    """Return whether the page was closed after the enquiry had come."""
    closed_at = enquiry.lead.pages_closed_at if enquiry.lead else None
    return closed_at is not None and enquiry.received_at <= closed_at


def said_so_far(enquiry: Enquiry) -> list[Enquiry]:
    """Return the caller's first enquiry and all that they added to it, in order."""
    first = enquiry.adds_to or enquiry
    return [first, *Enquiry.objects.filter(adds_to=first).order_by("received_at", "pk")]


def stranded_enquiries(sites: Iterable[UUID]) -> list[Enquiry]:
    """Return the first 100 enquiries of these sites that are on no lead after a minute, oldest first."""
    late = Enquiry.objects.filter(lead=None, received_at__lt=database_now() - STRANDED_AFTER)
    return list(late.filter(site__in=list(sites)).order_by("received_at")[:100])


def open_draft(key: str, at: datetime) -> Draft | None:
    """Return the unsent answers that a browser's key opens, also just after they were sent."""
    draft = Draft.objects.select_related("sent_as").filter(key_hash=hash_of(key), open_until__gt=at).first()
    return draft if draft and draft.expires_at > at else None
