"""Work that died: managers are told, and the desk's page of stuck work shows it."""

from django.conf import settings
from django.urls import reverse

from crm.enums import Role
from crm.models import User
from jobs.clock import database_now
from jobs.models import Job
from notifications.catalogue import MessageKind
from notifications.services.outbox import DELIVER, queue_message


def tell_managers_of_dead_job(job: Job) -> None:
    """Queue a message to every manager. Not about a message that died: it might die in turn, for ever."""
    if job.kind == DELIVER:
        return
    context = {"job_kind": job.kind, "link": settings.BASE_URL + reverse("crm:jobs")}
    at = database_now()
    for manager in User.objects.filter(is_active=True, memberships__role=Role.MANAGER).distinct():
        key = f"dead:{job.pk}:{job.dead_at}:{manager.pk}"  # a job that was retried may die again
        queue_message(
            kind=MessageKind.JOB_DEAD, to=manager.email, context=context, dedupe_key=key, about=job.pk, at=at
        )
