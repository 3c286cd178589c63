"""A form that a browser sends twice is taken once; the same key with other words is another form."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import transaction

from crm.models import Sending, User
from crm.refusals import LeadIsOver
from crm.services.sending import KEPT_FOR, forget_sendings, is_first_sending
from jobs.clock import database_now

NOTE = "/desk/leads/BCDF-2345/notes/"


def first(by: User, **changed: object) -> bool:
    sent = {"key": KEY, "by": by, "to": NOTE, "fields": [("text", "Called back")], "at": database_now()}
    return is_first_sending(**(sent | changed))


KEY = uuid4()


def test_the_same_words_with_the_same_key_are_taken_once(coordinator: User) -> None:
    assert first(coordinator)
    assert not first(coordinator)


@pytest.mark.parametrize(
    "changed",
    [{"fields": [("text", "Other")]}, {"key": uuid4()}, {"to": NOTE.replace("notes", "attempts")}],
    ids=["words", "key", "lead"],
)
def test_whatever_differs_is_another_sending(coordinator: User, changed: dict[str, object]) -> None:
    assert first(coordinator)
    assert first(coordinator, **changed)


def test_a_colleague_with_the_same_key_is_somebody_else(coordinator: User, manager: User) -> None:
    assert first(coordinator)
    assert first(manager)


def test_what_was_refused_may_be_sent_again(coordinator: User) -> None:
    with pytest.raises(LeadIsOver):
        _refused(coordinator)
    assert first(coordinator)


@transaction.atomic
def _refused(by: User) -> None:
    assert first(by)
    raise LeadIsOver


def test_notes_of_sendings_are_deleted_in_time(coordinator: User) -> None:
    at = database_now()
    first(coordinator, at=at - KEPT_FOR - timedelta(seconds=1))
    first(coordinator, key=uuid4(), at=at)
    forget_sendings(at=at)
    assert Sending.objects.get().sent_at == at


def test_nothing_of_what_was_sent_can_be_read_back(coordinator: User) -> None:
    first(coordinator)
    assert {field.name for field in Sending._meta.fields} == {"id", "by", "sent_at"}
    assert Sending.objects.get().pk != KEY
