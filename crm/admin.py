"""The technical admin: people, sites and who works where. Leads are worked at the desk only."""

from typing import Any

from allauth.account.decorators import secure_admin_login
from django import forms
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import BaseUserCreationForm
from django.db.models import Field, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from crm.canary import CANARY_SITE
from crm.checks import is_usable
from crm.enums import PhoneProvider
from crm.models import ClosedDate, Membership, OpeningTime, PhoneLine, Site, User

# The admin's own sign-in page knows no second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


PLACES = {
    "locale": (("GB", "United Kingdom"), ("IE", "Ireland"), ("US", "United States")),
    "nation": (
        ("", "None, or outside the United Kingdom"),
        *((nation, nation) for nation in ("England", "Wales", "Scotland", "Northern Ireland")),
    ),
}


class StaffCreationForm(BaseUserCreationForm[User]):
    """A new member of staff: e-mail address and password."""

    class Meta:
        model = User
        fields = ("email", "full_name")


class OnlyRealSites:
    """No choice of a site offers the canary's, where nobody works."""

    def formfield_for_foreignkey(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        if db_field.related_model is Site:
            kwargs["queryset"] = Site.objects.exclude(pk=CANARY_SITE)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)  # type: ignore[misc]


class MembershipInline(OnlyRealSites, admin.TabularInline[Membership, User]):
    model = Membership
    extra = 1


@admin.register(User)
class StaffAdmin(UserAdmin[User]):
    add_form = StaffCreationForm
    inlines = (MembershipInline,)
    ordering = ("email",)
    list_display = ("email", "full_name", "is_active", "is_staff")
    list_filter = ("is_active", "is_staff")
    search_fields = ("email", "full_name")
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("email", "full_name", "password")}),
        ("Access", {"fields": ("is_active", "is_staff", "is_superuser")}),
        ("E-mails", {"fields": ("wants_shift_summary", "wants_day_summary")}),
    )
    add_fieldsets = ((None, {"fields": ("email", "full_name", "password1", "password2")}),)

    def has_delete_permission(self, request: object, obj: User | None = None) -> bool:
        """Nobody is deleted: their work is history. Leaving means that `is_active` is taken away."""
        return False


class OpeningTimeInline(admin.TabularInline[OpeningTime, Site]):
    model = OpeningTime
    extra = 0


class ClosedDateInline(admin.TabularInline[ClosedDate, Site]):
    model = ClosedDate
    extra = 0


@admin.register(Site)
class SiteAdmin(admin.ModelAdmin[Site]):
    list_display = ("name", "slug", "phone", "time_zone", "is_always_staffed", "is_default")
    inlines = (OpeningTimeInline, ClosedDateInline)
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("day_summary_at",)  # changed at the desk, which keeps who did and why

    def get_queryset(self, request: HttpRequest) -> QuerySet[Site]:
        """Leave out the canary's: there is nothing to set, and it must stay as it is."""
        return super().get_queryset(request).exclude(pk=CANARY_SITE)

    def formfield_for_dbfield(self, db_field: Field[Any, Any], *args: Any, **kwargs: Any) -> Any:
        """Let the place be picked: a misspelt one would take its help lines off the public pages."""
        if choices := PLACES.get(db_field.name):
            label = str(db_field.verbose_name).capitalize()
            return forms.ChoiceField(label=label, choices=choices, required=not db_field.blank)
        return super().formfield_for_dbfield(db_field, *args, **kwargs)


@admin.register(Membership)
class MembershipAdmin(OnlyRealSites, admin.ModelAdmin[Membership]):
    list_display = ("user", "site", "role", "gets_alerts")
    list_filter = ("site", "role", "gets_alerts")
    autocomplete_fields = ("user",)


@admin.register(PhoneLine)
class PhoneLineAdmin(OnlyRealSites, admin.ModelAdmin[PhoneLine]):
    """A line is taken out of use, never deleted: its calls are history."""

    list_display = ("name", "site", "provider", "secret_name", "secret", "is_active", "address")
    list_filter = ("site", "provider", "is_active")
    readonly_fields = ("secret", "address")

    @admin.display(description="Address for the phone system")
    def address(self, line: PhoneLine) -> str:
        return settings.BASE_URL + reverse("crm:phone_event", args=[line.pk])

    @admin.display(description="Its secret")
    def secret(self, line: PhoneLine) -> str:
        """Say whether signatures can be checked: without a secret every message of the line is refused."""
        secret = settings.PHONE_SECRETS.get(line.secret_name, "")
        if not secret:
            return "Not in PHONE_SECRETS: every message is refused"
        is_read = line.provider == PhoneProvider.TWILIO or is_usable(secret)
        return "Known" if is_read else "Cannot be read: what stands behind whsec_ is no base64"

    def has_delete_permission(self, request: object, obj: PhoneLine | None = None) -> bool:
        return False
