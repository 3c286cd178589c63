"""The desk: staff only."""

from django.urls import URLPattern

app_name = "crm"
urlpatterns: list[URLPattern] = []
