"""Words that a site puts on its leads. Managers choose the words; whoever works a lead uses them."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower

from crm.models.lead import Lead
from crm.models.staff import Site, User
from jobs.ids import uuid7


class Tag(models.Model):
    """One word of a site's vocabulary. One that is retired stays where it is and is not offered any more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="tags")
    name = models.CharField(max_length=30)
    created_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                Lower("name"), "site", condition=Q(retired_at=None), name="one_tag_of_a_name_at_a_site"
            ),
        )

    def __str__(self) -> str:
        return self.name


class LeadTag(models.Model):
    """A tag on a lead of the same site (database trigger)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    lead = models.ForeignKey(Lead, on_delete=models.CASCADE, related_name="tagged")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="uses")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    tagged_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["lead", "tag"], name="tagged_once"),)

    def __str__(self) -> str:
        return f"{self.tag_id} on lead {self.lead_id}"
