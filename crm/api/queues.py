"""The desk's queues, most pressing first."""

from datetime import datetime
from typing import Annotated, Literal

from ninja import Path, Query, Router
from pydantic import BaseModel, Field

from crm.api.access import StaffRequest, StaffToken
from crm.api.problems import InvalidProblem, PhoneProblem, Problem, invalid
from crm.api.states import LeadState, ReasonOut, state_of
from crm.models import User
from crm.selectors.queue_rows import QueueRow, queue_page
from crm.selectors.queues import Cursor, Tab

router = Router(tags=["Desk"], auth=StaffToken())

QueueSlug = Literal["urgent", "prebooked", "unrouted", "review"]


class LeadRow(LeadState):
    """One lead: enough to decide whom to call first."""

    caller: str = Field(description="The caller's name, or empty.", examples=["Ada Example"])
    about: str = Field(description="Whom the enquiry is about, unless the caller asks for themselves.")
    substance: str
    promise: str = Field(description="What is due next and in how long.", examples=["call within 25 minutes"])
    reasons: list[ReasonOut] = Field(description="The most urgent reasons.")
    more_reasons: int


class LeadPage(BaseModel):
    """One page of a queue. Ask again with `cursor=next_cursor` for the rest; it is null on the last page."""

    leads: list[LeadRow]
    next_cursor: str | None


ANSWERS = {
    200: LeadPage,
    401: Problem,
    403: Problem,
    404: Problem,
    422: InvalidProblem,
    500: Problem,
    503: PhoneProblem,
}


@router.get("/queues/{queue}/leads", response=ANSWERS, summary="List a queue", operation_id="list_queue")
def list_queue(
    request: StaffRequest,
    queue: Annotated[QueueSlug, Path()],
    cursor: Annotated[str, Query(description="`next_cursor` of the page before.")] = "",
    limit: Annotated[int, Query(ge=1, le=100)] = 50,
) -> LeadPage:
    """List the open leads of your sites in one queue, most pressing first.

    A lead that nothing has placed within a minute stands in `urgent`, too, as U1.
    """
    after = Cursor.parse(cursor) if cursor else None
    if cursor and after is None:
        raise invalid({"cursor": ["This is not a cursor that we gave out."]})
    user, at = request.user, request.at
    page = queue_page(tab=Tab(queue), user=user, at=at, after=after, size=limit)
    rows = [_row(row, user, at) for row in page.rows]
    return LeadPage(leads=rows, next_cursor=page.next_cursor or None)


def _row(row: QueueRow, user: User, at: datetime) -> LeadRow:
    return LeadRow(
        **state_of(row.lead, user, at),
        caller=row.who,
        about=row.about,
        substance=row.substance,
        promise=row.promise.words,
        reasons=[ReasonOut.of(reason) for reason in row.reasons],
        more_reasons=row.more_reasons,
    )
