"""What browsers have sent, so that the same words sent twice are written down once."""

from django.db import models

from crm.models.staff import User


class Sending(models.Model):
    """One form that was taken. Its id is a hash of a random key and its words, so it says nothing."""

    id = models.UUIDField(primary_key=True, editable=False)
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    sent_at = models.DateTimeField()

    class Meta:
        # crm.services.sending.forget_sendings
        indexes = (models.Index(fields=["sent_at"], name="sending_by_time"),)

    def __str__(self) -> str:
        return str(self.id)
