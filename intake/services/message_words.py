"""Words of messages to callers: drafts that say nothing forbidden, and a test to whoever looks after them."""

from datetime import datetime, timedelta

from django.db import transaction

from crm.models import User
from intake.content.never_say import ALWAYS, MEDICINES
from intake.refusals import EnoughTests
from jobs.ids import uuid7
from notifications.enums import MessageKind
from notifications.models import Message, Wording
from notifications.services.outbox import queue_message, recipient_search
from notifications.services.wordings import WordingRefused, draft_wording
from notifications.worded import Worded
from notifications.wording import SLOT, Words
from notifications.wording_checks import problems_with

MOST_TESTS = 10  # of one person within an hour
AN_HOUR = timedelta(hours=1)


def problems_of(worded: Worded, words: Words) -> list[str]:
    """Return what is wrong with words to callers: what is never said, and what no message of ours may say."""
    own = SLOT.sub("", f"{words.subject}\n{words.text}")
    never = [f"“{found}”: {rule.instead}" for rule in (*ALWAYS, MEDICINES) if (found := rule.found_in(own))]
    return never + problems_with(worded, words)


def draft_message(*, worded: Worded, words: Words, note: str, by: User, at: datetime) -> Wording:
    """Store another version, which no caller gets before somebody else approves it. Raises WordingRefused."""
    if problems := problems_of(worded, words):
        raise WordingRefused(problems)
    return draft_wording(worded=worded, words=words, note=note, by=by.pk, at=at)


@transaction.atomic
def send_test(*, worded: Worded, version: int, case: str, by: User, at: datetime) -> None:
    """Send a version, as it reads in this case, by e-mail to whoever asks for it, marked as a test.

    Raises EnoughTests.
    """
    User.objects.select_for_update().get(pk=by.pk)  # two tests at once are counted one after the other
    sent = Message.objects.filter(kind=MessageKind.WORDING_TEST, created_at__gt=at - AN_HOUR)
    if sent.filter(recipient__in=recipient_search(by.email)).count() >= MOST_TESTS:
        raise EnoughTests(MOST_TESTS)
    queue_message(
        kind=MessageKind.WORDING_TEST,
        to=by.email,
        context={
            "of": worded.kind.value,
            "by": worded.channel.value,
            "voice": worded.voice.value,
            "language": worded.language.value,
            "version": str(version),
            "case": case,
        },
        dedupe_key=f"wording-test:{uuid7()}",
        about=None,
        at=at,
    )
