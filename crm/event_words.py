"""Events of a lead in words: a title, and what is worth knowing beside it."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.timezone import localtime

from crm.answer_labels import hold_label, label
from crm.answer_words import SUBJECTS
from crm.enums import (
    CallBackKind,
    CallDirection,
    ContactMethod,
    Disposition,
    EndOfLease,
    EventKind,
    LeadChannel,
    Level,
    LossOfWay,
    PauseReason,
    Queue,
    ReasonCode,
    RequestKind,
    Stage,
)
from crm.models import LeadEvent
from crm.promises import in_words
from notifications.enums import Acknowledgement, EscalationEnd

Data = Mapping[str, Any]
CHANGED = {
    "name": "name",
    "phone": "number",
    "email": "e-mail address",
    "postal_address": "address for letters",
}


TITLES = {  # of notes that the product writes, by what is in their data
    "hold_cleared": "Hold cleared",
    "rules_of": "Contact rules changed",
    "stage_taken_back": "Move taken back",
    "lowering_declined": "Level kept",
    "rule_flagged": "Said that a rule looks wrong",
    "rule_flag_answered": "Answered what was said about a rule",
}


def event_title(event: LeadEvent) -> str:
    """Return what happened, in a few words."""
    if event.kind == EventKind.LEASE_ENDED and event.by_id:
        return "Returned to the queue"  # somebody did it, for the holder or for themselves
    titles = (words for key, words in TITLES.items() if event.data.get(key))
    return next(titles, str(EventKind(event.kind).label))


def event_details(event: LeadEvent) -> list[str]:
    """Return the facts of an event as sentences; whatever is missing is left out."""
    words = _WORDS.get(EventKind(event.kind))
    sentences = words(event.data) if words and event.data else []
    return [sentence for sentence in sentences if sentence]


def _enquiry(data: Data) -> list[str]:
    channel = data.get("channel")
    flags = [label(str(flag)).lower() for flag in data.get("flags") or []]
    return [
        f"{data['enquiry']} by {LeadChannel(channel).label.lower()}." if channel else "",
        f"Promised a call by {_clock(data['call_by'])}." if data.get("call_by") else "",
        f"Flagged: {', '.join(flags)}." if flags else "",
    ]


def _more(data: Data) -> list[str]:
    """What was answered is encrypted with the decision; the timeline only says about what it was."""
    about = [SUBJECTS.get(each, label(each)).lower() for each in data.get("about") or []]
    return [f"About: {', '.join(about)}." if about else "", *_enquiry(data)]


def _placed(data: Data) -> list[str]:
    if not data.get("level"):
        return []
    return [f"{data['level']} in {Queue(data['queue']).label}."]


def _level(data: Data) -> list[str]:
    before = f"From {data['from']} to" if data.get("from") else "To"
    code = data.get("reason_code")
    why = f": {ReasonCode(code).label.lower()}" if code else ""
    return [f"{before} {Level(data['to']).value}{why}."]


def _first_contact(data: Data) -> list[str]:
    kept = "within the promised time" if data.get("within_target") else "later than promised"
    return [f"{data.get('minutes', 0):.0f} minutes after the enquiry, {kept}."]


def _stage(data: Data) -> list[str]:
    return [f"From {Stage(data['from']).label} to {Stage(data['to']).label}."]


def _closed(data: Data) -> list[str]:
    return [f"{Disposition(data['disposition']).label}."] if data.get("disposition") else []


def _reopened(data: Data) -> list[str]:
    return [f"Back at {Stage(data['to']).label}."] if data.get("to") else []


def _alerted(data: Data) -> list[str]:
    people = data.get("people")
    return (
        ["Nobody at this site gets alerts." if people == 0 else f"{people} people."]
        if people is not None
        else []
    )


def _alert_step(data: Data) -> list[str]:
    again, at_once = data.get("round"), data.get("up_to", 0)
    return [
        f"Step {data['step']}, again for the {_ordinal(again)} time." if again else f"Step {data['step']}.",
        f"It began again: those of the first {at_once} steps were told at once." if at_once > 1 else "",
        "Nobody could be told: every screen says so." if data.get("people") == 0 else "",
        f"The step names nobody who is there, so those of step {data['instead']} were told at once."
        if data.get("instead")
        else "",
        "Everybody is marked as away. They were told all the same." if data.get("only_away") else "",
        f"Told together with {data['others']} other lead{'s' if data['others'] > 1 else ''}."
        if data.get("others")
        else "",
    ]


def _acknowledged(data: Data) -> list[str]:
    how, took = Acknowledgement(data["how"]).label, timedelta(seconds=data["seconds"])
    if data.get("goes_on"):
        return [f"{how}, after {in_words(took)}. They had it before and did not call: others are told on."]
    return [f"{how}, after {in_words(took)}. That is not contact yet: the clock goes on."]


def _lapsed(data: Data) -> list[str]:
    return [f"{data['minutes']} minute{'s' if data['minutes'] != 1 else ''} after the answer."]


def _alert_ended(data: Data) -> list[str]:
    return [EscalationEnd(data["why"]).label] if data.get("why") else []


def _ordinal(number: int) -> str:
    return {1: "first", 2: "second", 3: "third"}.get(number, f"{number}th")


def _note(data: Data) -> list[str]:
    if data.get("hold_cleared"):
        return [f"{data['hold_cleared']}: {hold_label(data['hold_cleared'])}."]
    if data.get("rules_of"):
        safe = [ContactMethod(way).label.lower() for way in data["safe"]]
        changed = [CHANGED[name] for name in data.get("changed") or []]
        return [
            f"Safe for the {data['rules_of']}: {', '.join(safe) or 'nothing'}.",
            f"Changed: {', '.join(changed)}." if changed else "",
        ]
    if data.get("stage_taken_back"):
        return [f"From {Stage(data['stage_taken_back']).label} back to {Stage(data['to']).label}."]
    if rule := data.get("rule_flagged") or data.get("rule_flag_answered"):
        return ["A rule is missing." if rule == "missing" else f"Rule {rule}."]
    if data.get("said_by"):
        return [f"Said by the {data['said_by']}."]
    return [f"It stays {data['level']}."] if data.get("lowering_declined") else []


def _request(data: Data) -> list[str]:
    due = data.get("due")
    return [
        ""
        if data.get("verified", True)
        else f"From the page of a later message, {data['enquiry']}: unverified.",
        f"Due by {date.fromisoformat(due):%-d %B %Y}." if due else "",
    ]


def _ways_changed(data: Data) -> list[str]:
    safe = [ContactMethod(way).label.lower() for way in data.get("safe") or []]
    return [f"Safe now: {', '.join(safe) or 'nothing'}.", *_request(data)]


def _way_ended(data: Data) -> list[str]:
    whose = "the prospective patient" if data.get("who") == "patient" else "the caller"
    if data.get("why") == LossOfWay.STOPPED:
        return [f"E-mail to {whose}: called unwanted, or unsubscribed. Other ways are as they were."]
    if data.get("way") == ContactMethod.TEXT:
        return [f"Texts to {whose}: none can arrive at this number."]
    return [f"E-mail to {whose}: the address does not work. Ask for another one."] if data.get("why") else []


def _settled(data: Data) -> list[str]:
    return [f"{RequestKind(data['request']).label}."] if data.get("request") else []


def _end_of_lease(data: Data) -> list[str]:
    return [EndOfLease(data["why"]).label] if data.get("why") else []


def _set_aside(data: Data) -> list[str]:
    return [f"Until {_clock(data['until'])}.", f"{PauseReason(data['reason']).label}."]


def _other_lead(data: Data) -> list[str]:
    went = "; ".join(hold_label(hold) for hold in data.get("holds") or [])
    return [f"{data['lead']}." if data.get("lead") else "", f"Went with it: {went}." if went else ""]


def _call(data: Data) -> list[str]:
    words = [CallDirection(data["direction"]).label] if data.get("direction") else []
    return [f"{word}, as the call log says." if data.get("from_log") else f"{word}." for word in words]


def _tag(data: Data) -> list[str]:
    return [f"{data['tag']}."] if data.get("tag") else []


def _call_back(data: Data) -> list[str]:
    if not data.get("due"):
        return []
    why = CallBackKind(data["call_back"]).label.lower()
    return [f"To the {data['who']}, {_clock(data['due'])}: {why}."]


def _sharing(data: Data) -> list[str]:
    return ["Yes, they agree." if data["may_share"] else "No."] if "may_share" in data else []


def _signposted(data: Data) -> list[str]:
    return {"EMAIL": ["By e-mail."], "PAPER": ["On paper, or read out."]}.get(str(data.get("how")), [])


def _used_up(data: Data) -> list[str]:
    if data.get("why"):
        return ["The number is wrong."]
    return [f"{data['tries']} tries in vain."] if data.get("tries") else []


def _clock(moment: str) -> str:
    return f"{localtime(datetime.fromisoformat(moment)):%H:%M on %A %-d %B}"


_WORDS: dict[EventKind, Callable[[Data], list[str]]] = {
    EventKind.ENQUIRY_RECEIVED: _enquiry,
    EventKind.REPEAT_ENQUIRY: _enquiry,
    EventKind.ANSWERED_MORE: _more,
    EventKind.PLACED: _placed,
    EventKind.LEVEL_RAISED: _level,
    EventKind.LOWERING_ASKED: _level,
    EventKind.LEVEL_LOWERED: _level,
    EventKind.MORE_SEVERE: _level,
    EventKind.CALL_BACK_SET: _call_back,
    EventKind.CALL_BACK_DUE: _call_back,
    EventKind.CALL_BACK_CANCELLED: _call_back,
    EventKind.SHARING_ASKED: _sharing,
    EventKind.SIGNPOSTED: _signposted,
    EventKind.PLAN_USED_UP: _used_up,
    EventKind.LEASE_ENDED: _end_of_lease,
    EventKind.CLOCK_STOPPED: _set_aside,
    EventKind.SNOOZED: _set_aside,
    EventKind.FIRST_CONTACT: _first_contact,
    EventKind.STAGE_MOVED: _stage,
    EventKind.CLOSED: _closed,
    EventKind.REOPENED: _reopened,
    EventKind.TAGGED: _tag,
    EventKind.UNTAGGED: _tag,
    EventKind.MERGED: _other_lead,
    EventKind.DUPLICATE_JOINED: _other_lead,
    EventKind.UNMERGED: _other_lead,
    EventKind.ALERTED: _alerted,
    EventKind.ALERT_STEP: _alert_step,
    EventKind.ACKNOWLEDGED: _acknowledged,
    EventKind.ANSWER_LAPSED: _lapsed,
    EventKind.ALERT_ENDED: _alert_ended,
    EventKind.NOTE_ADDED: _note,
    EventKind.GOT_WORSE: _request,
    EventKind.ASKED_SOONER: _request,
    EventKind.ASKED_TO_STOP: _request,
    EventKind.ASKED_TO_ERASE: _request,
    EventKind.WAYS_CHANGED: _ways_changed,
    EventKind.WAY_ENDED: _way_ended,
    EventKind.REQUEST_SETTLED: _settled,
    EventKind.CALL_CONNECTED: _call,
}
