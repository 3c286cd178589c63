"""The rows of a queue: everything that a coordinator needs to decide whom to call first."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten
from typing import Any, cast
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from crm.answer_labels import hold_label, label
from crm.contactable import Contactable, contactable
from crm.enums import CallerRole, Level, ReasonCode, RequestKind
from crm.models import CallBack, ContactPlan, Lead, LeadTag, Person, Placement, Site, User
from crm.models.lead import OPEN
from crm.ordering import IN_A_HURRY, Standing, place_in_words
from crm.promises import Promise, aside_in_words, in_words, promise_of
from crm.reasons import Reason, most_urgent_first
from crm.selectors.answers_given import BY_WORK, YOU_SAID, answered_in_words, latest_answer
from crm.selectors.leads import leads_visible_to
from crm.selectors.policies import SHIPPED, Policy, policies_of
from crm.selectors.queues import EVERY, ORDER, Cursor, Tab, is_unplaced_too_long, page_ids
from crm.selectors.requests import is_asked
from notifications.models import Escalation

PAGE_SIZE = 50
ANSWERS_SHOWN_FOR = timedelta(days=1)  # what was answered before is in its queue
LONGEST_SAID = 240  # characters: enough to tell a person from a robot
# What a row shows of what a lead leads to; the rest, encrypted or long, is not worth the time to read.
READ = {
    "caller": {
        *("id", "name", "may_call", "may_voicemail", "may_text", "may_email", "may_post"),
        *("no_contact", "stopped_at", "safe_slots"),
    },
    "patient": {"id", "name"},
    "owner": {"id", "full_name", "email"},
    "site": {"id", "time_zone"},
}
MODELS = {"caller": Person, "patient": Person, "owner": User, "site": Site}
UNREAD = (
    *("destination", "pages_closed_at", "campaign", "landing", "furthest_step", "placed_at", "paused_at"),
    *(
        f"{relation}__{field.name}"
        for relation, read in READ.items()
        for field in MODELS[relation]._meta.concrete_fields
        if field.name not in read
    ),
)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """One lead as the queue shows it. `level` is U1 for a lead that nobody has placed in time."""

    lead: Lead
    level: Level | None
    promise: Promise
    reasons: list[Reason]
    changed_by_person: str
    who: str
    about: str
    substance: str
    owner: str
    is_mine: bool
    is_unplaced: bool
    more_reasons: int
    holds: list[tuple[str, str]]
    lease: str
    wants_sooner: bool
    is_worse: bool
    said: str
    contactable: Contactable
    place: str
    timing: str
    aside: str
    tags: list[str]
    call_at: datetime | None
    call_kind: str
    must_decide: bool
    is_unanswered: bool
    answered: str


@dataclass(frozen=True, slots=True)
class QueuePage:
    """`policies` are those of the user's sites, by which the rows were made."""

    rows: list[QueueRow]
    next_cursor: str
    policies: dict[UUID, Policy]


def queue_page(  # noqa: PLR0913  (a tab, whose, when, where on, how many, narrowed to what)
    *, tab: Tab, user: User, at: datetime, after: Cursor | None, size: int = PAGE_SIZE, only: Q = EVERY
) -> QueuePage:
    """Return one page of a tab in three queries; `next_cursor` is empty on the last page."""
    policies = policies_of(user)
    ids = page_ids(tab, user, at, after=after, size=size + 1, only=only)
    found = _with_reasons(ids[:size], with_words=tab == Tab.REVIEW)
    leads = [found[pk] for pk in ids[:size] if pk in found]
    more = len(ids) > size and bool(leads)
    rows = [_row(lead, user, at, policies.get(lead.site_id, SHIPPED)) for lead in leads]
    return QueuePage(rows, str(Cursor.of(leads[-1])) if more else "", policies)


def rows_of(ids: list[UUID], user: User, at: datetime) -> dict[UUID, QueueRow]:
    """Return rows of these leads as the queues show them, in two queries."""
    policies = policies_of(user)
    found = _with_reasons(ids, with_words=False)
    return {pk: _row(lead, user, at, policies.get(lead.site_id, SHIPPED)) for pk, lead in found.items()}


def answered_rows(user: User, at: datetime) -> list[QueueRow]:
    """Return rows of the leads that somebody said they have, and has neither taken nor called yet."""
    said = Escalation.objects.filter(acknowledged_by=user.pk, acknowledged_at__gt=at - ANSWERS_SHOWN_FOR)
    ids = said.exclude(how__in=BY_WORK).order_by("-acknowledged_at").values_list("about", flat=True)
    theirs = leads_visible_to(user).filter(OPEN, pk__in=list(ids[:PAGE_SIZE])).order_by(*ORDER)
    wanted = list(theirs.values_list("pk", flat=True))
    rows = rows_of(wanted, user, at) if wanted else {}
    return [rows[pk] for pk in wanted if rows[pk].answered == YOU_SAID]


