"""Whoever has a number or an address, locked with their leads: before a wish of theirs is written down."""

from collections.abc import Sequence

from django.db.models import F, Q, QuerySet

from crm.models import Lead, Person
from crm.selectors.open_leads import goes_on_as


def lock_people_found_by(tokens: Sequence[int]) -> list[Person]:
    """Return whoever has one of these search tokens, locked with their leads and what those went into.

    The leads come first and in the order of everywhere, those that went into others before those others: so
    no wish waits for ever for another's locks.
    """
    people = Person.objects.filter(search_tokens__overlap=tokens)
    leads = Lead.objects.filter(Q(caller__in=people) | Q(patient__in=people))
    every = {pk for lead in leads for pk in (lead.pk, goes_on_as(lead).pk)}
    in_order = Lead.objects.filter(pk__in=every).order_by(F("merged_into").asc(nulls_last=True), "pk")
    list(in_order.select_for_update().values_list("pk"))
    return list(people.order_by("pk").select_for_update())


def leads_of(person: Person) -> QuerySet[Lead]:
    """Return the leads of which somebody is the caller or the patient."""
    return Lead.objects.filter(Q(caller=person) | Q(patient=person)).order_by("pk")
