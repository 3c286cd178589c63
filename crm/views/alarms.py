"""What is wrong with the desk as a whole, what to do about it, and what was wrong before. For managers."""

from django.http import HttpResponse
from django.shortcuts import render

from crm.alarm_words import past_alarm, shown_alarms
from crm.permissions import MANAGERS, DeskRequest, desk_view, time_of
from crm.selectors.alarms import late_alerts, past_alarms
from crm.selectors.red_screen import standing_alarms

MOST_SHOWN = 100


@desk_view("GET", roles=MANAGERS)
def alarms(request: DeskRequest) -> HttpResponse:
    """List the alarms of the sites that the reader manages, and of everywhere."""
    managed = [site for site, role in request.roles.items() if role in MANAGERS]
    at = time_of(request)
    over = list(past_alarms(managed)[: MOST_SHOWN + 1])
    late = late_alerts(managed, min((each.since for each in over), default=at))
    past = [past_alarm(each, each.ended_at, late) for each in over[:MOST_SHOWN] if each.ended_at]
    context = {
        "going_on": shown_alarms(standing_alarms(managed, at), at),
        "past": past,
        "has_more": len(over) > MOST_SHOWN,
    }
    return render(request, "crm/alarms.html", context)
