"""The state of an alert that goes on until somebody answers. Who is told, and when, others decide.

The first who acknowledges an alert ends it; whatever was not sent yet is not sent any more.
"""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from notifications.enums import Acknowledgement, EscalationEnd, MessageState, Why
from notifications.models import Escalation, Message


@transaction.atomic
def acknowledge_escalation(*, escalation: UUID, by: UUID, how: Acknowledgement, at: datetime) -> bool:
    """Note who has it; return False when it is over, because somebody was quicker or otherwise."""
    said = {"acknowledged_at": at, "acknowledged_by": by, "how": how}
    return _end(escalation, EscalationEnd.ACKNOWLEDGED, at, **said)


@transaction.atomic
def end_escalation(*, escalation: UUID, why: EscalationEnd, at: datetime) -> bool:
    """Tell nobody any more, although nobody has answered; return False when it is over already."""
    return _end(escalation, why, at)


def _end(escalation: UUID, why: EscalationEnd, at: datetime, **said: object) -> bool:
    running = Escalation.objects.filter(pk=escalation, ended_at=None)
    if not running.update(ended_at=at, ended_why=why, **said):
        return False
    unsent = Message.objects.filter(escalation=escalation, state=MessageState.QUEUED)
    because = Why.ANSWERED if why == EscalationEnd.ACKNOWLEDGED else Why.NOT_TRUE
    unsent.update(state=MessageState.CANCELLED, why=because, held_until=None)
    return True
