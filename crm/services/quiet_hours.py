"""When somebody wants no more than e-mail."""

from datetime import time

from crm.models import QuietHours, User

DEFAULT_ZONE = "Europe/London"


def set_quiet_hours(*, user: User, begins: time | None, ends: time | None) -> None:
    """Keep somebody's quiet hours by the clock of their first site; none without times."""
    if begins is None or ends is None:
        QuietHours.objects.filter(user=user).delete()
        return
    zones = user.memberships.order_by("site__name").values_list("site__time_zone", flat=True)
    said = {"begins": begins, "ends": ends, "time_zone": zones.first() or DEFAULT_ZONE}
    QuietHours.objects.update_or_create(user=user, defaults=said)
