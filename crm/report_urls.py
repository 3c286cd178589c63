"""The reports' addresses: one name for each report of the catalogue (crm:report_funnel …)."""

from django.urls import path

from crm.reports.catalogue import CATALOGUE
from crm.views import reports

urlpatterns = [
    path("", reports.overview, name="reports"),
    path("leads/", reports.report_leads, name="report_leads"),
    *(
        path(f"{entry.slug}/", reports.report, {"key": entry.key}, f"report_{entry.key}")
        for entry in CATALOGUE
    ),
    path("<slug:key>/<slug:table>.csv", reports.report_file, name="report_file"),
]
