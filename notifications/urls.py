"""Where providers report what became of messages, and the short links of texts."""

from django.urls import path

from notifications import views, webhooks

app_name = "notifications"
urlpatterns = [
    path("hooks/receipts/<slug:provider>/", webhooks.receipts, name="receipts"),
    path("a/<str:code>/", views.short_link, name="short_link"),
]
