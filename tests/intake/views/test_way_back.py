"""Saving, and coming back with a link and a code."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from intake.draft_keys import COOKIE
from intake.models import Draft
from notifications.channels.mime import sender_name
from notifications.enums import MessageState
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.clock import DatabaseClock
from tests.intake.views.journeys import CALM, CHECK, answer, place, save, walk
from tests.intake.views.pages import document, main, text_of, title
from tests.notifications.smtp import FakeSmtp
from tests.notifications.work import try_once
from tests.vault.raw_rows import assert_absent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


def test_link_and_code_open_the_answers_on_another_device(client: Client) -> None:
    walk(client, CALM, until=8)
    link, code = save(client, 8, uses=["ketamine"])
    other = Client()
    assert title(other.get(link)) == "Your answers - Harbour House"
    opened = other.post(link, {"code": f" {code.lower().replace('-', ' ')} "})
    assert opened["Location"] == CHECK
    page = document(other.get(place(8)))
    assert page.find(".//input[@value='ketamine']").get("checked") is not None
    assert "I need some help" in text_of(other.get(place(7)))


def test_saving_closes_the_answers_on_this_device(client: Client, database_clock: DatabaseClock) -> None:
    answer(client, 1, enquirer="self")
    held = client.cookies.copy()
    response = answer(client, 4, then="save", age_band="18_64")
    assert response.cookies[COOKIE]["max-age"] == 0
    client.cookies = held
    database_clock.advance(seconds=60)
    assert client.get(place(4)).status_code == 404


def test_pressing_save_twice_shows_a_code_that_works(client: Client) -> None:
    answer(client, 1, enquirer="self")
    held = client.cookies.copy()
    save(client, 4)
    client.cookies = held
    link, code = save(client, 4)
    assert Client().post(link, {"code": code}).status_code == 302


def test_saving_an_empty_page_keeps_what_there_is(client: Client) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 20)
    other = Client()
    other.post(link, {"code": code})
    assert other.get(CHECK)["Location"] == place(4)


def test_an_answer_with_a_mistake_is_not_saved_without_a_word(client: Client) -> None:
    answer(client, 1, enquirer="self")
    response = answer(client, 20, then="save", phone="1")
    assert response.status_code == 422
    assert Draft.objects.get().is_saved is False


def test_a_link_and_a_code_work_again_until_the_time_is_over(
    client: Client, database_clock: DatabaseClock
) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    for _ in range(2):
        assert Client().post(link, {"code": code}).status_code == 302
    database_clock.advance(seconds=7 * 24 * 3600)
    assert Client().post(link, {"code": code}).status_code == 422


@pytest.mark.parametrize("code", ["", "WRNG-CDXX", "x" * 5000, "\x00", "😀"])
def test_a_wrong_code_is_answered_kindly_and_opens_nothing(client: Client, code: str) -> None:
    answer(client, 1, enquirer="self")
    link, _ = save(client, 4)
    response = Client().post(link, {"code": code})
    assert response.status_code == 422
    assert COOKIE not in response.cookies
    assert title(response).startswith("Error: ")


def test_a_guessed_link_gets_the_very_same_answer(client: Client) -> None:
    answer(client, 1, enquirer="self")
    link, _ = save(client, 4)
    wrong, guessed = (
        main(Client().post(path, {"code": "WRNG-CDXX"})) for path in (link, "/back/guessed-link/")
    )
    assert wrong == guessed
    assert Client().get("/back/guessed-link/").status_code == 200


def test_the_code_of_one_does_not_open_the_answers_of_another(client: Client) -> None:
    answer(client, 1, enquirer="self")
    _, code = save(client, 4)
    other = Client()
    answer(other, 1, enquirer="self")
    link, _ = save(other, 4)
    assert Client().post(link, {"code": code}).status_code == 422


def test_too_many_wrong_codes_have_to_wait(client: Client, database_clock: DatabaseClock) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    for _ in range(5):
        assert Client().post(link, {"code": "WRNG-CDXX"}).status_code == 422
    waiting = Client().post(link, {"code": code})
    assert waiting.status_code == 429
    assert "Wait 15 minutes" in main(waiting)
    database_clock.advance(seconds=15 * 60)
    assert Client().post(link, {"code": code}).status_code == 302


def test_leaving_keeps_what_was_saved(client: Client) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    other = Client()
    other.post(link, {"code": code})
    assert "saved it to come back to" in text_of(other.get(place(4)))
    other.get("/leave/")
    assert Client().post(link, {"code": code}).status_code == 302


def test_what_was_sent_cannot_be_opened_again(client: Client) -> None:
    walk(client, CALM)
    link, code = save(client, 19)
    other = Client()
    other.post(link, {"code": code})
    other.post(CHECK, {"then": "send"})
    assert Client().post(link, {"code": code}).status_code == 422


def test_the_link_can_be_sent_without_the_code(client: Client) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    response = client.post(link, {"then": "link", "code": code, "email": "ada@example.org"})
    assert "on its way" in main(response)
    assert code in main(response)
    message = Message.objects.get()
    assert (message.to, message.context["link"]) == ("ada@example.org", link)
    assert code not in str(message.context)


def test_the_link_arrives_whole_and_opens_the_answers_with_the_code(client: Client, settings: Any) -> None:
    """Through a real mail server: what the link and the code open is what was saved."""
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    client.post(link, {"then": "link", "code": code, "email": "ada@example.org"})
    message = Message.objects.get()
    with FakeSmtp() as server:
        settings.EMAIL_CHANNEL, settings.EMAIL_HOST, settings.EMAIL_PORT = "smtp", "127.0.0.1", server.port
        assert try_once(message).state == MessageState.SENT
    [received] = server.received
    assert (received.to, received.subject) == ("ada@example.org", f"A message from {sender_name()}")
    [sent] = re.findall(r"\S+/back/\S+", received.text)
    assert sent == f"{settings.BASE_URL}{link}"
    assert code not in received.text
    assert Client().post(sent.removeprefix(settings.BASE_URL), {"code": code})["Location"] == CHECK


@pytest.mark.parametrize(
    ("code", "subject", "says"),
    [
        ("cy", "Neges gan", "Mae'r ddolen yn gweithio tan"),
        ("pl", "Wiadomość od", "Link działa do"),
        ("ro", "Un mesaj de la", "Linkul funcționează până la"),
        ("ar", "A message from", "The link works until"),  # no messages in Arabic yet
    ],
)
def test_it_is_sent_in_the_language_of_the_page(client: Client, code: str, subject: str, says: str) -> None:
    answer(client, 1, enquirer="loved_one")
    link, secret = save(client, 4)
    client.post(f"/{code}{link}", {"then": "link", "code": secret, "email": "ada@example.org"})
    message = Message.objects.get()
    mail = render_message(message)
    assert mail.subject == f"{subject} {sender_name()}"
    assert f"{says} {message.context['until']}" in mail.text
    assert mail.link == f"{settings.BASE_URL}/{code}{link}"
    assert message.context["voice"] == "loved_one"


def test_the_day_is_in_the_language_too(client: Client, database_clock: DatabaseClock) -> None:
    database_clock.move_to(datetime.fromisoformat("2027-03-01T14:30:00+00:00"))
    answer(client, 1, enquirer="self")
    link, secret = save(client, 4)
    client.post(f"/pl{link}", {"then": "link", "code": secret, "email": "ada@example.org"})
    assert "marca" in Message.objects.get().context["until"]


def test_what_opens_the_answers_stands_in_no_row(client: Client) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    client.post(link, {"then": "link", "code": code, "email": "ada@example.org"})
    assert_absent(connection, [link.strip("/").split("/")[-1], code, code.replace("-", "")])


def test_nobodys_inbox_can_be_filled(client: Client) -> None:
    answer(client, 1, enquirer="self")
    sent = {"then": "link", "email": "ada@example.org"}
    link, code = save(client, 4)
    assert client.post(link, sent | {"code": code}).status_code == 200
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    again = client.post(link, sent | {"code": code, "email": "ADA@example.org"})
    assert again.status_code == 422
    assert Message.objects.count() == 1


@pytest.mark.parametrize("sent", [{"email": ""}, {"email": "not an address"}, {"code": "WRNG-CDXX"}])
def test_a_link_is_sent_only_to_an_address_and_for_the_code(client: Client, sent: dict[str, str]) -> None:
    answer(client, 1, enquirer="self")
    link, code = save(client, 4)
    response = client.post(link, {"then": "link", "code": code, "email": "ada@example.org"} | sent)
    assert response.status_code == 422
    assert Message.objects.count() == 0
