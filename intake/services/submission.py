"""Taking an enquiry. The words are committed first; whatever breaks after that can be repaired.

    tx 1  the enquiry as it was sent        from here on it cannot be lost
          triage, in the request            what the caller is told
    tx 2  its lead, history and jobs        if this fails, intake.services.repair does it again
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from django.db import DatabaseError, IntegrityError, transaction

from crm.enums import LeadChannel
from crm.models import Site, User
from crm.references import new_reference
from intake.contact import Contact
from intake.models import Enquiry
from intake.services.answering import Answer, answer_for
from intake.services.linking import link_enquiry
from intake.triage.answers import Answers
from vault.tokens import token

log = structlog.get_logger(__name__)


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
        said = [self.answers.to_dict(), self.contact.to_dict(), self.consent]
        return token("submission", json.dumps(said, sort_keys=True))


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the caller gets back: the stored enquiry and what to tell them."""

    enquiry: Enquiry
    answer: Answer


def submit_enquiry(*, submission: Submission, at: datetime) -> Receipt:
    """Store an enquiry and open or join its lead; the same submission twice gets the same receipt.

    Raises KeyReused for a known key with other words, and OperationalError when the database is down:
    then nothing is promised. Any later failure is left to the repair sweep, and the caller is still answered.
    """
    enquiry = _store(submission, at)
    try:
        enquiry = link_enquiry(enquiry_id=enquiry.pk, at=at)
    except DatabaseError as error:
        log.error("enquiry_not_linked", reference=enquiry.reference, error=type(error).__name__)
    return Receipt(enquiry, answer_for(enquiry))


def _store(submission: Submission, at: datetime) -> Enquiry:
    """Commit the enquiry, or return the one that its key made before."""
    while True:
        try:
            with transaction.atomic():
                return _insert(submission, at)
        except IntegrityError:
            if earlier := Enquiry.objects.filter(idempotency_key=submission.idempotency_key).first():
                return _same(earlier, submission)
            # else the random reference was taken: try another one


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
    if earlier.fingerprint != submission.fingerprint:
        raise KeyReused(earlier)
    return earlier
