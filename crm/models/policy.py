"""How a site orders its queues and when it warns, version by version."""

from django.db import models
from django.db.models import Q

from crm.models.staff import Site, User
from jobs.ids import uuid7

MOST = 25  # per cent of a promise: see crm.ordering


def _percent(words: str) -> models.PositiveSmallIntegerField[int, int]:
    return models.PositiveSmallIntegerField(f"per cent of the promise, {words}")


class QueuePolicy(models.Model):
    """One version of a site's weights, who made it and why. Never edited (database trigger).

    Weights are per cent of the level's promise. `warn_at` maps each level to the per cent of its promise
    after which a row warns.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="queue_policies")
    version = models.PositiveIntegerField()
    repeat = _percent("earlier for each further enquiry")
    sooner = _percent("earlier for a wish to be called sooner")
    worse = _percent("earlier for saying that it has got worse")
    today = _percent("earlier for wanting to start today")
    soon = _percent("earlier for wanting to start within 72 hours")
    tried = _percent("later for each try without an answer")
    warn_at = models.JSONField(default=dict)
    reason = models.CharField(max_length=300)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="queue_policies")
    made_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["site", "version"], name="one_policy_a_version"),
            models.CheckConstraint(
                condition=Q(
                    **{
                        f"{name}__lte": MOST
                        for name in ("repeat", "sooner", "worse", "today", "soon", "tried")
                    }
                ),
                name="weights_within_bounds",
            ),
        )

    def __str__(self) -> str:
        return f"Queue policy {self.version} of {self.site_id}"
