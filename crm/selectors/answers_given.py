"""Somebody has said "I have it", and has neither taken the lead nor tried to reach anybody yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce, JSONObject, NullIf

from crm.enums import Queue
from crm.leases import is_held
from crm.models import ContactAttempt, Lead, User
from notifications.catalogue import MessageKind
from notifications.enums import Acknowledgement
from notifications.models import Escalation

BY_WORK = frozenset({Acknowledgement.CLAIM, Acknowledgement.CONTACT})  # these have clocks of their own
YOU_SAID = "You said you have it: take it and call."
ALERTED = frozenset({Queue.URGENT, Queue.UNROUTED})


def latest_answer() -> Subquery:
    """Return what `answered_in_words` has to know of a lead, to be read with it: no query of its own."""
    latest = Escalation.objects.filter(about=OuterRef("pk")).order_by("-started_at", "-id")
    name = Coalesce(NullIf("full_name", Value("")), "email", output_field=CharField())
    who = User.objects.filter(pk=OuterRef("acknowledged_by")).values(name=name)
    since = ContactAttempt.objects.filter(
        lead=OuterRef("about"), attempted_at__gte=OuterRef("acknowledged_at")
    )
    said = JSONObject(
        kind="kind",
        how="how",
        at="acknowledged_at",
        by="acknowledged_by",
        name=Subquery(who),
        tried=Exists(since),
    )
    return Subquery(latest.values(said=said)[:1])


def answer_to_the_latest(lead: Lead) -> Mapping[str, Any] | None:
    """Return the same of one lead that was read already."""
    return Lead.objects.filter(pk=lead.pk).values_list(latest_answer(), flat=True).first()


def answered_in_words(lead: Lead, said: Mapping[str, Any] | None, reader: User | None, at: datetime) -> str:
    """Return who has answered the latest alert, as long as nothing has followed; else nothing.

    Without a `reader` everybody is named.
    """
    if not said or not is_seen_to(lead, said, at):
        return ""
    return YOU_SAID if reader and said["by"] == str(reader.pk) else seeing_to_it(said["name"])


def seeing_to_it(name: str) -> str:
    """Return what everybody reads of whoever has answered, and has neither taken the lead nor called."""
    return f"{name} is seeing to it, and has not called yet. You can still take it."


def is_seen_to(lead: Lead, said: Mapping[str, Any] | None, at: datetime) -> bool:
    """Return whether somebody has answered the latest alert about a lead, and nothing has followed."""
    if not said or not said["at"] or said["how"] in BY_WORK or said["tried"]:
        return False
    return not is_held(lead, at) and needs_somebody(lead, said["kind"])


def needs_somebody(lead: Lead, kind: str) -> bool:
    """Return whether an alert of this kind about a lead still needs a person."""
    return lead.is_open and (lead.queue in ALERTED or kind == MessageKind.CALLER_IS_WORSE)
