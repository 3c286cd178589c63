"""What can become of a list's row, and what it hands in; the same for the check and the import itself."""

from dataclasses import dataclass, field

from crm.enums import LeadChannel
from intake.imports import ImportedRow, row_keys
from intake.models import Enquiry, LeadImport
from intake.services.submission import KeyReused, Submission

FORM = "import-1"
OPENED, JOINED, KNOWN, FAILED = "opened", "joined", "known", "failed"
OTHER_WORDS = "Their number in the other system came before, with other words."


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row: the counter that it is counted in, what was wrong with it, whom it joins.

    `joins`: the reference of a lead, or the number of a row above.
    """

    counter: str
    problems: list[str] = field(default_factory=list)
    joins: str | int = ""


def earlier_enquiry(batch: LeadImport, cells: dict[str, str]) -> Enquiry | None:
    return Enquiry.objects.filter(idempotency_key__in=row_keys(str(batch.site_id), cells)).first()


def refuse_other_words(batch: LeadImport, row: ImportedRow, earlier: Enquiry) -> None:
    """Raise KeyReused when the other system's number stood for other words: they are never dropped unseen."""
    said = submission_of(batch, row, earlier.idempotency_key, {})
    if earlier.fingerprint not in said.fingerprints:
        raise KeyReused(earlier)


def submission_of(batch: LeadImport, row: ImportedRow, key: str, source: dict[str, str]) -> Submission:
    return Submission(
        answers=row.answers,
        contact=row.contact,
        site=batch.site,
        channel=LeadChannel.IMPORT,
        form_version=FORM,
        idempotency_key=key,
        consent={"given": "in another system, as whoever imported the list said"},
        source=source,
        taken_by=batch.by,
    )
