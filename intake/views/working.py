""" "Is it working?": what the auditor found, the outside heartbeat, and a day of enquiries of our own."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render

from crm.alarm_words import ShownAlarm, shown_alarms
from crm.enums import AlarmKind
from crm.permissions import MANAGERS, DeskRequest, desk_view, time_of
from crm.selectors.red_screen import WrongNow, wrong_now
from intake.readiness_words import troubles
from intake.selectors import working
from intake.selectors.readiness import check_parts


@desk_view(roles=MANAGERS, technicians=True)
def is_it_working(request: DeskRequest) -> HttpResponse:
    """Show it to managers, and to whoever looks after the machine."""
    at = time_of(request)
    verdict, wrong = working.verdict(at), wrong_now(list(request.roles), at)
    context = {
        "at": at,
        "verdict": verdict,
        "alarms": _besides(verdict, wrong, at),
        "red": wrong.red,
        "troubles": list(troubles(check_parts(at), wrong.alarms, has_audit_failed=bool(verdict.found))),
        "heartbeat": working.heartbeat(),
        "flights": working.flights(at),
        "failed": working.failed_audits(at),
    }
    return render(request, "intake/working.html", context)


def _besides(verdict: working.Verdict, wrong: WrongNow, at: datetime) -> list[ShownAlarm]:
    """Return the alarms that go on; not the auditor's own beside what it has just found."""
    said = {AlarmKind.AUDIT_FAILED} if verdict.found else set()
    return shown_alarms([each for each in wrong.alarms if each.kind not in said], at)
