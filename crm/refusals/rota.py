"""The rota."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from crm.refusals.refusal import Refusal

if TYPE_CHECKING:
    from crm.models import Shift


class NotOnTheStaff(Refusal):
    def __init__(self) -> None:
        super().__init__("They do not work at this site.")


class ShiftInTheWay(Refusal):
    """Somebody has another shift at that time, maybe at another site."""

    def __init__(self, other: "Shift", zone: ZoneInfo) -> None:
        starts, ends = (each.astimezone(zone) for each in (other.starts_at, other.ends_at))
        when = f"{starts:%A %-d %B, %H:%M} to {ends:%H:%M}"
        super().__init__(f"{other.user} has another shift then: {other.site}, {when}.")


class PlaceOnCallTaken(Refusal):
    """Two people at one site cannot both be the one who is rung first."""

    def __init__(self, other: "Shift", zone: ZoneInfo) -> None:
        starts, ends = (each.astimezone(zone) for each in (other.starts_at, other.ends_at))
        when = f"{starts:%A %-d %B, %H:%M} to {ends:%H:%M}"
        super().__init__(
            f"{other.user} is number {other.on_call} on call then: {when}. Choose another number."
        )


class ShiftIsOver(Refusal):
    def __init__(self) -> None:
        super().__init__(
            "That is over by now. It cannot be planned or changed, and what has begun stays on the rota."
        )
