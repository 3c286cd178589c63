"""Which summaries somebody wants by e-mail."""

from crm.models import User


def choose_summaries(*, user: User, shifts: bool, days: bool | None) -> None:
    """Keep what somebody wants; `days` is None for whoever gets no summary of days and was not asked."""
    user.wants_shift_summary = shifts
    user.wants_day_summary = user.wants_day_summary if days is None else days
    user.save(update_fields=["wants_shift_summary", "wants_day_summary"])
