"""The leads behind a figure."""

from dataclasses import dataclass
from datetime import datetime

from crm.answer_labels import label
from crm.enums import Disposition, Level, PromiseState, Stage
from crm.reports.durations import spoken_minutes
from crm.reports.enquiries import read
from crm.reports.figures import Figure
from crm.reports.sources import NOT_RECORDED
from crm.reports.window import Window

PAGE = 50

_COUNTED = """
SELECT reference, local_time, level, stage, disposition, source, main_substance, minutes, promise, total
FROM (
    SELECT *, count(*) OVER () AS total
    FROM (
        SELECT answered.*, closed_from FROM answered
        LEFT JOIN closing ON closing.lead_id = answered.id
    ) AS known
    WHERE """

_PAGE = """
) AS counted
WHERE %(after)s = '' OR (received_at, id) < (SELECT received_at, id FROM crm_lead WHERE reference = %(after)s)
ORDER BY received_at DESC, id DESC LIMIT %(limit)s
"""


@dataclass(frozen=True)
class ListedLead:
    """One lead of a list, with times as its site's clocks showed them. `total` counts the whole list."""

    reference: str
    received: datetime
    level: str | None
    stage: str
    disposition: str
    source: str
    main_substance: str
    minutes: float | None
    promise: str
    total: int

    @property
    def stage_words(self) -> str:
        words = Stage(self.stage).label
        return f"{words}: {Disposition(self.disposition).label}" if self.disposition else words

    @property
    def level_words(self) -> str:
        return Level(self.level).label if self.level else "Not yet routed"

    @property
    def waited(self) -> str:
        return spoken_minutes(self.minutes) if self.minutes is not None else "not reached"

    @property
    def is_late(self) -> bool:
        return self.promise in {PromiseState.LATE, PromiseState.BROKEN}

    @property
    def substance(self) -> str:
        return label(self.main_substance) or NOT_RECORDED


@dataclass(frozen=True)
class LeadPage:
    leads: list[ListedLead]
    next_after: str

    @property
    def total(self) -> int:
        return self.leads[0].total if self.leads else 0


def leads_behind(figure: Figure, window: Window, *, after: str = "") -> LeadPage:
    """Return a page of the figure's leads, newest first, those after the lead `after`; one query."""
    found = read(
        ListedLead,
        window,
        _COUNTED + figure.where() + _PAGE,
        **figure.parameters(),
        after=after,
        limit=PAGE + 1,
    )
    more = len(found) > PAGE
    return LeadPage(found[:PAGE], next_after=found[PAGE - 1].reference if more else "")
