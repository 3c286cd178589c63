"""Content that staff keep up to date. Enquiries are not here: they are read on the desk, with a trace."""

from django.contrib import admin
from django.http import HttpRequest

from intake.models import CallerMessage, Guide, HelpLine, Rule, RuleSet


class OnlyLookedAt:
    """What has its own page at the desk, with its own checks."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: object = None) -> bool:
        return False


@admin.register(HelpLine)
class HelpLineAdmin(admin.ModelAdmin[HelpLine]):
    """Numbers and phrases are written here and confirmed at the desk; a changed one is unconfirmed again."""

    list_display = ("name", "number", "locale", "nation", "is_confirmed", "next_check_date")
    list_filter = ("locale", "is_confirmed")
    search_fields = ("name", "number")
    readonly_fields = ("is_confirmed", "checked_date", "next_check_date")

    def has_delete_permission(self, request: HttpRequest, obj: HelpLine | None = None) -> bool:
        """A line that is no longer right is hidden at the desk; who checked it, and when, is kept."""
        return False


@admin.register(Guide)
class GuideAdmin(OnlyLookedAt, admin.ModelAdmin[Guide]):
    list_display = ("title", "version", "state", "review_date")


@admin.register(CallerMessage)
class CallerMessageAdmin(OnlyLookedAt, admin.ModelAdmin[CallerMessage]):
    list_display = ("key", "voice", "version", "state")
    list_filter = ("voice", "state")


class RuleInline(admin.TabularInline[Rule, RuleSet]):
    model = Rule
    extra = 0
    can_delete = False
    readonly_fields = ("rule_id", "position", "reason", "condition", "level", "messages", "holds")

    def has_add_permission(self, request: HttpRequest, obj: RuleSet | None = None) -> bool:
        return False


@admin.register(RuleSet)
class RuleSetAdmin(OnlyLookedAt, admin.ModelAdmin[RuleSet]):
    """Rule sets are looked at here; publishing has its own checks."""

    list_display = ("version", "state", "owner", "effective_date", "review_date")
    inlines = (RuleInline,)
