"""What a caller says later. An enquiry is never edited: each addition is an enquiry of its own.

It holds what was said this time and, as its answers, all that has been said by then, which can only become
more serious (intake.triage.merging). Otherwise it goes the way of every enquiry (intake.services.submission).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial, reduce
from typing import Any

from django.db import IntegrityError, transaction

from crm.enums import LeadChannel, Level
from crm.references import new_reference
from intake.models import Enquiry
from intake.selectors import said_so_far
from intake.services.answering import Answer, triage_in_request
from intake.services.linking import Heard
from intake.services.screening import text_flags
from intake.services.submission import TRIES, KeyReused, Receipt, answered
from intake.triage.answers import Answers, parse_answers
from intake.triage.merging import merged
from vault.tokens import token, tokens_for_search

MOST = 50  # additions to one enquiry: nearly twice as many as there are questions


class ToldEnough(Exception):
    """So much was added to this enquiry that a person should hear the rest. Danger never raises it."""


@dataclass(frozen=True, slots=True)
class _Addition:
    first: Enquiry
    said: dict[str, Any]
    channel: LeadChannel
    form_version: str
    idempotency_key: str

    @property
    def answers(self) -> Answers:
        """Return what was said this time; whoever asks is who asked first."""
        return parse_answers(self.said | {"enquirer": self.first.answers["enquirer"]})

    @property
    def words(self) -> str:
        return json.dumps([self.first.reference, self.said], sort_keys=True)


def add_to_enquiry(  # noqa: PLR0913 (what an addition is)
    *,
    enquiry: Enquiry,
    said: Mapping[str, object],
    channel: LeadChannel,
    form_version: str,
    idempotency_key: str,
    at: datetime,
) -> Receipt:
    """Store more answers to an enquiry and re-triage its lead, only ever upwards; return what to tell now.

    `said` has the keys of the answers that were given (triage/SPEC section 5). It joins the lead of the
    first enquiry, or waits with it for the repair sweep. The same key, or the same words twice in a row, get
    the same receipt. Raises KeyReused, AnswersError, ToldEnough, and OperationalError or InterfaceError when
    the database is down: then nothing was taken.
    """
    first = enquiry.adds_to or enquiry
    addition = _Addition(first, dict(said), channel, form_version, idempotency_key)
    stored = _store(addition, at)
    if stored.answer:
        return Receipt(stored, Answer.from_dict(stored.answer))
    return answered(Heard.again(stored), at)


def add_as_typed(
    *, enquiry: Enquiry, said: Mapping[str, object], form_version: str, idempotency_key: str, at: datetime
) -> Receipt:
    """Add what was typed into a page. Words that were changed after they had been sent are one more addition.

    Raises AnswersError, ToldEnough, and OperationalError or InterfaceError when the database is down.
    """
    add = partial(add_to_enquiry, enquiry=enquiry, said=said, channel=LeadChannel.WEB, at=at)
    try:
        return add(form_version=form_version, idempotency_key=idempotency_key)
    except KeyReused:
        print_of_words = token("addition", json.dumps(said, sort_keys=True)) & 0xFFFFFFFFFFFFFFFF
        return add(form_version=form_version, idempotency_key=f"{idempotency_key}:{print_of_words:x}")


def _store(addition: _Addition, at: datetime, tries: int = TRIES) -> Enquiry:
    """Commit the addition, or return the one with the same key or, just before, the same words."""
    try:
        with transaction.atomic(durable=True):
            return _insert(addition, at)
    except IntegrityError:
        if earlier := _with_key(addition):
            return earlier
        if tries == 1:
            raise
    return _store(addition, at, tries - 1)  # the random reference was taken: try another one


def _insert(addition: _Addition, at: datetime) -> Enquiry:
    """The lock on the first enquiry makes additions from two tabs wait for each other: none is left out."""
    first = Enquiry.objects.select_for_update(of=("self",)).select_related("site").get(pk=addition.first.pk)
    so_far = said_so_far(first)
    if earlier := _with_key(addition) or _said_just_before(so_far, addition):
        return earlier
    answers = _all_answers(so_far, addition)
    if len(so_far) > MOST and not _is_danger(so_far, addition, answers):
        raise ToldEnough
    return Enquiry.objects.create(
        reference=new_reference(),
        idempotency_key=addition.idempotency_key,
        fingerprint=token("addition", addition.words),
        site=first.site,
        channel=addition.channel,
        form_version=addition.form_version,
        answers=answers.to_dict(),
        said=addition.said,
        contact=first.contact,
        consent=first.consent,
        source=first.source,
        flags=text_flags(addition.answers.free_text),
        received_at=max(at, so_far[-1].received_at),
        adds_to=first,
    )


def _is_danger(so_far: list[Enquiry], addition: _Addition, answers: Answers) -> bool:
    """Return whether this asks for a call within half an hour by itself, or raises what was said before."""
    if triage_in_request(addition.answers).level.rank <= Level.U1.rank:
        return True
    before = triage_in_request(parse_answers(so_far[-1].answers))
    return triage_in_request(answers).level.rank < before.level.rank


def _with_key(addition: _Addition) -> Enquiry | None:
    earlier = Enquiry.objects.filter(idempotency_key=addition.idempotency_key).first()
    if earlier and earlier.fingerprint not in _fingerprints(addition):
        raise KeyReused(earlier)
    return earlier


def _said_just_before(so_far: list[Enquiry], addition: _Addition) -> Enquiry | None:
    """Return the latest addition if it says exactly this: Back and Continue again is nothing new."""
    latest = so_far[-1]
    return latest if latest.adds_to_id and latest.fingerprint in _fingerprints(addition) else None


def _fingerprints(addition: _Addition) -> list[int]:
    return tokens_for_search("addition", addition.words)


def _all_answers(so_far: list[Enquiry], addition: _Addition) -> Answers:
    return reduce(merged, [*(parse_answers(each.answers) for each in so_far), addition.answers])
