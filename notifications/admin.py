"""Messages in the technical admin: to look at, not to change, and without address and link."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from notifications.models import Delivery, Message
from notifications.selectors import messages_to_people


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
    exclude = ("to", "context", "ways")
    inlines = (DeliveryInline,)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Message]:
        """Leave out what the canary's alerts are: for nobody."""
        return super().get_queryset(request) & messages_to_people()
