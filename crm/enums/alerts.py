"""Whom an alert goes to, how urgent it is, and who may be named in it."""

from django.db.models import TextChoices

from crm.enums.queues import Level


class Who(TextChoices):
    """Whom one line of a step tells."""

    OWNER = "OWNER", "Whoever has the lead; if nobody has it, everybody on shift"
    ON_SHIFT = "ON_SHIFT", "Everybody on shift"
    ON_CALL_1 = "ON_CALL_1", "On call, rung first"
    ON_CALL_2 = "ON_CALL_2", "On call, second"
    ON_CALL_3 = "ON_CALL_3", "On call, third"
    GETS_ALERTS = "GETS_ALERTS", "Everybody who gets alerts"
    ROLE = "ROLE", "Everybody in a role"

    @property
    def place_on_call(self) -> int | None:
        """Return which place on call it names, if any."""
        return {Who.ON_CALL_1: 1, Who.ON_CALL_2: 2, Who.ON_CALL_3: 3}.get(self)


class AlertLevel(TextChoices):
    """What the steps of an alert depend on: the lead's level, or that it has none yet."""

    E1 = "E1", "E1"
    E2 = "E2", "E2"
    U1 = "U1", "U1"
    UNROUTED = "UNROUTED", "Not routed"
    U2 = "U2", "U2"
    U3 = "U3", "U3"

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent. A lead that is not routed counts as U1."""
        return Level(Level.U1 if self == AlertLevel.UNROUTED else self.value).rank

    @property
    def needs_manager_soon(self) -> bool:
        """Return whether a manager must be told within five minutes, whatever a site decides."""
        return self.rank <= Level.U1.rank

    @classmethod
    def of(cls, level: str | None) -> "AlertLevel":
        """Return the one of a lead's level. What is worse than its pre-booked level says counts as U1."""
        if not level:
            return cls.UNROUTED
        return cls(level) if level in cls.values else cls.U1
