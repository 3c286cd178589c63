"""Versions of what callers are sent: nobody's words go out that another person has not approved."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import Error, transaction

from crm.models import Lead, Site
from jobs.clock import database_now
from notifications.enums import ChannelName, Language, MessageKind, MessageState, Voice, WordingState
from notifications.models import Message, Wording, WordingChange
from notifications.selectors import version_in_force, wording_changes, words_of
from notifications.services.outbox import queue_message, resend_message
from notifications.services.wordings import (
    InForceAlready,
    WordingRefused,
    WroteItThemselves,
    approve_wording,
    draft_wording,
)
from notifications.worded import Worded
from notifications.wording import Words
from tests.clock import DatabaseClock
from tests.factories import LeadFactory
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import outcomes, settle, try_once

pytestmark = pytest.mark.django_db
TRIED = Worded(MessageKind.CALLER_TRIED, ChannelName.EMAIL)
WRITER, READER = uuid4(), uuid4()


def draft(said: str = "I rang.", *, of: Worded = TRIED, by: UUID = WRITER) -> Wording:
    words = Words("A message from {sender}", said)
    return draft_wording(worded=of, words=words, by=by, at=database_now())


def approve(version: int, *, by: UUID = READER, of: Worded = TRIED) -> None:
    approve_wording(worded=of, version=version, by=by, at=database_now())


def letter(site: Site, **choices: str) -> Message:
    lead: Lead = LeadFactory(site=site)
    context = {"reference": lead.reference, "phone": site.phone} | choices
    return queue_message(
        kind=MessageKind.CALLER_TRIED,
        to=lead.caller.email,
        context=context,
        dedupe_key=str(uuid4()),
        about=lead.pk,
        at=database_now(),
    )


def test_a_draft_changes_nothing_that_goes_out() -> None:
    draft()
    assert version_in_force(TRIED) == 0
    assert words_of(TRIED) == TRIED.shipped


def test_an_approved_version_goes_out_and_is_remembered(site: Site, smtp: FakeSmtp) -> None:
    draft("I rang, and nobody was there.")
    approve(1)
    sent = try_once(letter(site))
    assert (sent.state, sent.wording_version) == (MessageState.SENT, 1)
    assert "I rang, and nobody was there." in smtp.received[0].text


def test_what_ships_is_version_0(site: Site, smtp: FakeSmtp) -> None:
    assert try_once(letter(site)).wording_version == 0


@pytest.mark.parametrize("choices", [{"voice": Voice.LOVED_ONE}, {"language": Language.POLISH}])
def test_other_voices_and_languages_keep_their_own(
    site: Site, smtp: FakeSmtp, choices: dict[str, str]
) -> None:
    draft()
    approve(1)
    assert try_once(letter(site, **choices)).wording_version == 0


def test_nobody_approves_their_own_words() -> None:
    draft(by=WRITER)
    with pytest.raises(WroteItThemselves):
        approve(1, by=WRITER)
    assert version_in_force(TRIED) == 0


def test_the_database_refuses_it_too() -> None:
    own = draft()
    with pytest.raises(Error), transaction.atomic():
        Wording.objects.filter(pk=own.pk).update(
            state=WordingState.APPROVED, approved_by=own.written_by, approved_at=database_now()
        )


@pytest.mark.parametrize("change", [{"text": "Other"}, {"subject": "Other"}, {"version": 9}])
def test_words_are_never_edited(change: dict[str, Any]) -> None:
    found = draft()
    with pytest.raises(Error, match="never edited"), transaction.atomic():
        Wording.objects.filter(pk=found.pk).update(**change)
    with pytest.raises(Error, match="never edited"), transaction.atomic():
        Wording.objects.filter(pk=found.pk).delete()


def test_history_is_kept_and_never_edited() -> None:
    draft()
    draft("I rang again.")
    for version in (1, 2, 1, 0):
        approve(version)
    assert [change.version for change in wording_changes(TRIED)] == [0, 1, 2, 1]
    assert version_in_force(TRIED) == 0
    states = Wording.objects.order_by("version").values_list("state", flat=True)
    assert list(states) == [WordingState.RETIRED] * 2
    with pytest.raises(Error, match="never edited"), transaction.atomic():
        WordingChange.objects.all().delete()


def test_an_earlier_version_comes_back_by_the_same_way() -> None:
    draft()
    draft("I rang again.")
    approve(1)
    approve(2)
    approve(1)
    assert words_of(TRIED).text == "I rang."
    assert Wording.objects.filter(state=WordingState.APPROVED).count() == 1


@pytest.mark.parametrize("version", [0, 1])
def test_what_is_in_force_is_not_approved_again(version: int) -> None:
    draft()
    if version:
        approve(version)
    with pytest.raises(InForceAlready):
        approve(version)


def test_what_is_wrong_is_said_and_nothing_is_saved() -> None:
    with pytest.raises(WordingRefused) as caught:
        draft("Our rehab has a special offer.\n{name}")
    assert len(caught.value.problems) == 3
    assert not Wording.objects.exists()


def test_a_message_keeps_the_words_of_its_first_try(
    site: Site, smtp: FakeSmtp, database_clock: DatabaseClock
) -> None:
    smtp.then("451", "accept")
    first = try_once(letter(site))
    draft()
    approve(1)
    sent = settle(first)
    assert (sent.state, sent.wording_version) == (MessageState.SENT, 0)


def test_one_that_waits_gets_the_words_of_the_day_on_which_it_goes(site: Site, smtp: FakeSmtp) -> None:
    waiting = letter(site)
    draft()
    approve(1)
    assert try_once(waiting).wording_version == 1


# An error in one message


def broken(site: Site) -> Message:
    """A message that no template can be filled for, as a fault of ours would leave it."""
    message = letter(site)
    Message.objects.filter(pk=message.pk).update(context={"voice": "nobody's"})
    message.refresh_from_db()
    return message


def test_an_error_in_the_words_kills_that_message_alone(site: Site, smtp: FakeSmtp) -> None:
    messages = [broken(site) if number == 5 else letter(site) for number in range(10)]
    ended = [try_once(message) for message in messages]
    assert [each.state for each in ended].count(MessageState.SENT) == 9
    assert (ended[5].state, ended[5].why) == (MessageState.FAILED, "CannotBeWritten")
    assert outcomes(ended[5]) == [("PERMANENT_ERROR", "CannotBeWritten")]
    assert ended[5].why_in_words() == "Its words cannot be put together"
    assert len(smtp.received) == 9


def test_errors_in_words_say_nothing_about_the_way(site: Site, smtp: FakeSmtp) -> None:
    for _ in range(12):
        try_once(broken(site))
    assert try_once(letter(site)).state == MessageState.SENT


def test_once_mended_it_can_be_sent_again_in_the_words_of_that_day(site: Site, smtp: FakeSmtp) -> None:
    failed = try_once(broken(site))
    draft()
    approve(1)
    Message.objects.filter(pk=failed.pk).update(context={"reference": "7KX3-9QF2", "phone": "01632 960000"})
    resend_message(message=failed, at=database_now())
    sent = try_once(failed)
    assert (sent.state, sent.wording_version) == (MessageState.SENT, 1)
