"""What messages and jobs ask the desk, and tell it: they are leaves, and know neither people nor leads."""

from crm.selectors.acknowledging import why_summary_is_over
from crm.selectors.gathered import alerts_together
from crm.selectors.ways import is_way_in_use
from crm.services.alarm_news import what_goes_on
from crm.services.alarms import note_silence
from crm.services.dead_jobs import tell_managers_of_dead_job
from crm.services.ended_ways import honour_unwanted, note_dead_address
from crm.services.lost_ways import lose_gone_way, lose_stopped_way, note_result
from crm.services.safe_sending import hours_for, refuse_unsafe_message
from crm.services.stale_alarms import why_alarm_is_over, why_end_of_alarm_is_no_news
from crm.services.stale_alerts import ABOUT_OPEN_LEADS, why_lead_is_routed, why_lead_needs_no_alert
from crm.services.text_stops import honour_providers_stop
from jobs.services.dead import on_dead
from jobs.services.periodic import on_return
from notifications.enums import Audience, MessageKind
from notifications.guards import (
    guard,
    keep_hours,
    on_gone,
    on_result,
    on_stop,
    say_anew,
    still_true,
    use_only,
)
from notifications.services.gathering import gather_as


def listen() -> None:
    """Answer whatever they ask, and hear whatever they tell, from now on."""
    _say_whom_to_write_to()
    _say_what_is_still_true()
    _say_which_alerts_are_still_wanted()
    _hear_of_addresses()
    on_dead(tell_managers_of_dead_job)
    on_return(note_silence)
    gather_as(alerts_together)


def _say_whom_to_write_to() -> None:
    guard(Audience.CALLER, refuse_unsafe_message)
    keep_hours(Audience.CALLER, hours_for)
    use_only(Audience.STAFF, is_way_in_use)


def _say_what_is_still_true() -> None:
    still_true(MessageKind.ALERT_SUMMARY, why_summary_is_over)
    still_true(MessageKind.ALARM, why_alarm_is_over)
    still_true(MessageKind.ALARM_OVER, why_end_of_alarm_is_no_news)
    say_anew(MessageKind.ALARM_OVER, what_goes_on)


def _say_which_alerts_are_still_wanted() -> None:
    for kind in ABOUT_OPEN_LEADS:
        still_true(kind, why_lead_needs_no_alert)
    still_true(MessageKind.LEAD_NOT_ROUTED, why_lead_is_routed)


def _hear_of_addresses() -> None:
    """Callers' leads and messages are locked first, staff's own addresses last."""
    on_stop("crm", honour_providers_stop)
    on_stop("crm.ended_ways", honour_unwanted)
    on_gone("crm.ended_ways", note_dead_address)
    on_stop("crm.ways", lose_stopped_way)
    on_gone("crm.ways", lose_gone_way)
    on_result("crm.ways", note_result)
