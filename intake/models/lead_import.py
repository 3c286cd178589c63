"""A list of people who asked for help elsewhere, on its way to be enquiries here."""

from django.db import models
from django.db.models import Q

from crm.models import Site, User
from intake.enums import ImportState
from jobs.ids import uuid7
from vault.fields import EncryptedJSONField, EncryptedTextField

KEEPS_ITS_LIST = (ImportState.UPLOADED, ImportState.CHECKING, ImportState.CHECKED, ImportState.IMPORTING)


class LeadImport(models.Model):
    """One uploaded list. Its content is encrypted, and gone as soon as the list is imported or dropped.

    `next_row` is how far the work has got, in the check and then in the import itself; every row before it
    is counted in one of `opened`, `joined`, `known` and `failed`. `problems` are [row number, messages],
    `joins` are [row number, reference of a lead or number of a row].
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    site = models.ForeignKey(Site, on_delete=models.PROTECT)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.UPLOADED)
    content = EncryptedTextField(null=True)
    columns = models.JSONField("which column means what", default=dict)
    rows = models.PositiveIntegerField(default=0)
    next_row = models.PositiveIntegerField(default=0)
    opened = models.PositiveIntegerField("became leads, or would", default=0)
    joined = models.PositiveIntegerField("joined a lead that was open, or would", default=0)
    known = models.PositiveIntegerField("were imported before", default=0)
    failed = models.PositiveIntegerField("could not be read", default=0)
    problems = EncryptedJSONField(default=list)
    joins = models.JSONField("which row joins which lead, or that of which row above", default=list)
    uploaded_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("-uploaded_at",)
        constraints = (
            models.CheckConstraint(
                condition=Q(state__in=KEEPS_ITS_LIST, content__isnull=False, finished_at=None)
                | ~Q(state__in=KEEPS_ITS_LIST) & Q(content=None, finished_at__isnull=False),
                name="finished_import_keeps_no_list",
            ),
        )

    def __str__(self) -> str:
        return f"Import {self.pk}"

    @property
    def is_working(self) -> bool:
        return self.state in {ImportState.CHECKING, ImportState.IMPORTING}
