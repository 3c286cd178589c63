"""The managers' page of what got stuck."""

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from crm.models import Site, User
from jobs.clock import database_now
from jobs.ids import uuid7
from jobs.models import Job
from notifications.enums import MessageState
from notifications.models import Circuit, Delivery, Message
from tests.factories import LeadFactory
from tests.pages import text_of

PAGE = "/desk/jobs/"
GONE = "Somebody has dealt with that already."
RESEND_ALL = "/desk/messages/resend/"


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
    usual = {
        "kind": "URGENT_LEAD_ALERT",
        "channel": "EMAIL",
        "to": "someone@threshold.example",
        "dedupe_key": str(uuid7()),
        "state": MessageState.FAILED,
        "failed_at": at,
        "created_at": at,
    }
    return Message.objects.create(**usual | fields)


def test_the_page_says_what_waits_for_a_newer_release(managers_desk: Client) -> None:
    assert "newer release" not in text_of(managers_desk.get(PAGE))
    Job.objects.filter(pk=dead_job().pk).update(kind="crm.tasks.of_the_next_release", dead_at=None)
    assert "crm.tasks.of_the_next_release" in text_of(managers_desk.get(PAGE))


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
        RESEND_ALL,
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


# --- many at once, which ways work, and what waits


def test_all_that_failed_are_sent_again_once_each(managers_desk: Client) -> None:
    found = [failed_message() for _ in range(3)]
    assert "3 messages are on the way again." in text_of(managers_desk.post(RESEND_ALL, follow=True))
    assert GONE in text_of(managers_desk.post(RESEND_ALL, follow=True))
    jobs = Job.objects.filter(kind="notifications.tasks.deliver_message")
    assert sorted(jobs.values_list("subject", flat=True)) == sorted(message.pk for message in found)


def test_only_those_of_the_filter_are_sent_again(managers_desk: Client) -> None:
    text, email = failed_message(channel="SMS", to="+447700900123"), failed_message()
    page = text_of(managers_desk.get(PAGE, {"channel": "SMS"}))
    assert "Alert: an urgent lead Text" in page
    assert "Alert: an urgent lead E-mail" not in page
    managers_desk.post(RESEND_ALL, {"channel": "SMS"})
    states = {message.pk: message.state for message in Message.objects.all()}
    assert states == {text.pk: "QUEUED", email.pk: "FAILED"}


def test_many_at_once_leave_other_sites_alone(managers_desk: Client) -> None:
    failed_message(about=LeadFactory().pk)
    assert GONE in text_of(managers_desk.post(RESEND_ALL, follow=True))
    assert Message.objects.get().state == MessageState.FAILED


def test_a_filter_that_makes_no_sense_is_none(managers_desk: Client) -> None:
    failed_message()
    assert "Alert: an urgent lead" in text_of(managers_desk.get(PAGE, {"channel": "PIGEON", "show": "x"}))


def test_a_failed_message_says_why_and_by_which_way(managers_desk: Client) -> None:
    first = failed_message(state=MessageState.REPLACED, failed_at=None, why="SMTP 550")
    failed_message(channel="SMS", why="Twilio 21614", instead_of=first, possible_duplicate=True)
    page = text_of(managers_desk.get(PAGE))
    for words in ("Text , after another way , possibly the second copy", "Twilio 21614"):
        assert words.replace(" ,", ",") in page.replace(" ,", ",")


def test_what_waits_is_shown_with_the_reason(managers_desk: Client) -> None:
    queued = {"state": MessageState.QUEUED, "failed_at": None}
    failed_message(**queued, held_until=database_now(), why="CircuitOpen")
    failed_message(**queued)  # has only just been queued: nothing is wrong with it
    page = text_of(managers_desk.get(PAGE, {"show": "waiting"}))
    assert page.count("This way is out of order") == 1
    assert "Send all" not in page


def test_a_way_that_is_out_of_order_is_shown(managers_desk: Client, settings: Any) -> None:
    settings.SMS_CHANNEL = "twilio"
    at = database_now()
    Circuit.objects.create(name="SMS", opened_at=at, probe_at=at, reason="HTTP 503")
    page = text_of(managers_desk.get(PAGE))
    assert "Text Out of order since" in page
    assert "HTTP 503" in page
    assert "The provider has a fault" in page
    assert "Nothing is known against e-mail" in page


def test_why_is_said_in_words_with_the_code_for_a_technician(managers_desk: Client) -> None:
    failed_message(why="SMTP 550")
    page = text_of(managers_desk.get(PAGE))
    assert "The mail server refused it Not tried, SMTP 550" in page


def test_whoever_sends_again_reads_that_it_may_have_gone_out(managers_desk: Client) -> None:
    at = database_now()
    message = failed_message(why="TimeoutError")
    for outcome in ("TRANSIENT_ERROR", "AMBIGUOUS"):
        Delivery.objects.create(message=message, started_at=at, finished_at=at, outcome=outcome)
        at = database_now()
    page = text_of(managers_desk.get(PAGE))
    assert "No answer in time 2 tries, it may have gone out, TimeoutError" in page


def test_a_job_is_named_in_words(managers_desk: Client) -> None:
    dead_job()
    assert "Return lease crm.tasks.return_lease" in text_of(managers_desk.get(PAGE))
