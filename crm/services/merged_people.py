"""The people of two merged leads: what one said of safe contact holds for the other, until they are parted.

Only people who share a number, an address or a whole name are brought up to date: a son's number never
becomes his mother's.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db.models import Q

from crm.enums import EventKind
from crm.models import Lead, LeadEvent, LeadMerge, Person
from crm.safe_times import slots_said
from crm.same_person import what_they_share
from crm.services.own_ways import WAYS
from crm.services.people import PersonDetails, update_from_repeat_enquiry

SAID = tuple(field.name for field in fields(PersonDetails))
KEPT = (*SAID, "search_tokens", "stopped_at")
SAYS_WAYS = Q(kind__in=[EventKind.REPEAT_ENQUIRY, EventKind.ANSWERED_MORE, EventKind.WAYS_CHANGED]) | Q(
    kind=EventKind.NOTE_ADDED, data__has_key="rules_of"
)
Changes = dict[str, dict[str, list[Any]]]


def bring_up_to_date(survivor: Lead, duplicate: Lead) -> Changes:
    """Update the survivor's people from the duplicate's, as a repeat enquiry does; return what changed."""
    changes: Changes = {}
    for person in {duplicate.caller_id: duplicate.caller, duplicate.patient_id: duplicate.patient}.values():
        counterpart = _counterpart(person, survivor)
        if counterpart and counterpart.pk != person.pk:
            earlier = changes.get(str(counterpart.pk), {})
            changes[str(counterpart.pk)] = _both(earlier, _update(counterpart, person))
    return changes


def put_people_back(merge: LeadMerge, duplicate: Lead, survivor: Lead) -> None:
    """Take back what the merge changed and nobody has changed since; keep a wish to be left alone on both.

    What somebody has said since of how they may be reached holds, also where it is what the merge had made
    of it: then nothing gets safer.
    """
    _keep_stopped(duplicate, survivor)
    changes, said_again = merge.people, _said_since(merge)
    for person in Person.objects.select_for_update().filter(pk__in=changes).order_by("pk"):
        for name, (before, after) in changes[str(person.pk)].items():
            if _plain(getattr(person, name)) == after and name not in said_again:
                setattr(person, name, _read(name, before))
        person.safe_slots = slots_said(person.safe_times, person.contact_note)
        person.save()


def who_asked_to_stop(lead: Lead) -> list[Person]:
    """Return those of a lead's people who asked us to stop, as they are now."""
    people = Person.objects.filter(pk__in=[lead.caller_id, lead.patient_id], stopped_at__isnull=False)
    return list(people.order_by("pk"))


def hold_to_what_others_said(survivor: Lead) -> None:
    """After one lead was parted, keep what the leads that are still merged said was not safe."""
    merges = LeadMerge.objects.filter(survivor=survivor, undone_at=None).order_by("merged_at", "id")
    for merge in merges.select_related("duplicate__caller", "duplicate__patient"):
        people = {person.pk: person for person in (merge.duplicate.caller, merge.duplicate.patient)}
        for person in people.values():
            if counterpart := _counterpart(person, survivor):
                known = merge.people.get(str(counterpart.pk), {})
                merge.people[str(counterpart.pk)] = _both(known, _restrict(counterpart, person))
        merge.save(update_fields=["people"])


def _counterpart(person: Person, lead: Lead) -> Person | None:
    """Return the person of the lead who is the same human, the caller first."""
    return next((each for each in (lead.caller, lead.patient) if what_they_share(person, each)), None)


def _update(counterpart: Person, person: Person) -> dict[str, list[Any]]:
    fresh = Person.objects.select_for_update().get(pk=counterpart.pk)
    before = {name: _plain(getattr(fresh, name)) for name in KEPT}
    details = PersonDetails(**{name: getattr(person, name) for name in SAID})
    if person.stopped_at and not fresh.stopped_at:
        fresh.stopped_at = person.stopped_at
    update_from_repeat_enquiry(person=fresh, details=details)
    after = {name: _plain(getattr(fresh, name)) for name in KEPT}
    return {name: [before[name], after[name]] for name in KEPT if before[name] != after[name]}


def _restrict(counterpart: Person, person: Person) -> dict[str, list[Any]]:
    """Set what the other record forbids; return what changed."""
    fresh = Person.objects.select_for_update().get(pk=counterpart.pk)
    changes: dict[str, list[Any]] = {
        way: [True, False]
        for way, address in WAYS.items()
        if getattr(fresh, way) and getattr(person, address) and not getattr(person, way)
    }
    if person.no_contact and not fresh.no_contact:
        changes["no_contact"] = [False, True]
    for name, (_, after) in changes.items():
        setattr(fresh, name, after)
    if changes:
        fresh.save(update_fields=list(changes))
    return changes


def _both(earlier: dict[str, list[Any]], later: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Return two changes of one person as one: from before the first to after the second."""
    merged = dict(earlier)
    for name, (before, after) in later.items():
        merged[name] = [earlier[name][0] if name in earlier else before, after]
    return merged


def _said_since(merge: LeadMerge) -> set[str]:
    """Return of which fields somebody has said since the merge what they are to be."""
    events = LeadEvent.objects.filter(lead=merge.survivor_id, occurred_at__gte=merge.merged_at)
    fields: set[str] = set()
    if events.filter(SAYS_WAYS).exists():
        fields |= {*WAYS, "no_contact"}
    if events.filter(kind=EventKind.ASKED_TO_STOP).exists():
        fields.add("stopped_at")
    return fields


def _keep_stopped(duplicate: Lead, survivor: Lead) -> None:
    """Whoever asked to be left alone while the leads were one asked it of both."""
    stopped = Person.objects.values_list("stopped_at", flat=True).get(pk=survivor.caller_id)
    if stopped:
        Person.objects.filter(pk=duplicate.caller_id, stopped_at=None).update(stopped_at=stopped)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _read(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name == "stopped_at" and value else value
