"""Looking at a help line: somebody says that it is right, or takes it off the public pages."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from crm.models import User
from intake.models import HelpLine, HelpLineCheck
from intake.models.content import CheckOutcome
from intake.refusals import NumberChanged

CHECKED_AGAIN_AFTER = timedelta(days=90)


@transaction.atomic
def confirm_line(*, line: HelpLine, number: str, by: User, at: datetime) -> None:
    """Note that this number is right today; it is looked at again in 90 days.

    Raises NumberChanged when `number`, the one that they saw, is no longer the line's.
    """
    current = _locked(line, number)
    current.is_confirmed, current.checked_date = True, localdate(at)
    current.next_check_date = current.checked_date + CHECKED_AGAIN_AFTER
    current.save(update_fields=["is_confirmed", "checked_date", "next_check_date"])
    _note(current, CheckOutcome.CONFIRMED, by, at)


@transaction.atomic
def hide_line(*, line: HelpLine, number: str, by: User, at: datetime) -> None:
    """Take a number off the public pages until somebody confirms it. Raises NumberChanged."""
    current = _locked(line, number)
    current.is_confirmed, current.next_check_date = False, localdate(at)
    current.save(update_fields=["is_confirmed", "next_check_date"])
    _note(current, CheckOutcome.HIDDEN, by, at)


def _locked(line: HelpLine, number: str) -> HelpLine:
    current = HelpLine.objects.select_for_update().get(pk=line.pk)
    if current.number != number:
        raise NumberChanged(current.number)
    return current


def _note(line: HelpLine, outcome: CheckOutcome, by: User, at: datetime) -> None:
    HelpLineCheck.objects.create(line=line, outcome=outcome, number=line.number, by=by, checked_at=at)
