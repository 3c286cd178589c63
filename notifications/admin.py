"""Messages in the technical admin: to look at, not to change, and without address and link."""

from typing import Any

from django.contrib import admin

from notifications.models import Delivery, Message


class ReadOnly:
    """No adding, changing or deleting: the outbox is what happened."""

    def has_add_permission(self, *_: Any) -> bool:
        return False

    def has_change_permission(self, *_: Any) -> bool:
        return False

    def has_delete_permission(self, *_: Any) -> bool:
        return False


class DeliveryInline(ReadOnly, admin.TabularInline):  # type: ignore[type-arg]  # not generic at run time
    model = Delivery
    fields = ("started_at", "finished_at", "outcome", "reason")


@admin.register(Message)
class MessageAdmin(ReadOnly, admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    list_display = ("kind", "channel", "state", "tries", "created_at", "sent_at", "failed_at")
    list_filter = ("state", "kind")
    exclude = ("to", "context")
    inlines = (DeliveryInline,)
