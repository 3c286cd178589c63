"""Staff, the sites they work at, and in which role."""

from datetime import time
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower, Now

from crm.canary import CANARY_SITE
from crm.enums import Role
from jobs.ids import uuid7


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A member of staff, who signs in with an e-mail address."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    full_name = models.CharField(max_length=150, blank=True)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField("may use the technical admin", default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    wants_shift_summary = models.BooleanField(
        "gets an e-mail at the end of each shift", default=True, db_default=True
    )
    wants_day_summary = models.BooleanField(
        "gets the daily summary as a manager", default=True, db_default=True
    )

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="user_email_unique_without_case"),)

    def __str__(self) -> str:
        return self.full_name or self.email

    def get_full_name(self) -> str:
        return str(self)

    def name_in_public(self) -> str:
        """Return what they are called where nobody is signed in: by their address, never."""
        return self.full_name or "A colleague"


class Site(models.Model):
    """A centre that takes enquiries."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    slug = models.SlugField(unique=True)
    name = models.CharField(max_length=100)
    phone = models.CharField("public phone number", max_length=40)
    time_zone = models.CharField(max_length=50, default="Europe/London")
    locale = models.CharField("help lines shown", max_length=2, default="GB")
    nation = models.CharField(max_length=20, blank=True, default="England")
    is_always_staffed = models.BooleanField(
        "somebody is on shift at every hour",
        default=True,
        help_text="If not, enter the opening times below: callers are told when the next person is there.",
    )
    keeps_rota = models.BooleanField(
        "the rota says when somebody is on shift",
        default=False,
        db_default=False,
        help_text="As far as it is planned; after that, the times below. Shifts on call do not count.",
    )
    keeps_bank_holidays = models.BooleanField(
        "nobody is on shift on bank holidays",
        default=True,
        help_text="The bank holidays of the nation are entered below by themselves. No matter at a site that "
        "is always staffed.",
    )
    p1_staffed_minutes = models.PositiveIntegerField(
        "staffed minutes to the first call, P1",
        null=True,
        blank=True,
        help_text="Empty: one day, and if nobody is there then, the first hour after the next opening.",
    )
    p2_staffed_minutes = models.PositiveIntegerField(
        "staffed minutes to the first call, P2",
        null=True,
        blank=True,
        help_text="Empty: two days, and if nobody is there then, the first hour after the next opening.",
    )
    day_summary_at = models.TimeField(
        "when managers get the summary of the day before",
        null=True,
        blank=True,
        default=time(7, 30),
        db_default=time(7, 30),
        help_text="In the site's own time, every day. Empty: none is sent.",
    )
    day_summary_since = models.DateTimeField(
        "no summary that was due before is sent", db_default=Now(), editable=False
    )
    is_default = models.BooleanField("takes the public forms' enquiries", default=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["is_default"], condition=models.Q(is_default=True), name="one_default_site"
            ),
            models.CheckConstraint(
                condition=~models.Q(pk=CANARY_SITE, is_default=True), name="canary_site_is_never_default"
            ),
        )

    def __str__(self) -> str:
        return self.name


class Membership(models.Model):
    """One person's role at one site; nobody sees a lead outside their memberships."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    site = models.ForeignKey(Site, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=20, choices=Role)
    gets_alerts = models.BooleanField(default=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["user", "site"], name="one_role_a_site"),
            models.CheckConstraint(condition=~models.Q(site=CANARY_SITE), name="nobody_works_at_canary_site"),
        )

    def __str__(self) -> str:
        return f"{self.user}, {self.get_role_display()} at {self.site}"
