"""A row of Harbour House for each argument that an address can have, made when it is asked for."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Protocol

from crm.models import Batch, CallLog, Lead, PhoneText, SavedView, Shift, Site, Tag, User
from crm.services.way_checks import send_test
from intake.models import CallerMessage, HelpLine, LeadImport, Replay, RuleFlag, RuleSet
from intake.models.content import ReviewState
from intake.views.desk_texts import EDITED
from jobs.clock import database_now
from jobs.ids import uuid7
from jobs.models import Job
from notifications.enums import ChannelName, MessageKind, MessageState
from notifications.models import Message
from notifications.services.wordings import draft_wording
from notifications.worded import Worded
from notifications.wording import Words
from tests.factories import ShiftFactory, StaffChannelFactory
from tests.factories.phone import PhoneCallFactory, PhoneLineFactory
from tests.intake.rules import a_draft, in_use

WORDED = Worded(MessageKind.CALLER_TRIED, ChannelName.EMAIL)
NUMBER, WORDS = "+447700900987", "Only for Harbour House"
RULE, CASE = "ketamine-regular", "alcohol-withdrawal"


class Ours(Protocol):
    """What a row can belong to."""

    site: Site
    lead: Lead
    other: Lead
    colleague: User


def row_for(address: str, argument: str, scene: Ours) -> Any:
    """Return the value of an argument. One that is not known here raises KeyError: add it below."""
    make = ROWS.get(f"{address} {argument}") or ROWS.get(f"{address.split(':', maxsplit=1)[0]} {argument}")
    return (make or ROWS[argument])(scene)


def _drafted_message() -> int:
    """Somebody who is nobody of the scene wrote it, so that all of it may approve it."""
    words = Words("A message from {sender}", "I rang.")
    return draft_wording(worded=WORDED, words=words, by=uuid7(), at=database_now()).version


def _shift(scene: Ours) -> Any:
    """Nobody has two shifts at once."""
    known = Shift.objects.filter(user=scene.colleague).first()
    return (known or ShiftFactory(site=scene.site, user=scene.colleague)).pk


def _call(scene: Ours) -> Any:
    line = PhoneLineFactory(site=scene.site)
    return PhoneCallFactory(line=line, number=NUMBER, lead=scene.lead).pk


def _text(scene: Ours) -> Any:
    line, at = PhoneLineFactory(site=scene.site), database_now()
    said = {"number": NUMBER, "text": WORDS, "lead": scene.lead, "received_at": at}
    return PhoneText.objects.create(site=scene.site, line=line, key=str(uuid7()), **said).pk


def _call_log(scene: Ours) -> Any:
    said = {"content": f"Number,Note\n{NUMBER},{WORDS}\n", "uploaded_at": database_now()}
    return CallLog.objects.create(site=scene.site, by=scene.colleague, **said).pk


def _list(scene: Ours) -> Any:
    said = {"content": f"Name,Phone\n{WORDS},{NUMBER}\n", "uploaded_at": database_now()}
    return LeadImport.objects.create(site=scene.site, by=scene.colleague, **said).pk


def _tag(scene: Ours) -> Any:
    return Tag.objects.create(site=scene.site, name=WORDS, created_at=database_now()).pk


def _view(scene: Ours) -> Any:
    said = {"tab": "urgent", "created_at": database_now(), "site": scene.site}
    return SavedView.objects.get_or_create(user=scene.colleague, name=WORDS, defaults=said)[0].pk


def _batch(scene: Ours) -> Any:
    at = database_now()
    batch = Batch.objects.create(by=scene.colleague, action="SNOOZE", made_at=at)
    batch.items.create(lead=scene.lead, refusal=WORDS)
    return batch.pk


def _dead_job(scene: Ours) -> Any:
    at = database_now()
    times = {"due_at": at, "publish_at": at, "dead_at": at, "created_at": at}
    said = {"kind": "crm.tasks.return_lease", "queue": "routine", "error_class": "ZeroDivisionError"}
    return Job.objects.create(subject=scene.lead.pk, dedupe_key=str(uuid7()), attempts=8, **said, **times).pk


def failed_message(scene: Ours) -> Any:
    at = database_now()
    said = {"kind": "URGENT_LEAD_ALERT", "channel": "EMAIL", "to": "someone@threshold.example"}
    state = {"state": MessageState.FAILED, "failed_at": at, "created_at": at}
    context = {"reference": scene.lead.reference}
    return Message.objects.create(
        about=scene.lead.pk, context=context, dedupe_key=str(uuid7()), **said, **state
    ).pk


def _way(scene: Ours) -> Any:
    return StaffChannelFactory(user=scene.colleague, address=NUMBER, verified_at=None).pk


def _check(scene: Ours) -> Any:
    at = database_now()
    return send_test(user=scene.colleague, way=None, at=at, until=at + timedelta(hours=1)).pk


def _draft_text(_: Ours) -> Any:
    return CallerMessage.objects.exclude(state=ReviewState.APPROVED).values_list("pk", flat=True)[0]


def _replay(scene: Ours) -> Any:
    at, rules = database_now(), in_use()
    said = {"asked_by": scene.colleague, "asked_at": at, "since": at, "total": 1, "finished_at": at}
    return Replay.objects.create(rule_set=rules, against=rules, digest="0" * 64, **said).pk


def _flag(scene: Ours) -> Any:
    said = {"rule_set_version": "1", "note": WORDS, "flagged_at": database_now()}
    return RuleFlag.objects.create(lead=scene.lead, by=scene.colleague, **said).pk


def _draft(scene: Ours) -> Any:
    """The same draft for every argument of one address."""
    return (RuleSet.objects.filter(created_by=scene.colleague).first() or a_draft(scene.colleague)).pk


# By the argument's name; by app and name, or address and name, where that differs.
ROWS: dict[str, Callable[[Ours], Any]] = {
    "reference": lambda scene: scene.lead.reference,
    "other": lambda scene: scene.other.reference,
    "slug": lambda scene: scene.site.slug,
    "user": lambda scene: scene.colleague.pk,
    "shift": _shift,
    "tab": lambda _: "urgent",
    "level": lambda _: "U2",
    "call": _call,
    "text": _text,
    "log": _call_log,
    "tag": _tag,
    "view": _view,
    "batch": _batch,
    "way": _way,
    "check": _check,
    "job": _dead_job,
    "message": failed_message,
    "crm:report_file key": lambda _: "funnel",
    "crm:report_file table": lambda _: "cohorts",
    "intake slug": lambda _: "alcohol",
    "intake version": lambda _: 1,
    "intake batch": _list,
    "intake:desk_line_confirm key": lambda _: HelpLine.objects.all()[0].key,
    "intake:desk_line_hide key": lambda _: HelpLine.objects.all()[0].key,
    "intake:desk_text key": lambda _: min(EDITED),
    "intake:desk_text voice": lambda _: "self",
    "intake:desk_text_approve text": _draft_text,
    "intake worded": lambda _: WORDED,
    "intake:desk_message_preview version": lambda _: 0,
    "intake:desk_message_test version": lambda _: 0,
    "intake:desk_message_approve version": lambda _: _drafted_message(),
    "intake rule_set": _draft,
    "intake rule": lambda _: RULE,
    "intake case": lambda _: CASE,
    "intake:rules_replayed rule_set": lambda _: in_use().pk,
    "intake replay": _replay,
    "intake flag": _flag,
}
