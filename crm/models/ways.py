"""By what a member of staff can be told, besides the e-mail address of their account."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from crm.enums import LossOfWay, WayCheckKind
from crm.models.rota import Shift
from crm.models.staff import User
from jobs.ids import uuid7
from notifications.enums import ChannelName
from notifications.models import Message
from vault.fields import EncryptedTextField


class StaffChannel(models.Model):
    """One number, browser or webhook of one person. It is used once they have shown that it reaches them.

    `address` is what the channel calls one (notifications.channels.base.Outgoing.to); `recipient` finds it:
    notifications.services.outbox.recipient_token. `lost_at`: nothing is sent there any more, because its
    owner texted STOP or its provider says that nobody is there. `failing_since`: what was sent last did not
    get through; it is still tried.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="ways")
    channel = models.CharField(max_length=10, choices=ChannelName)
    address = EncryptedTextField()
    recipient = models.BigIntegerField("search token of the address")
    name = models.CharField("what its owner calls it", max_length=60, blank=True)
    added_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True, blank=True)
    confirmed_at = models.DateTimeField(
        "when its owner last said that something by it came", null=True, blank=True
    )
    failing_since = models.DateTimeField(null=True, blank=True)
    failing_why = models.CharField("error class or reply code", max_length=60, blank=True)
    lost_at = models.DateTimeField(null=True, blank=True)
    lost_why = models.CharField(max_length=10, choices=LossOfWay, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "channel", "recipient"], name="one_way_a_person_once"),
            # a browser is one person's: whoever signs in there next must not get the alerts of the one before
            models.UniqueConstraint(
                fields=["recipient"], condition=Q(channel=ChannelName.PUSH), name="one_person_a_browser"
            ),
            models.CheckConstraint(condition=~Q(channel=ChannelName.EMAIL), name="email_is_the_account_s"),
            models.CheckConstraint(
                condition=Q(lost_at=None, lost_why="") | Q(lost_at__isnull=False) & ~Q(lost_why=""),
                name="lost_way_has_reason",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(verified_at__isnull=False),
                name="confirmed_way_is_verified",
            ),
        )
        indexes = (
            # crm.services.lost_ways: whose an address is
            models.Index(fields=["recipient", "channel"], name="way_by_recipient"),
        )

    def __str__(self) -> str:
        return f"{self.get_channel_display()} of {self.user_id}"

    @property
    def is_in_use(self) -> bool:
        """Return whether alerts go there."""
        return self.verified_at is not None and self.lost_at is None

    def name_in_words(self) -> str:
        """Return what to call it on a page: its name, or else what it is."""
        return self.name or str(self.get_channel_display())

    @classmethod
    def in_use(cls, **which: Any) -> "models.QuerySet[StaffChannel]":
        """Return those that alerts go to."""
        return cls.objects.filter(verified_at__isnull=False, lost_at=None, **which)


class RemovedWay(models.Model):
    """Where nothing is sent any more because its owner took it back, as a token: the address is forgotten.

    What was on its way then, or names it as its next way, asks (crm.selectors.ways.is_way_in_use).
    """

    channel = models.CharField(max_length=10, choices=ChannelName)
    recipient = models.BigIntegerField("search token of the address")
    removed_at = models.DateTimeField()

    class Meta:
        indexes = (models.Index(fields=["recipient", "channel"], name="removed_way_by_recipient"),)

    def __str__(self) -> str:
        return f"{self.get_channel_display()}, removed"


class WayCheck(models.Model):
    """One thing that was sent by one way to find out whether it reaches its owner: a code, or a marked test.

    `way` is empty for the account's own e-mail address, and for a way that was removed since: `recipient`
    still counts what an address got. A code itself is kept as a hash only. `shift` is the one on call before
    which it was asked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="way_checks")
    way = models.ForeignKey(StaffChannel, on_delete=models.SET_NULL, null=True, blank=True)
    channel = models.CharField(max_length=10, choices=ChannelName)
    recipient = models.BigIntegerField("search token of the address")
    kind = models.CharField(max_length=10, choices=WayCheckKind)
    message = models.ForeignKey(Message, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    shift = models.ForeignKey(Shift, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    code_hash = models.CharField(max_length=64, blank=True)
    tries = models.PositiveSmallIntegerField("wrong codes", default=0)
    sent_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=Q(kind=WayCheckKind.CODE) & ~Q(code_hash="")
                | ~Q(kind=WayCheckKind.CODE) & Q(code_hash=""),
                name="code_has_hash",
            ),
            models.UniqueConstraint(
                fields=["shift", "user", "channel", "recipient"],
                condition=Q(shift__isnull=False),
                name="asked_once_before_a_shift",
            ),
        )
        indexes = (
            # crm.selectors.my_ways, crm.services.way_codes: what somebody was sent lately
            models.Index(fields=["user", "sent_at"], name="way_check_by_user"),
            # crm.services.way_codes: what an address was sent lately, whoever asked
            models.Index(fields=["recipient", "sent_at"], name="way_check_by_recipient"),
        )

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel} to {self.user_id}"


class QuietHours(models.Model):
    """When somebody wants no more than e-mail, by the clock of one place (crm.selectors.quiet)."""

    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="quiet_hours")
    begins = models.TimeField()
    ends = models.TimeField()
    time_zone = models.CharField(max_length=50)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=~Q(begins=F("ends")), name="quiet_hours_have_a_length"),
        )

    def __str__(self) -> str:
        return f"{self.begins:%H:%M} to {self.ends:%H:%M}"
