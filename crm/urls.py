"""The desk: staff only."""

from django.urls import URLPattern, URLResolver, include, path

from crm import webhooks
from crm.views import actions, calls, dashboard, duplicates, jobs, lead, levels, queue, requests, search

app_name = "crm"
urlpatterns: list[URLPattern | URLResolver] = [
    path("desk/", dashboard.queue, name="dashboard"),
    path("desk/queues/<slug:tab>/", dashboard.queue, name="queue"),
    path("desk/take-next/", queue.take_next, name="take_next"),
    path("desk/reports/", include("crm.report_urls")),
    path("desk/search/", search.search, name="search"),
    path("desk/requests/", requests.requests, name="requests"),
    path("desk/calls/", calls.calls, name="calls"),
    path("desk/calls/<uuid:call>/settle/", calls.settle, name="settle_call"),
    path("desk/texts-in/<uuid:text>/read/", calls.read, name="read_text"),
    path("hooks/phone/<uuid:line>/", webhooks.phone_event, name="phone_event"),
    path("desk/jobs/", jobs.stuck_work, name="jobs"),
    path("desk/jobs/<uuid:job>/retry/", jobs.retry_job, name="retry_job"),
    path("desk/jobs/<uuid:job>/discard/", jobs.discard_job, name="discard_job"),
    path("desk/messages/<uuid:message>/resend/", jobs.resend, name="resend_message"),
    path("desk/messages/<uuid:message>/discard/", jobs.discard, name="discard_message"),
    path("desk/leads/<str:reference>/", lead.lead, name="lead"),
    path("desk/leads/<str:reference>/claim/", queue.claim, name="claim"),
    path("desk/leads/<str:reference>/release/", queue.release, name="release"),
    path("desk/leads/<str:reference>/attempts/", actions.attempt, name="attempt"),
    path("desk/leads/<str:reference>/notes/", actions.note, name="note"),
    path("desk/leads/<str:reference>/contact-rules/", actions.contact_rules, name="contact_rules"),
    path("desk/leads/<str:reference>/requests/", requests.settle, name="settle_request"),
    path("desk/leads/<str:reference>/contact-again/", requests.resume, name="resume_contact"),
    path("desk/leads/<str:reference>/close-page/", requests.close_page, name="close_page"),
    path("desk/leads/<str:reference>/raise/", levels.raise_, name="raise"),
    path("desk/leads/<str:reference>/lower/", levels.lower, name="lower"),
    path("desk/leads/<str:reference>/lower/confirm/", levels.confirm, name="confirm_lowering"),
    path("desk/leads/<str:reference>/lower/decline/", levels.decline, name="decline_lowering"),
    path("desk/leads/<str:reference>/holds/", actions.clear, name="clear_hold"),
    path("desk/leads/<str:reference>/stage/", actions.stage, name="stage"),
    path("desk/leads/<str:reference>/close/", actions.close, name="close"),
    path("desk/leads/<str:reference>/reopen/", actions.reopen, name="reopen"),
    path("desk/leads/<str:reference>/duplicates/", duplicates.find_pair, name="find_pair"),
    path("desk/leads/<str:reference>/duplicates/<str:other>/", duplicates.compare, name="compare"),
    path("desk/leads/<str:reference>/duplicates/<str:other>/merge/", duplicates.merge, name="merge"),
    path("desk/leads/<str:reference>/duplicates/<str:other>/unmerge/", duplicates.unmerge, name="unmerge"),
    path("desk/leads/<str:reference>/duplicates/<str:other>/apart/", duplicates.apart, name="apart"),
]
