"""Leads that may be the same episode as another, and those that were merged into it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from crm.enums import CallerRole, Queue
from crm.models import Lead, LeadMerge, NotDuplicate, Person
from crm.models.lead import OPEN
from crm.same_person import what_they_share
from vault.tokens import email_search, name_search, name_words, phone_search

MOST = 5


@dataclass(frozen=True, slots=True)
class Suggestion:
    """An open lead of the same site, and in words what it has in common."""

    lead: Lead
    why: str


@dataclass(frozen=True, slots=True)
class Merged:
    lead: Lead
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Duplicates:
    suggested: list[Suggestion]
    merged: list[Merged]


def duplicates_of(lead: Lead) -> Duplicates:
    """Return what a lead's page says of duplicates: at most five suggestions, and all that were merged."""
    return Duplicates(suggested=_suggested(lead) if lead.is_open else [], merged=_merged(lead))


def what_leads_share(lead: Lead, other: Lead) -> str:
    """Return in words what two leads have in common; empty when it is nothing that we know of."""
    shared = [words for one in _people(lead) for its in _people(other) for words in what_they_share(one, its)]
    return " and ".join(dict.fromkeys(shared))


def _suggested(lead: Lead) -> list[Suggestion]:
    if lead.queue == Queue.REVIEW:
        return []
    found = [Suggestion(other, what_leads_share(lead, other)) for other in _candidates(lead)]
    return [suggestion for suggestion in found if suggestion.why][:MOST]


def _candidates(lead: Lead) -> Iterable[Lead]:
    """Return open leads of the site with a token in common that nobody has said apart, newest first."""
    wanted = _tokens_in_common(_people(lead))
    if not wanted:
        return []
    people = list(Person.objects.filter(wanted).values_list("pk", flat=True)[: 20 * MOST])
    asks_for_many = Q(caller_role=CallerRole.PROFESSIONAL)
    theirs = Q(patient__in=people) | Q(caller__in=people) & ~asks_for_many
    open_leads = Lead.objects.filter(OPEN, theirs, site=lead.site_id).exclude(queue=Queue.REVIEW)
    others = open_leads.exclude(pk=lead.pk).exclude(Exists(_said_apart(lead)))
    return others.select_related("caller", "patient", "owner").order_by("-received_at", "-id")[: 2 * MOST]


def _people(lead: Lead) -> list[Person]:
    """Return who tells a lead from another: a professional writes about many, so only the patient does."""
    professional = lead.caller_role == CallerRole.PROFESSIONAL
    people = {lead.patient_id: lead.patient} | ({} if professional else {lead.caller_id: lead.caller})
    return list(people.values())


def _tokens_in_common(people: list[Person]) -> Q | None:
    """Return the condition of sharing a number, an address, or every word of a name of two words."""
    conditions = [condition for person in people for condition in _conditions(person)]
    wanted = Q()
    for condition in conditions:
        wanted |= condition
    return wanted if conditions else None


def _conditions(person: Person) -> list[Q]:
    contact = phone_search(person.phone_e164 or person.phone) + email_search(person.email)
    found = [Q(search_tokens__overlap=contact)] if contact else []
    if len(name_words(person.name)) > 1:
        every_word = Q()
        for tokens in name_search(person.name):
            every_word &= Q(search_tokens__overlap=tokens)
        found.append(every_word)
    return found


def _said_apart(lead: Lead) -> QuerySet[NotDuplicate]:
    this, other = Q(first=lead.pk, second=OuterRef("pk")), Q(first=OuterRef("pk"), second=lead.pk)
    return NotDuplicate.objects.filter(this | other)


def _merged(lead: Lead) -> list[Merged]:
    merges = LeadMerge.objects.filter(survivor=lead, undone_at=None).select_related(
        "duplicate__caller", "duplicate__patient", "by"
    )
    return [
        Merged(merge.duplicate, str(merge.by), merge.merged_at) for merge in merges.order_by("-merged_at")
    ]
