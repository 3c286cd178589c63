"""A person who reads a lead says that a rule looks wrong; another one answers."""

from datetime import datetime

from django.db import transaction

from crm.enums import EventKind
from crm.models import Lead, LeadEvent, User
from crm.selectors.leads import latest_placement
from intake.models import RuleFlag
from intake.rule_refusals import AnsweredAlready, SayMore


@transaction.atomic
def flag_rule(*, lead: Lead, rule_id: str, note: str, by: User, at: datetime) -> RuleFlag:
    """Write down that a rule (none: a missing one) looks wrong for this lead. The lead stays where it is."""
    placement = latest_placement(lead)
    flag = RuleFlag.objects.create(
        lead=lead,
        rule_set_version=placement.rule_set_version if placement else "",
        rule_id=rule_id,
        note=note.strip(),
        by=by,
        flagged_at=at,
    )
    data = {"rule_flagged": rule_id or "missing"}
    LeadEvent.objects.create(
        lead=lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, data=data, note=flag.note
    )
    return flag


@transaction.atomic
def settle_flag(*, flag: RuleFlag, answer: str, by: User, at: datetime) -> None:
    """Answer a flag, once; whoever reads the lead sees the answer. Raises SayMore, AnsweredAlready."""
    if not answer.strip():
        raise SayMore
    flag = RuleFlag.objects.select_for_update(of=("self",)).select_related("lead").get(pk=flag.pk)
    if flag.settled_at:
        raise AnsweredAlready
    flag.answer, flag.settled_by, flag.settled_at = answer.strip(), by, at
    flag.save(update_fields=["answer", "settled_by", "settled_at"])
    data = {"rule_flag_answered": flag.rule_id or "missing"}
    LeadEvent.objects.create(
        lead=flag.lead, kind=EventKind.NOTE_ADDED, by=by, occurred_at=at, data=data, note=flag.answer
    )
