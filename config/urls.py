"""Every address of the product. Public pages are intake's, the desk is crm's."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from config.api import api

handler400 = "intake.views.errors.bad_request"
handler403 = "intake.views.errors.forbidden"
handler404 = "intake.views.errors.not_found"
handler500 = "intake.views.errors.server_error"

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", api.urls),
    path("", include("notifications.urls")),
    path("", include("crm.urls")),
    *i18n_patterns(path("", include("intake.urls")), prefix_default_language=False),
]