def _with_reasons(ids: list[UUID], *, with_words: bool) -> dict[UUID, Lead]:
    """Return the leads; in review also with their answers, since a verdict is given on what was said."""
    latest = Placement.objects.filter(lead=OuterRef("pk")).order_by("-decided_at", "-id")
    leads: QuerySet[Lead] = Lead.objects.filter(pk__in=ids).select_related(
        "caller", "patient", "owner", "site"
    )
    call_back = CallBack.objects.filter(lead=OuterRef("pk"), settled_at=None)
    leads = leads.defer(*UNREAD).annotate(
        wants_sooner=is_asked(RequestKind.SOONER),
        is_worse=is_asked(RequestKind.WORSE),
        fired=Subquery(latest.values("rules")[:1]),
        tags=ArraySubquery(_tags()),
        changed_for=Subquery(latest.values("reason_code")[:1]),
        call_at=Subquery(call_back.values("due_at")[:1]),
        call_kind=Subquery(call_back.values("kind")[:1]),
        is_unanswered=Exists(Escalation.objects.filter(about=OuterRef("pk"), ended_at=None)),
        answer=latest_answer(),
        must_decide=Exists(ContactPlan.objects.filter(lead=OuterRef("pk"), decide_since__isnull=False)),
    )
    if with_words:
        leads = leads.annotate(answers=Subquery(latest.values("answers")[:1]))
    return {lead.pk: cast("Lead", lead) for lead in leads}


def _tags() -> QuerySet[LeadTag, str]:
    on_lead = LeadTag.objects.filter(lead=OuterRef("pk")).order_by("tagged_at", "pk")
    return on_lead.values_list("tag__name", flat=True)


def _row(lead: Lead, user: User, at: datetime, policy: Policy) -> QueueRow:
    unplaced = is_unplaced_too_long(lead, at)
    lease = lead.lease_until - at if lead.lease_until and lead.lease_until > at else None
    reasons = most_urgent_first(getattr(lead, "fired", None) or [])
    return QueueRow(
        lead=lead,
        level=Level.U1 if unplaced else (Level(lead.level) if lead.level else None),
        promise=promise_of(lead, at, policy.warn_at),
        reasons=reasons[:2],
        more_reasons=len(reasons[2:]),
        changed_by_person=_changed(getattr(lead, "changed_for", None)),
        who=lead.caller.name,
        about=_about(lead),
        substance=label(lead.main_substance) if lead.main_substance else "",
        owner=str(lead.owner) if lease else "",
        is_mine=bool(lease) and lead.owner_id == user.pk,
        is_unplaced=unplaced,
        holds=[(hold, hold_label(hold)) for hold in lead.holds],
        wants_sooner=getattr(lead, "wants_sooner", False),
        is_worse=getattr(lead, "is_worse", False),
        lease=f"for {in_words(lease)} more" if lease else "",
        tags=getattr(lead, "tags", []),
        said=_said(getattr(lead, "answers", None) or {}),
        contactable=contactable(lead.caller, at, lead.site.time_zone),
        place=place_in_words(lead.shift, _standing(lead), policy.weights),
        timing=label(lead.timing) if lead.timing in IN_A_HURRY else "",
        aside=aside_in_words(lead, at),
        call_at=getattr(lead, "call_at", None),
        call_kind=getattr(lead, "call_kind", None) or "",
        must_decide=getattr(lead, "must_decide", False),
        is_unanswered=getattr(lead, "is_unanswered", False),
        answered=answered_in_words(lead, getattr(lead, "answer", None), user, at),
    )


def _standing(lead: Lead) -> Standing:
    return Standing(
        enquiries=lead.enquiry_count,
        tries=lead.attempt_count,
        wants_sooner=getattr(lead, "wants_sooner", False),
        is_worse=getattr(lead, "is_worse", False),
        timing=lead.timing,
    )


def _about(lead: Lead) -> str:
    """Return in words whom the enquiry is about, unless the caller asks for themselves."""
    if lead.caller_id == lead.patient_id:
        return ""
    name = lead.patient.name or "somebody"
    return f"refers {name}" if lead.caller_role == CallerRole.PROFESSIONAL else f"about {name}"


def _said(answers: Mapping[str, Any]) -> str:
    """Return the beginning of the caller's own words."""
    return shorten(str(answers.get("free_text") or ""), LONGEST_SAID, placeholder=" …")


def _changed(reason_code: str | None) -> str:
    return ReasonCode(reason_code).label if reason_code else ""
