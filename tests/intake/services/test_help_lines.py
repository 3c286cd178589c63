"""Help lines are confirmed by people; a number that changes is unconfirmed again."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.utils.timezone import localdate

from crm.models import Site, User
from intake.models import HelpLine, HelpLineCheck
from intake.models.content import CheckOutcome
from intake.refusals import NumberChanged
from intake.selectors import lines_for_staff
from intake.services.content import load_shipped_content
from intake.services.help_lines import confirm_line, hide_line
from jobs.clock import database_now

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _shipped(db: None) -> None:
    load_shipped_content()


def line(key: str) -> HelpLine:
    return HelpLine.objects.get(key=key)


def test_confirming_dates_the_line_and_keeps_who_did_it(manager: User) -> None:
    at = database_now()
    confirm_line(line=line("gb-frank"), number="0300 123 6600", by=manager, at=at)
    found, check = line("gb-frank"), HelpLineCheck.objects.get()
    assert (found.is_confirmed, found.checked_date) == (True, localdate(at))
    assert found.next_check_date == localdate(at) + timedelta(days=90)
    assert (check.outcome, check.by, check.number) == (CheckOutcome.CONFIRMED, manager, "0300 123 6600")


def test_hiding_takes_it_off_until_somebody_confirms(manager: User) -> None:
    hide_line(line=line("gb-samaritans"), number="116 123", by=manager, at=database_now())
    assert not line("gb-samaritans").is_confirmed
    assert HelpLineCheck.objects.get().outcome == CheckOutcome.HIDDEN


def test_a_number_that_was_not_seen_is_not_confirmed(manager: User) -> None:
    for note in (confirm_line, hide_line):
        with pytest.raises(NumberChanged, match="0300 123 6600"):
            note(line=line("gb-frank"), number="0300 123 0000", by=manager, at=database_now())
    assert not HelpLineCheck.objects.exists()


@pytest.mark.parametrize(
    "change", [{"number": "116 124"}, {"dial": "tel:1"}, {"phrases": {"listening": "x"}}]
)
def test_a_line_that_changes_is_unconfirmed(change: dict[str, object]) -> None:
    HelpLine.objects.filter(key="gb-samaritans").update(**change)
    assert (line("gb-samaritans").is_confirmed, line("gb-samaritans").checked_date) == (False, None)


def test_other_words_leave_it_confirmed() -> None:
    HelpLine.objects.filter(key="gb-samaritans").update(purpose="Somebody listens")
    assert line("gb-samaritans").is_confirmed


def test_checks_stay_on_record(manager: User) -> None:
    confirm_line(line=line("gb-frank"), number="0300 123 6600", by=manager, at=database_now())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        HelpLineCheck.objects.update(number="0")


def test_managers_see_what_is_due_in_their_place(site: Site) -> None:
    later = database_now() + timedelta(days=400)
    now, then = lines_for_staff(site, at=database_now()), lines_for_staff(site, at=later)
    assert (now.overdue, then.in_date) == ([], [])
    assert {each.key for each in then.overdue} == {each.key for each in now.in_date}
    assert "gb-frank" in {each.key for each in now.to_confirm}
    assert {each.locale for each in now.elsewhere} == {"GB", "IE", "US"}
    assert "England" not in {each.nation for each in now.elsewhere}
