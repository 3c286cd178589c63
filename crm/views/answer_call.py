"""What is said to whoever presses a key in the call of an alert."""

from datetime import datetime

from django.conf import settings
from django.http import HttpRequest

from crm.ack_tokens import bearer_of
from crm.alert_words import context_of, of_repeat
from crm.answered import who_has_it
from crm.selectors.acknowledging import Told, told
from crm.selectors.alert_history import told_before
from crm.selectors.lapses import lapses
from crm.services.acknowledging import Answer, acknowledge_as_told, answer_of
from crm.views.keys import key_pressed
from jobs.clock import database_now
from notifications.channels.spoken import (
    KEY,
    Script,
    again_in_words,
    say_again,
    say_and_hang_up,
    spell,
    times_said,
)
from notifications.enums import Acknowledgement

OVER = "This call has run out. Please open the desk."


@key_pressed
def answer_call(request: HttpRequest, token: str) -> str:
    """Take the key that was pressed: 1 says that one has the alert, anything else is said again."""
    at, bearer = database_now(), bearer_of(token, Acknowledgement.VOICE)
    alert = told(bearer, at) if bearer else None
    return _answer(request, alert, at) if alert else say_and_hang_up(OVER)


def _answer(request: HttpRequest, alert: Told, at: datetime) -> str:
    if request.POST.get("Digits") == KEY:
        how = Acknowledgement.VOICE
        answer = acknowledge_as_told(escalation=alert.escalation, by=alert.user, how=how, at=at)
        said = _said(alert, answer, at)
        return say_and_hang_up(f"Thank you. {said}" if answer.first else said)
    if not alert.is_open:
        return say_and_hang_up(_said(alert, answer_of(alert.escalation), at))
    there = f"{settings.BASE_URL}{request.path}"
    about = context_of(alert.lead)
    again = again_in_words(_repeat(alert, at))
    script = Script(about["level"], about["reference"], there, again=again)
    return say_again(script, after=times_said(request.GET))


def _repeat(alert: Told, at: datetime) -> dict[str, str]:
    told_by_now = told_before([alert.lead.pk]).get(alert.lead.pk)
    if told_by_now is None:
        return {}
    since = min(told_by_now.since, alert.escalation.started_at)
    lapse = lapses([alert.lead.pk]).get(alert.lead.pk)
    answered_at = lapse.answered_at if lapse else None
    return of_repeat(alert.lead, nth=told_by_now.times, since=since, at=at, answered_at=answered_at)


def _said(alert: Told, answer: Answer, at: datetime) -> str:
    return who_has_it(alert, answer, at, spoken_as=spell(alert.lead.reference))
