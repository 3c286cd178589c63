"""Every address of the product. Public pages are intake's, the desk is crm's."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("accounts/", include("allauth.urls")),
    path("admin/", admin.site.urls),
    path("", include("crm.urls")),
    path("", include("intake.urls")),
]
