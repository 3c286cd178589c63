"""An alert about a lead that needs nobody any more is not sent, whoever queued it and however late it is."""

from uuid import uuid4

import pytest

from crm.enums import Queue, Stage
from crm.models import Lead, Site
from jobs.clock import database_now
from notifications.enums import MessageKind, MessageState, Why
from notifications.models import Message
from notifications.services.outbox import queue_message
from tests.factories import LeadFactory
from tests.notifications.conftest import ALERT_CONTEXT
from tests.notifications.work import try_once

pytestmark = pytest.mark.django_db


def alert(lead: Lead, kind: MessageKind = MessageKind.URGENT_LEAD_ALERT) -> Message:
    return queue_message(
        kind=kind,
        to="robin.sample@example.org",
        context=ALERT_CONTEXT,
        dedupe_key=str(uuid4()),
        about=lead.pk,
        at=database_now(),
    )


def close(lead: Lead) -> None:
    Lead.objects.filter(pk=lead.pk).update(
        stage=Stage.CLOSED, closed_at=database_now(), disposition="NOT_REACHED"
    )


def test_an_open_lead_is_alerted_about(site: Site) -> None:
    assert try_once(alert(LeadFactory(site=site, queue=Queue.URGENT))).state == MessageState.SENT


@pytest.mark.parametrize("kind", [MessageKind.URGENT_LEAD_ALERT, MessageKind.CALLER_IS_WORSE])
def test_a_closed_one_is_not(site: Site, kind: MessageKind) -> None:
    lead = LeadFactory(site=site, queue=Queue.URGENT)
    message = alert(lead, kind)
    close(lead)
    assert (try_once(message).state, message.why) == (MessageState.CANCELLED, Why.LEAD_OVER)


@pytest.mark.parametrize(
    ("queue", "why"), [(Queue.PREBOOKED, Why.LEAD_ROUTED), (Queue.URGENT, ""), (Queue.UNROUTED, "")]
)
def test_a_lead_that_was_routed_meanwhile_needs_routing_no_more_unless_it_is_urgent(
    site: Site, queue: Queue, why: str
) -> None:
    lead = LeadFactory(site=site, queue=Queue.UNROUTED)
    message = alert(lead, MessageKind.LEAD_NOT_ROUTED)
    Lead.objects.filter(pk=lead.pk).update(queue=queue)
    assert try_once(message).why == why
