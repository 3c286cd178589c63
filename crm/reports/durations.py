"""Lengths of time and shares of a whole, in words that a manager reads at a glance."""


def spoken_minutes(minutes: float | None) -> str:
    """Return "under 1 min", "12 min", "1 h 30 min" or "2 d 3 h"; a dash for nothing."""
    if minutes is None:
        return "–"
    if minutes < 1:
        return "under 1 min"
    total = round(minutes)
    days, rest = divmod(total, 24 * 60)
    hours, left = divmod(rest, 60)
    parts = [(days, "d"), (hours, "h"), (left if not days else 0, "min")]
    return " ".join(f"{number} {unit}" for number, unit in parts if number)


def share(part: int, whole: int) -> float | None:
    """Return a percentage with one decimal, or None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def spoken_share(percentage: float | None) -> str:
    """Return "28%", "under 1%", or a dash for nothing. 99.7 is not yet "100%"."""
    if percentage is None:
        return "–"
    if 0 < percentage < 1:
        return "under 1%"
    return "over 99%" if 99 < percentage < 100 else f"{percentage:.0f}%"
