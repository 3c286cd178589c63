"""Taking an enquiry. The words are committed first; whatever breaks after that can be repaired.

tx 1  the enquiry as it was sent        from here on it cannot be lost
      triage, in the request            what the caller is told
tx 2  its lead, history and jobs        if this fails, intake.services.repair does it again
"""

import json
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from django.db import IntegrityError, connection, transaction

from crm.enums import LeadChannel
from crm.models import Site, User
from crm.references import new_reference
from intake.contact import Contact
from intake.models import Enquiry
from intake.services.answering import Answer, answer_for
from intake.services.linking import Heard, link_enquiry
from intake.triage.answers import Answers
from vault.tokens import token, tokens_for_search

log = structlog.get_logger(__name__)

CHOOSE_THEIR_KEYS = (LeadChannel.API, LeadChannel.IMPORT)
SENT_AGAIN_WITHIN = timedelta(minutes=15)
# Asked for every form, nearly always in vain: a third of the time that the ORM takes.
SAME_WORDS = """
    SELECT id FROM intake_enquiry WHERE fingerprint = %s AND site_id = %s AND received_at > %s
    ORDER BY received_at DESC LIMIT 1
"""
TRIES = 5  # at a reference that is free: there are 3,400,000,000


class KeyReused(Exception):
    """The idempotency key came with another body before. `enquiry` is what came first; it stands."""

    def __init__(self, enquiry: Enquiry) -> None:
        super().__init__(enquiry.reference)
        self.enquiry = enquiry


@dataclass(frozen=True, slots=True)
class Submission:
    """One enquiry as a form, the API or a call-taker hands it in."""

    answers: Answers
    contact: Contact
    site: Site
    channel: LeadChannel
    form_version: str
    idempotency_key: str
    consent: dict[str, Any] = field(default_factory=dict)
    source: dict[str, str] = field(default_factory=dict)
    flags: list[str] = field(default_factory=list)
    taken_by: User | None = None

    @property
    def fingerprint(self) -> int:
        """Return a keyed hash of what was said, so that a key with another body is noticed."""
        return token("submission", self._said())

    @property
    def fingerprints(self) -> list[int]:
        """Return the hash under every key that we have, so that a rotation makes no conflict of a retry."""
        return tokens_for_search("submission", self._said())

    def _said(self) -> str:
        return json.dumps([self.answers.to_dict(), self.contact.to_dict(), self.consent], sort_keys=True)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the caller gets back: the stored enquiry and what to tell them."""

    enquiry: Enquiry
    answer: Answer


def submit_enquiry(*, submission: Submission, at: datetime) -> Receipt:
    """Store an enquiry and open or join its lead; the same submission twice gets the same receipt.

    Raises KeyReused for a known key with other words, and OperationalError or InterfaceError when the
    database is down: then nothing is promised. Any later failure is left to the repair sweep, and the caller
    is answered all the same.
    """
    enquiry = _store(submission, at)
    if enquiry.answer:
        return Receipt(enquiry, Answer.from_dict(enquiry.answer))
    return answered(Heard.of(enquiry, submission.answers, submission.contact), at)


def submit_as_typed(*, submission: Submission, at: datetime) -> Receipt:
    """Hand in a form. Words that were changed after they had been sent are a second enquiry.

    Raises OperationalError or InterfaceError when the database is down.
    """
    try:
        return submit_enquiry(submission=submission, at=at)
    except KeyReused:
        key = f"{submission.idempotency_key}:{submission.fingerprint & 0xFFFFFFFFFFFFFFFF:x}"
        return submit_enquiry(submission=replace(submission, idempotency_key=key), at=at)


def answered(heard: Heard, at: datetime) -> Receipt:
    """Link a stored enquiry and return its receipt; whatever fails is left to the repair sweep."""
    try:
        enquiry = link_enquiry(heard=heard, at=at)
    except Exception as error:  # noqa: BLE001  the words are stored: whatever failed, the caller must be answered
        log.error("enquiry_not_linked", reference=heard.enquiry.reference, error=type(error).__name__)
        return Receipt(heard.enquiry, heard.answer)
    return Receipt(enquiry, answer_for(enquiry))


def _store(submission: Submission, at: datetime, tries: int = TRIES) -> Enquiry:
    """Commit the enquiry, or return the one that was made of the same key or, from a form, the same words."""
    if earlier := _sent_before(submission, at):
        return earlier
    try:
        with transaction.atomic(durable=True):
            return _insert(submission, at)
    except IntegrityError:
        earlier = Enquiry.objects.filter(idempotency_key=submission.idempotency_key).first()
        if earlier:
            return _same(earlier, submission)
        if tries == 1:
            raise
    return _store(submission, at, tries - 1)  # the random reference was taken: try another one


def _sent_before(submission: Submission, at: datetime) -> Enquiry | None:
    """Return what a form sent with exactly these words a moment ago: Back and Send again is no second call.

    A program chooses its keys with care, and a list has one for each row: two of them are two enquiries.
    """
    if submission.channel in CHOOSE_THEIR_KEYS:
        return None
    with connection.cursor() as cursor:
        cursor.execute(SAME_WORDS, [submission.fingerprint, submission.site.pk, at - SENT_AGAIN_WITHIN])
        found = cursor.fetchone()
    return Enquiry.objects.get(pk=found[0]) if found else None


def _insert(submission: Submission, at: datetime) -> Enquiry:
    return Enquiry.objects.create(
        reference=new_reference(),
        idempotency_key=submission.idempotency_key,
        fingerprint=submission.fingerprint,
        site=submission.site,
        channel=submission.channel,
        form_version=submission.form_version,
        answers=submission.answers.to_dict(),
        contact=submission.contact.to_dict(),
        consent=submission.consent,
        source=submission.source,
        flags=submission.flags,
        taken_by=submission.taken_by,
        received_at=at,
    )


def _same(earlier: Enquiry, submission: Submission) -> Enquiry:
    if earlier.fingerprint not in submission.fingerprints:
        raise KeyReused(earlier)
    return earlier
