"""The page on which everything is checked, and sent once."""

import pytest
from django.db import OperationalError
from django.test import Client

from crm.models import Site
from intake.models import Draft, Enquiry
from intake.services import drafts
from tests.intake.views.journeys import CALM, CHECK, HER_SON, answer, place, walk
from tests.intake.views.pages import document, main, text_of, title, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


def test_every_question_is_there_with_its_answer_and_a_way_to_change_it(client: Client) -> None:
    walk(client, HER_SON)
    page = document(client.get(CHECK))
    rows = {
        words(row.find("dt")): (words(row.findall("dd")[0]), row.find(".//a").get("href"))
        for row in page.iterfind(".//dl[@class='said-so-far']/div")
    }
    assert rows["What is their name?"] == ("Ben", place(3))
    assert rows["Do they know that you are asking us?"] == ("No", place(2))
    assert rows["Could they be pregnant?"] == ("Not answered", place(12))
    assert rows["How can we reach you?"] == ("Phone number: 07700 900123", place(20))
    links = [words(each) for each in page.iterfind(".//dl//a")]
    assert len(set(links)) == len(links)


def test_it_says_how_we_get_in_touch_only_if_that_was_said(client: Client) -> None:
    walk(client, CALM)
    assert "gets in touch in a way that you said is safe" in main(client.get(CHECK))
    answer(client, 21)
    page = main(client.get(CHECK))
    assert "that you said is safe" not in page
    assert "say above which ways of reaching you are safe" in page


def test_an_answer_that_is_changed_leads_straight_back(client: Client) -> None:
    walk(client, CALM)
    assert answer(client, 19, name="Zoë")["Location"] == CHECK
    assert "Zoë" in main(client.get(CHECK))


def test_a_change_that_asks_for_more_asks_it_first(client: Client) -> None:
    walk(client, CALM)
    alcohol = answer(client, 8, uses=["alcohol"])["Location"]
    assert alcohol == place(31)
    assert answer(client, 31, alcohol_freq="daily")["Location"] == CHECK
    assert "How often: Every day" in main(client.get(CHECK))


def test_what_was_unticked_is_not_sent(client: Client) -> None:
    walk(client, CALM | {8: {"uses": ["alcohol"]}, 31: {"alcohol_freq": "daily"}})
    answer(client, 8, uses=[])
    client.post(CHECK, {"then": "send"})
    assert Enquiry.objects.get().answers["substances"] == []


def test_what_is_missing_is_named_with_the_page_to_put_it_right(client: Client) -> None:
    walk(client, CALM | {7: {}})
    response = client.post(CHECK, {"then": "send"})
    summary = document(response).find(".//div[@data-error-summary]")
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    assert [each.get("href") for each in summary.iterfind(".//a")] == [place(7)]
    assert Enquiry.objects.count() == 0


def test_pressing_send_twice_makes_one_enquiry_and_leads_to_the_same_page(client: Client) -> None:
    walk(client, CALM)
    held = client.cookies.copy()
    first = client.post(CHECK, {"then": "send"})["Location"]
    client.cookies = held  # the second click left before the first answer came
    assert client.post(CHECK, {"then": "send"})["Location"] == first
    assert client.get(place(7))["Location"] == first
    assert Enquiry.objects.count() == 1


def test_going_back_after_sending_shows_no_answers(client: Client) -> None:
    walk(client, CALM)
    client.post(CHECK, {"then": "send"})
    response = client.get(CHECK)
    assert response.status_code == 404
    assert "If you sent them and saw our thanks, we have them" in main(response)
    assert "I need some help" not in text_of(response)


def test_nothing_is_sent_before_it_was_checked(client: Client) -> None:
    walk(client, CALM, until=8)
    assert client.get(CHECK)["Location"] == place(8)
    assert Enquiry.objects.count() == 0


def test_without_a_database_nothing_is_promised_and_the_answers_are_still_there(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(client, CALM)
    client.get(CHECK)

    def down(*_: object, **__: object) -> None:
        raise OperationalError("the database is down")

    with monkeypatch.context() as away:
        away.setattr("intake.views.journey.database_now", down)
        response = client.post(CHECK, {"then": "send"})
    assert response.status_code == 503
    assert "thank" not in main(response).lower().replace("saw our thanks", "")
    assert client.post(CHECK, {"then": "send"})["Location"].startswith("/received/")


def test_an_enquiry_that_is_stored_is_answered_although_the_draft_could_not_be_finished(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    walk(client, CALM)

    def down(**_: object) -> None:
        raise OperationalError("the database went away")

    monkeypatch.setattr("intake.views.journey.finish_draft", down)
    assert client.post(CHECK, {"then": "send"})["Location"].startswith("/received/")
    assert Enquiry.objects.count() == 1


def test_the_last_page_can_save_too(client: Client, site: Site) -> None:
    walk(client, CALM)
    assert "Your answers are saved" in main(client.post(CHECK, {"then": "save"}))
    draft = Draft.objects.get()
    assert draft.expires_at - draft.updated_at == drafts.KEPT_FOR
