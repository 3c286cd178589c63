"""What /readyz finds, in words for "Is it working?": what no alarm and no auditor has said by then."""

from collections.abc import Collection, Iterable, Iterator

from crm.alarm_bounds import BROKER_IS_AWAY
from crm.enums import AlarmKind
from crm.selectors.red_screen import StandingAlarm
from intake.selectors.readiness import Check

WORDS = {
    "broker": f"{BROKER_IS_AWAY[0].upper()}{BROKER_IS_AWAY[1:]}. Alerts go out up to half a minute later; "
    "other messages wait.",
    "beat": "The background work has not begun.",
    "dispatcher": "The dispatcher has not begun.",
    "watch": "Nothing watches over the desk.",
    "stranded_enquiry": "An enquiry has been on no lead for more than a minute.",
    "unplaced_lead": "A lead has been in no queue for more than a minute.",
}
OWN_ALARM = {
    "beat": AlarmKind.BEAT_SILENT,
    "dispatcher": AlarmKind.DISPATCHER_SILENT,
    "watch": AlarmKind.WATCH_SILENT,
    "unplaced_lead": AlarmKind.UNPLACED,
}
# Without one of the two the watch stops, too; the auditor asks the others himself.
EXPLAINS = {"watch": {AlarmKind.BEAT_SILENT, AlarmKind.DISPATCHER_SILENT}}
AUDITED = frozenset({"stranded_enquiry", "unplaced_lead"})


def troubles(
    checks: Iterable[Check], alarms: Collection[StandingAlarm], *, has_audit_failed: bool
) -> Iterator[str]:
    """Yield in words each check that has failed, unless one of the alarms or the auditor says so."""
    kinds, said = {each.kind for each in alarms}, {each.what for each in alarms}
    for check in checks:
        explained = EXPLAINS.get(check.name, set()) | {OWN_ALARM.get(check.name)}
        is_audited = has_audit_failed and check.name in AUDITED
        is_named = check.name == "broker" and BROKER_IS_AWAY in said
        if not check.ok and not is_audited and not is_named and not kinds & explained:
            yield WORDS[check.name]
