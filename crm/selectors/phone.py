"""Calls and texts as the desk reads them."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, Q, QuerySet, When
from django.db.models.functions import Now

from crm.enums import CallDirection, CallState
from crm.models import Lead, Person, PhoneCall, PhoneText, Site
from crm.models.lead import OPEN
from crm.selectors.open_leads import goes_on_as
from crm.selectors.prepared import IsAnyOf, Moment, Sites
from crm.telephony.numbers import number_search

NO_END_REPORTED = timedelta(minutes=5)  # nobody lets it ring for longer: its end was lost on the way
POPS_FOR_RINGING = timedelta(minutes=2)
POPS_FOR_TALKING = timedelta(minutes=30)
MOST_POPS = 5
MOST_LISTED = 200
CAP = 100


@dataclass(frozen=True, slots=True)
class MissedCaller:
    """The missed calls of one number, the latest first. Withheld numbers are each a caller of their own."""

    latest: PhoneCall
    calls: list[PhoneCall]

    @property
    def may_ring_back(self) -> bool:
        """Return whether there is a number, and nobody whose number it is said that calls are not safe."""
        lead = self.latest.lead
        return bool(self.latest.number) and (lead is None or _may_be_rung(lead, self.latest))


def open_calls(sites: Sites, at: Moment) -> QuerySet[PhoneCall]:
    """Return incoming calls that nobody answered and nobody has settled, the latest first."""
    missed = Q(state=CallState.MISSED) | Q(state=CallState.RINGING, started_at__lt=at - NO_END_REPORTED)
    here = IsAnyOf("site", sites)
    calls = PhoneCall.objects.filter(here, missed, direction=CallDirection.IN, settled_at=None)
    return calls.order_by("-started_at", "-id")


def open_texts(sites: Sites) -> QuerySet[PhoneText]:
    """Return texts that nobody has read, the latest first."""
    return PhoneText.objects.filter(IsAnyOf("site", sites), settled_at=None).order_by("-received_at", "-id")


def missed_callers(sites: Collection[UUID], at: datetime) -> list[MissedCaller]:
    """Return who rang in vain: the one who has waited longest comes first."""
    rows = open_calls(sites, at).select_related("lead__caller", "lead__patient", "site", "line")
    groups: dict[object, list[PhoneCall]] = {}
    for call in rows[:MOST_LISTED]:
        groups.setdefault((call.site_id, call.number or call.pk), []).append(call)
    callers = [MissedCaller(calls[0], calls) for calls in groups.values()]
    return sorted(callers, key=lambda caller: caller.calls[-1].started_at)


def live_calls(sites: Sites, at: Moment) -> QuerySet[PhoneCall]:
    """Return incoming calls that ring, or are being talked on, now."""
    rings = Q(state=CallState.RINGING, started_at__gt=at - POPS_FOR_RINGING)
    talks = Q(state=CallState.CONNECTED, started_at__gt=at - POPS_FOR_TALKING)
    here = IsAnyOf("site", sites)
    calls = PhoneCall.objects.filter(here, rings | talks, direction=CallDirection.IN, ended_at=None)
    return calls.select_related("lead__caller", "line").order_by("-started_at", "-id")


def phone_work(sites: Collection[UUID]) -> int:
    """Return how many missed calls and unread texts wait by now, counted to CAP, in one query."""
    calls = open_calls(sites, Now()).order_by().values("id")[:CAP]
    texts = open_texts(sites).order_by().values("id")[:CAP]
    return min(CAP, calls.union(texts, all=True).count())


def lead_of_number(site: Site, number: str) -> Lead | None:
    """Return the site's lead of somebody with this number: an open one before others, then the newest.

    One that was merged is the lead that it went into.
    """
    if not number:
        return None
    people = Person.objects.filter(search_tokens__overlap=number_search(number)).values("pk")
    leads = Lead.objects.filter(Q(caller__in=people) | Q(patient__in=people), site=site)
    open_first = Case(When(OPEN, then=0), default=1)
    found = leads.order_by(open_first, "-received_at", "-id").first()
    return goes_on_as(found) if found else None


def _may_be_rung(lead: Lead, call: PhoneCall) -> bool:
    tokens = set(number_search(call.number))
    people = [each for each in (lead.caller, lead.patient) if tokens.intersection(each.search_tokens)]
    return all(person.may_call and person.may_be_contacted for person in people)
