"""What closing takes off a lead, remembered: a closing that is undone leaves the lead as it was."""

from datetime import datetime, timedelta
from typing import Any

from crm.enums import PauseKind
from crm.leases import is_held
from crm.models import ContactPlan, Lead, User
from crm.selectors.call_backs import open_call_back
from crm.services.call_backs import set_call_back_again
from crm.services.pauses import set_aside_again
from crm.services.queues import give_lead

Before = dict[str, Any]
PLAN = ("tries", "begun_at", "decide_since")
PAUSE = ("pause", "pause_reason", "paused_at", "paused_until")


def remember(lead: Lead, at: datetime) -> Before:
    """Return what a locked lead is about to lose, as ids, codes and times."""
    call_back = open_call_back(lead)
    plan = ContactPlan.objects.filter(lead=lead).first()
    return {
        "due_at": lead.due_at.isoformat(),
        "clock_stopped_for": lead.clock_stopped_for.total_seconds(),
        "call_back": str(call_back.pk) if call_back else "",
        "plan": {name: _plain(getattr(plan, name)) for name in PLAN} if plan else {},
        "pause": {name: _plain(getattr(lead, name)) for name in PAUSE} if lead.is_paused(at) else {},
        "owner": str(lead.owner_id) if is_held(lead, at) else "",
    }


def put_back(lead: Lead, before: Before, *, by: User, at: datetime) -> None:
    """Give a locked lead, which is open again, back what it had; to `by`, if it was theirs."""
    lead.due_at = datetime.fromisoformat(before["due_at"])
    if "clock_stopped_for" in before:
        lead.clock_stopped_for = timedelta(seconds=before["clock_stopped_for"])
    lead.save(update_fields=["due_at", "clock_stopped_for"])
    if before.get("plan"):
        plan = {name: _moment(value) for name, value in before["plan"].items()}
        ContactPlan.objects.update_or_create(lead=lead, defaults=plan)
    if before["call_back"]:
        set_call_back_again(lead, before["call_back"], by=by, at=at)
    if pause := {name: _moment(value) for name, value in before.get("pause", {}).items()}:
        set_aside_again(lead, PauseKind(pause.pop("pause")), pause, by=by, at=at)
    elif before.get("owner") == str(by.pk):
        give_lead(lead, by, at)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(value: Any) -> Any:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return value
