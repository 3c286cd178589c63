"""The check of a list: what would become of each row if it were imported now. Nothing is made by it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.csv_files import Table
from crm.enums import CallerRole, LeadChannel
from crm.selectors.open_leads import OWN_BEHALF
from crm.services.leads import NewEnquiry, is_same_name, lead_to_join
from crm.services.people import PersonDetails
from intake.imports import ImportedRow, RowError, read_row, row_keys
from intake.models import Enquiry, LeadImport
from intake.persons import caller_details, patient_details
from intake.services.import_outcomes import (
    FAILED,
    JOINED,
    KNOWN,
    OPENED,
    OTHER_WORDS,
    Outcome,
    earlier_enquiry,
    refuse_other_words,
    submission_of,
)
from intake.services.submission import KeyReused

AT_ONCE = 5000  # keys in one question


@dataclass(frozen=True, slots=True)
class Above:
    """A row that would have a lead by the time that the import reaches those below it."""

    number: int
    role: CallerRole
    patient: str


class RowCheck:
    """Checks the rows of one list. Each knows of those above it: of two of one person the second joins."""

    def __init__(self, batch: LeadImport, table: Table) -> None:
        self.batch, self.table = batch, table
        self.said: dict[str, int] = {}  # by key, what a row above says
        self.above: defaultdict[int, list[Above]] = defaultdict(list)
        known = _known([key for place in range(batch.next_row) for key in self._keys(place)])
        for place in range(batch.next_row):
            if known.isdisjoint(self._keys(place)):
                self._pass(place)

    def __call__(self, batch: LeadImport, place: int, table: Table, at: datetime) -> Outcome:
        """Say what would become of a row."""
        cells = self._cells(place)
        try:
            row, earlier = read_row(cells), earlier_enquiry(batch, cells)
            if earlier:
                refuse_other_words(batch, row, earlier)
            is_known = earlier is not None or self._is_above(place, row)
        except RowError as error:
            return Outcome(FAILED, error.problems)
        except KeyReused:
            return Outcome(FAILED, [OTHER_WORDS])
        return Outcome(KNOWN) if is_known else self._of_new(place, row, at)

    def _cells(self, place: int) -> dict[str, str]:
        return self.table.cells(place, self.batch.columns)

    def _keys(self, place: int) -> list[str]:
        return row_keys(str(self.batch.site_id), self._cells(place))

    def _pass(self, place: int) -> None:
        """Remember a row that was checked before, in an earlier batch."""
        try:
            row = read_row(self._cells(place))
        except RowError:
            return
        if self._keys(place)[0] not in self.said:
            self._remember(place, row)

    def _is_above(self, place: int, row: ImportedRow) -> bool:
        """Return whether this very row stands above. Raises KeyReused for its number with other words."""
        said = self.said.get(self._keys(place)[0])
        if said is not None and said != self._fingerprint(place, row):
            raise KeyReused(Enquiry())
        return said is not None

    def _of_new(self, place: int, row: ImportedRow, at: datetime) -> Outcome:
        enquiry = self._enquiry(row, at)
        lead, above = lead_to_join(enquiry=enquiry), self._lead_above(enquiry)
        self._remember(place, row)
        joins = lead.reference if lead else above
        return Outcome(JOINED, joins=joins) if joins else Outcome(OPENED)

    def _lead_above(self, enquiry: NewEnquiry) -> int:
        """Return the number of the row above whose lead it would join, the nearest first; 0 for none."""
        rows = [each for token in enquiry.caller.lookup_tokens for each in self.above[token]]
        same = [each.number for each in rows if _is_same(each, enquiry)]
        return max(same, default=0)

    def _remember(self, place: int, row: ImportedRow) -> None:
        self.said[self._keys(place)[0]] = self._fingerprint(place, row)
        caller, patient = _people(row)
        above = Above(self.table.rows[place][0], CallerRole(row.answers.enquirer), (patient or caller).name)
        for token in caller.contact_tokens:
            self.above[token].append(above)

    def _fingerprint(self, place: int, row: ImportedRow) -> int:
        return submission_of(self.batch, row, self._keys(place)[0], {}).fingerprint

    def _enquiry(self, row: ImportedRow, at: datetime) -> NewEnquiry:
        caller, patient = _people(row)
        return NewEnquiry(
            reference="",
            site=self.batch.site,
            channel=LeadChannel.IMPORT,
            caller_role=CallerRole(row.answers.enquirer),
            caller=caller,
            patient=patient,
            call_by=at,
            received_at=at,
        )


def _people(row: ImportedRow) -> tuple[PersonDetails, PersonDetails | None]:
    return caller_details(row.contact), patient_details(row.answers, row.contact)


def _is_same(above: Above, enquiry: NewEnquiry) -> bool:
    mine, theirs = enquiry.caller_role, above.role
    if mine != theirs and not {mine, theirs} <= set(OWN_BEHALF):
        return False
    return is_same_name(above.patient, (enquiry.patient or enquiry.caller).name, mine)


def _known(keys: Sequence[str]) -> set[str]:
    """Return those keys of which there is an enquiry already."""
    found: set[str] = set()
    for first in range(0, len(keys), AT_ONCE):
        enquiries = Enquiry.objects.filter(idempotency_key__in=keys[first : first + AT_ONCE])
        found.update(enquiries.values_list("idempotency_key", flat=True))
    return found
