"""What a benchmark fills the tables with is what the product would have left there."""

import pytest

from bench.outbox import _took, fill
from intake.services.audit import log
from jobs.clock import database_now
from jobs.models import OPEN, Job
from notifications.enums import MessageKind, MessageState
from notifications.models import Delivery, Escalation, Message
from notifications.selectors import escalations_due
from notifications.services.outbox import queue_message

pytestmark = pytest.mark.django_db(transaction=True)


def lend_an_address() -> None:
    queue_message(
        kind=MessageKind.TEST,
        to="robin.sample@example.org",
        context={},
        dedupe_key="the one that lends its sealed address",
        about=None,
        at=database_now(),
    )


def test_rows_are_added_to_every_table_and_nothing_is_left_to_do_about_them() -> None:
    lend_an_address()
    fill(1, 10)
    fill(11, 30)
    sent = Message.objects.filter(state=MessageState.SENT)
    assert (sent.count(), Delivery.objects.count(), Escalation.objects.count()) == (30, 30, 30)
    assert {message.to for message in sent} == {"robin.sample@example.org"}
    assert set(Job.objects.exclude(OPEN).values_list("subject", flat=True)) == {each.pk for each in sent}
    assert Job.objects.filter(OPEN).count() == 1
    assert not escalations_due(at=database_now()).exists()


def test_a_sweep_that_is_timed_says_nothing_and_leaves_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def sweep() -> None:
        log.error("audit_failed", checks=["FILLED_IN"])
        Escalation.objects.update(level="E1")

    lend_an_address()
    fill(1, 1)
    log.error("audit_failed", checks=["BEFORE"])
    assert _took(sweep, times=2) > 0
    log.error("audit_failed", checks=["AFTER"])
    said = " ".join(record.getMessage() for record in caplog.records)
    assert [word for word in ("BEFORE", "FILLED_IN", "AFTER") if word in said] == ["BEFORE", "AFTER"]
    assert Escalation.objects.get().level != "E1"
