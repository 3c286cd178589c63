"""The messages of the alerts about fictional leads: most arrived, some needed a second try or another way."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from django.urls import reverse

from crm.alert_steps import Plan
from crm.enums import EventKind, Queue
from crm.models import User
from intake.demo.alerts import AlertRows, past_alerts, steps_told
from intake.demo.ids import id_at
from intake.demo.journeys import Team
from intake.demo.path import Path
from notifications.enums import ChannelName, DeliveryOutcome, MessageKind, MessageState
from notifications.models import Delivery, Escalation, Message

SECOND = timedelta(seconds=1)
NUMBER = "+447700900800"  # of those that Ofcom keeps for drama
BY_STEP = (
    (ChannelName.SMS, ChannelName.EMAIL, ChannelName.PUSH),
    (ChannelName.VOICE, ChannelName.EMAIL),
    (ChannelName.VOICE, ChannelName.SMS),
)
# Of each channel, how often a try fails, and what is then said of it.
FAILS: dict[ChannelName, tuple[float, tuple[str, ...]]] = {
    ChannelName.EMAIL: (0.03, ("SMTP 451", "TimeoutError")),
    ChannelName.SMS: (0.07, ("TimeoutError", "HTTP 503", "Twilio 30003")),
    ChannelName.VOICE: (0.05, ("HTTP 429", "TimeoutError")),
    ChannelName.PUSH: (0.11, ("HTTP 410", "TimeoutError", "HTTP 503")),
}
ARRIVES = {ChannelName.SMS: 0.95, ChannelName.VOICE: 0.78, ChannelName.EMAIL: 0.6, ChannelName.PUSH: 0}
FAILS_AGAIN = 0.45


def alert_rows(path: Path, team: Team, rng: Random) -> AlertRows:
    """Return the alerts about a lead, their messages and the tries at them; nothing for one without any."""
    found = AlertRows()
    for alert, plan in past_alerts(path, team, rng):
        found.escalations.append(alert)
        _Sending(found, path, alert, rng).tell(team, plan)
    return found


def _step(number: int, told: list[tuple[ChannelName, User]]) -> dict[str, Any]:
    """Return what crm.services.telling notes of a step."""
    people = {channel: [str(user.pk)] for channel, user in told}
    said = {"step": number + 1, "round": 0, "people": len(told), "told": people}
    return said | {"others": 0, "only_away": False}


class _Sending:
    """The messages of one alert, one after the other."""

    def __init__(self, rows: AlertRows, path: Path, alert: Escalation, rng: Random) -> None:
        self.rows, self.path, self.lead, self.alert, self.rng = rows, path, path.lead, alert, rng

    def tell(self, team: Team, plan: Plan) -> None:
        """Tell the coordinators first, and from the second step on the clinician, too."""
        for number, at in steps_told(self.alert, plan):
            people = (*team.coordinators, team.clinician) if number else team.coordinators
            told = list(zip(BY_STEP[number], people, strict=False))
            self.path.note(EventKind.ALERT_STEP, at, data=_step(number, told))
            for channel, user in told:
                self._send(channel, user, at + self.rng.random() * 2 * SECOND)

    def _send(self, channel: ChannelName, user: User, at: datetime) -> None:
        often, reasons = FAILS[channel]
        message = self._message(channel, user, at)
        if self.rng.random() < often:
            reason = self.rng.choice(reasons)
            self._failed(message, at, reason)
            if self.rng.random() < FAILS_AGAIN and channel != ChannelName.EMAIL:
                self._failed(message, at + 4 * SECOND, reason)
                self._another_way(message, user, at + 5 * SECOND)
                return
            at += 5 * SECOND
        self._went_out(message, at + SECOND)

    def _another_way(self, message: Message, user: User, at: datetime) -> None:
        message.state = MessageState.REPLACED
        instead = self._message(ChannelName.EMAIL, user, at, instead_of=message)
        self._went_out(instead, at + SECOND)

    def _message(self, channel: ChannelName, user: User, at: datetime, **more: Any) -> Message:
        number = len(self.rows.messages)
        message = Message(
            id=id_at(at, self.rng, number),
            kind=MessageKind.URGENT_LEAD_ALERT,
            channel=channel,
            to=NUMBER if channel in (ChannelName.SMS, ChannelName.VOICE) else user.email,
            context=self._context(),
            about=self.lead.pk,
            escalation=self.alert,
            dedupe_key=f"demo:{self.lead.pk}:{number}",
            created_at=at,
            **more,
        )
        self.rows.messages.append(message)
        return message

    def _context(self) -> dict[str, str]:
        lead, level = self.lead, self.alert.level
        link = reverse("crm:lead", args=[lead.reference])
        queue = str(Queue(lead.queue).label)
        return {"reference": lead.reference, "level": level, "queue": queue, "link": link}

    def _failed(self, message: Message, at: datetime, reason: str) -> None:
        is_final = reason in {"HTTP 410", "Twilio 30003"}
        outcome = DeliveryOutcome.PERMANENT_ERROR if is_final else DeliveryOutcome.TRANSIENT_ERROR
        self._try(message, at, outcome, reason)

    def _went_out(self, message: Message, at: datetime) -> None:
        message.state, message.sent_at = MessageState.SENT, at
        arrived = self.rng.random() < ARRIVES[ChannelName(message.channel)]
        message.delivered_at = at + 3 * SECOND if arrived else None
        is_lost = not arrived and message.channel in (ChannelName.SMS, ChannelName.VOICE)
        known = DeliveryOutcome.DELIVERED if arrived else DeliveryOutcome.ACCEPTED
        self._try(message, at, DeliveryOutcome.UNDELIVERED if is_lost else known)

    def _try(self, message: Message, at: datetime, outcome: str, reason: str = "") -> None:
        message.tries += 1
        self.rows.tries.append(
            Delivery(
                id=id_at(at, self.rng, len(self.rows.tries)),
                message=message,
                started_at=at,
                finished_at=at + SECOND,
                outcome=outcome,
                reason=reason,
            )
        )
