"""The managers' page of what got stuck."""

from uuid import UUID

import pytest
from django.test import Client

from crm.models import Site, User
from jobs.clock import database_now
from jobs.ids import uuid7
from jobs.models import Job
from notifications.enums import MessageState
from notifications.models import Message
from tests.factories import LeadFactory
from tests.pages import text_of

PAGE = "/desk/jobs/"
GONE = "Somebody has dealt with that already."


@pytest.fixture
def managers_desk(client: Client, manager: User) -> Client:
    client.force_login(manager)
    return client


def dead_job() -> Job:
    at = database_now()
    return Job.objects.create(
        kind="crm.tasks.return_lease",
        queue="routine",
        dedupe_key=str(uuid7()),
        due_at=at,
        publish_at=at,
        attempts=8,
        dead_at=at,
        error_class="ZeroDivisionError",
        created_at=at,
    )


def failed_message(**fields: object) -> Message:
    at = database_now()
    return Message.objects.create(
        kind="URGENT_LEAD_ALERT",
        channel="EMAIL",
        to="someone@threshold.example",
        dedupe_key=str(uuid7()),
        state=MessageState.FAILED,
        failed_at=at,
        created_at=at,
        **fields,
    )


def test_the_page_lists_dead_jobs_and_failed_messages(managers_desk: Client, site: Site) -> None:
    lead = LeadFactory(site=site)
    dead_job()
    failed_message(context={"reference": lead.reference})
    text = text_of(managers_desk.get(PAGE))
    for words in ("crm.tasks.return_lease", "ZeroDivisionError", "Alert: an urgent lead", lead.reference):
        assert words in text
    assert "someone@threshold.example" not in text


def test_the_page_says_when_nothing_is_stuck(managers_desk: Client) -> None:
    text = text_of(managers_desk.get(PAGE))
    assert "Every job runs" in text
    assert "Every message went out" in text


def test_a_dead_job_is_tried_again(managers_desk: Client) -> None:
    job = dead_job()
    assert "The job runs again." in text_of(managers_desk.post(f"{PAGE}{job.pk}/retry/", follow=True))
    job.refresh_from_db()
    assert (job.dead_at, job.attempts) == (None, 0)
    assert GONE in text_of(managers_desk.post(f"{PAGE}{job.pk}/retry/", follow=True))


def test_a_dead_job_is_discarded(managers_desk: Client) -> None:
    job = dead_job()
    assert "off the list" in text_of(managers_desk.post(f"{PAGE}{job.pk}/discard/", follow=True))
    job.refresh_from_db()
    assert job.done_at is not None
    assert GONE in text_of(managers_desk.post(f"{PAGE}{job.pk}/discard/", follow=True))


def test_a_failed_message_is_sent_again(managers_desk: Client) -> None:
    path = f"/desk/messages/{failed_message().pk}/resend/"
    assert "on its way again" in text_of(managers_desk.post(path, follow=True))
    assert Message.objects.get().state == MessageState.QUEUED
    assert GONE in text_of(managers_desk.post(path, follow=True))


def test_a_failed_message_is_discarded(managers_desk: Client) -> None:
    path = f"/desk/messages/{failed_message().pk}/discard/"
    assert "off the list" in text_of(managers_desk.post(path, follow=True))
    assert Message.objects.get().state == MessageState.CANCELLED
    assert GONE in text_of(managers_desk.post(path, follow=True))


def addresses() -> list[str]:
    one = UUID(int=1)
    return [
        f"{PAGE}{one}/retry/",
        f"{PAGE}{one}/discard/",
        f"/desk/messages/{one}/resend/",
        f"/desk/messages/{one}/discard/",
    ]


def test_only_managers_may(client: Client, coordinator: User, clinician: User) -> None:
    for person in (coordinator, clinician):
        client.force_login(person)
        assert client.get(PAGE).status_code == 403
        assert {client.post(path).status_code for path in addresses()} == {403}
    assert "Stuck work" not in text_of(client.get("/desk/"))


def test_wrong_methods_and_unknown_messages(managers_desk: Client) -> None:
    assert managers_desk.post(PAGE).status_code == 405
    assert {managers_desk.get(path).status_code for path in addresses()} == {405}
    assert managers_desk.post(addresses()[2]).status_code == 404


def test_messages_about_another_sites_leads_are_neither_shown_nor_sent(managers_desk: Client) -> None:
    lead = LeadFactory()
    message = failed_message(about=lead.pk, context={"reference": lead.reference})
    assert lead.reference not in text_of(managers_desk.get(PAGE))
    for action in ("resend", "discard"):
        assert managers_desk.post(f"/desk/messages/{message.pk}/{action}/").status_code == 404
    assert Message.objects.get().state == MessageState.FAILED
