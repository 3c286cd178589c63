"""The questions, one a page: order, tabs, errors, keys that are not ours, a database that is away."""

from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from crm.models import Lead, Site
from intake.draft_keys import COOKIE, signed
from intake.forms.steps import STEPS
from intake.models import Draft, Enquiry
from intake.progress import Progress
from tests.clock import DatabaseClock
from tests.intake.views.journeys import CALM, CHECK, HER_SON, START, answer, place, walk
from tests.intake.views.pages import document, main, text_of, title, words

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]


def said() -> dict[str, list[str]]:
    return Progress.from_dict(Draft.objects.get().progress).said


def test_a_planned_stay_is_asked_for_page_by_page_and_becomes_one_enquiry(client: Client) -> None:
    assert walk(client, CALM) == CHECK
    response = client.post(CHECK, {"then": "send"})
    assert response["Location"].startswith("/received/")
    enquiry = Enquiry.objects.get()
    assert (enquiry.answers["free_text"], enquiry.answers["programme"]) == ("I need some help", "residential")
    assert enquiry.contact["safe_contact"]["voicemail"] is False
    assert (enquiry.source["page"], enquiry.lead_id is not None) == ("prebooked", True)
    assert client.get(response["Location"]).status_code == 200


def test_nothing_is_left_of_the_answers_in_the_draft_or_the_browser_once_they_are_sent(
    client: Client,
) -> None:
    walk(client, CALM)
    response = client.post(CHECK, {"then": "send"})
    assert said() == {}
    assert response.cookies[COOKIE]["max-age"] == 0


@pytest.mark.parametrize("step", STEPS, ids=lambda step: str(step.number))
def test_each_page_has_one_question_that_is_its_heading_and_says_why(client: Client, step: Any) -> None:
    uses = [name.rsplit("_", 1)[0] for name in step.fields[:1] if step.number > 30] or ["opioid"]
    answer(client, 1, enquirer="loved_one")
    answer(client, 8, uses=uses)
    page = document(client.get(place(step.number)))
    [heading] = page.iterfind(".//h1")
    question = page.find(".//main//form//legend") if page.find(".//main//form//legend") is not None else None
    labels = [words(each) for each in page.iterfind(".//main//form//label")]
    assert words(heading) in {*labels, *([words(question)] if question is not None else [])}
    assert page.findall(".//main//form//*[@class='hint']")
    assert page.find(".//title").text == "Your answers - Harbour House"
    assert not page.findall(".//*[@required]")
    assert "*" not in words(page.find(".//main"))


@pytest.mark.parametrize(("number", "may_be_left"), [(1, False), (4, True), (20, False), (21, True)])
def test_only_a_question_that_may_be_left_says_so(client: Client, number: int, may_be_left: bool) -> None:
    answer(client, 1, enquirer="self")
    page = main(client.get(place(number)))
    assert ("leave it and go on" in page) is may_be_left


def test_pages_are_kept_by_nobody(client: Client) -> None:
    for response in (client.get(START), answer(client, 1, enquirer="self"), client.get(place(4))):
        assert "no-store" in response["Cache-Control"]


def test_the_cookie_is_signed_hidden_from_scripts_and_gone_with_the_session(client: Client) -> None:
    cookie = answer(client, 1, enquirer="self").cookies[COOKIE]
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"], cookie["expires"]) == (
        True,
        "Lax",
        "",
        "",
    )
    assert "self" not in cookie.value


def test_no_page_address_says_anything(client: Client) -> None:
    visited = [answer(client, number, **HER_SON.get(number, {}))["Location"] for number in range(1, 6)]
    assert visited == [f"{START}{number}/" for number in range(2, 7)]


def test_the_three_voices(client: Client) -> None:
    for voice, heard in {
        "self": "How old are you",
        "loved_one": "How old are they",
        "professional": "the person",
    }.items():
        answer(client, 1, enquirer=voice)
        assert heard in main(client.get(place(4)))


def test_a_page_that_needs_an_answer_says_so_and_keeps_what_was_typed(client: Client) -> None:
    response = answer(client, 1)
    assert response.status_code == 422
    assert title(response).startswith("Error: ")
    summary = document(response).find(".//div[@data-error-summary]")
    assert [each.get("href") for each in summary.iterfind(".//a")] == ["#id_enquirer_0"]
    assert Draft.objects.count() == 0


def test_nobody_can_be_reached_is_an_error_of_that_page_alone(client: Client) -> None:
    walk(client, CALM, until=20)
    response = answer(client, 20, email="not an address")
    assert response.status_code == 422
    assert 'value="not an address"' in text_of(response)
    assert answer(client, 19, name="Zoë").status_code == 302


@pytest.mark.parametrize("length", [10_000, 20_000])
def test_a_long_answer_is_kept_whole(client: Client, length: int) -> None:
    answer(client, 1, enquirer="self")
    assert answer(client, 7, free_text="x" * length)["Location"] == place(4)
    assert said()["free_text"] == ["x" * length]


def test_an_answer_that_is_too_long_is_answered_and_not_cut(client: Client) -> None:
    answer(client, 1, enquirer="self")
    response = answer(client, 7, free_text="x" * 20_001)
    assert response.status_code == 422
    assert "x" * 20_001 in text_of(response)
    assert "Nothing was cut" in main(response)


def test_pages_in_the_wrong_order_lead_to_the_first_that_is_missing(client: Client) -> None:
    answer(client, 1, enquirer="self")
    assert answer(client, 17, programme="day")["Location"] == place(4)
    assert client.get(CHECK)["Location"] == place(4)
    assert client.get(place(12)).status_code == 200


def test_a_question_that_does_not_apply_leads_on(client: Client) -> None:
    answer(client, 1, enquirer="self")
    assert client.get(place(2))["Location"] == place(4)
    assert client.get(place(31))["Location"] == place(4)


@pytest.mark.parametrize("number", [0, 24, 30, 48, 999_999_999_999])
def test_there_is_no_such_question(client: Client, number: int) -> None:
    assert client.get(f"{START}{number}/").status_code == 404


def test_two_tabs_write_into_the_same_answers(client: Client) -> None:
    answer(client, 1, enquirer="self")
    answer(client, 4, age_band="65_plus")  # the first tab
    answer(client, 12, pregnancy="no")  # the second
    answer(client, 4, age_band="18_64")
    assert (said()["age_band"], said()["pregnancy"]) == (["18_64"], ["no"])
    assert Draft.objects.count() == 1


def test_pressing_continue_twice_is_the_same_as_once(client: Client) -> None:
    assert {answer(client, 1, enquirer="self")["Location"] for _ in range(2)} == {place(4)}
    assert Draft.objects.count() == 1


def test_the_back_link_goes_to_the_question_before(client: Client) -> None:
    walk(client, HER_SON, until=5)
    back = document(client.get(place(4))).find(".//main//a[@class='back']")
    assert back.get("href") == place(3)


def test_going_back_shows_what_was_answered(client: Client) -> None:
    walk(client, CALM, until=6)
    page = document(client.get(place(4)))
    assert page.find(".//input[@value='18_64']").get("checked") is not None


@pytest.mark.parametrize(
    "cookie",
    ["", "junk", "a" * 5000, signed("a guessed key"), "key.with.bad.signature", "\u00e9"],
    ids=["none", "junk", "long", "guessed", "forged", "accented"],
)
def test_a_key_that_is_not_ours_opens_nothing(client: Client, cookie: str) -> None:
    walk(client, CALM, until=9)
    stranger = Client()
    stranger.cookies[COOKIE] = cookie
    response = stranger.get(place(7))
    assert response.status_code == 404
    assert "There are no answers here" in main(response)
    assert "I need some help" not in text_of(response)


def test_somebody_elses_answers_stay_theirs(client: Client) -> None:
    walk(client, CALM, until=9)
    other = Client()
    answer(other, 1, enquirer="loved_one")
    assert "I need some help" not in text_of(other.get(place(7)))
    assert Draft.objects.count() == 2


def test_after_two_hours_the_answers_are_closed(client: Client, database_clock: DatabaseClock) -> None:
    answer(client, 1, enquirer="self")
    database_clock.advance(seconds=7199)
    assert client.get(place(4)).status_code == 200
    database_clock.advance(seconds=1)
    assert client.get(place(4)).status_code == 404


def test_each_answer_and_keep_longer_begin_the_two_hours_again(
    client: Client, database_clock: DatabaseClock
) -> None:
    answer(client, 1, enquirer="self")
    for number, then in ((4, ""), (5, "keep")):
        database_clock.advance(seconds=7000)
        assert answer(client, number, then=then).status_code == 302
    assert client.get(place(6)).status_code == 200


def test_the_page_says_until_when_and_how_to_make_it_longer(client: Client) -> None:
    answer(client, 1, enquirer="self")
    page = document(client.get(place(4)))
    assert "This device can open them until" in words(page.find(".//section[@class='keeping']"))
    assert {each.get("value") for each in page.iterfind(".//button[@name='then']")} == {
        "keep",
        "save",
        "forget",
    }


def test_words_written_after_the_answers_had_run_out_are_kept(
    client: Client, database_clock: DatabaseClock
) -> None:
    answer(client, 1, enquirer="loved_one")
    database_clock.advance(seconds=7201)
    response = client.post(place(7), {"free_text": "All of it again", "as": "loved_one"}, follow=True)
    assert response.redirect_chain[-1][0] == START
    assert "Your earlier answers are no longer here" in main(response)
    assert "All of it again" in text_of(client.get(place(7)))


def test_leaving_deletes_the_answers_and_the_key(client: Client) -> None:
    walk(client, CALM, until=9)
    response = client.get("/leave/")
    assert Draft.objects.count() == 0
    assert response.cookies[COOKIE]["max-age"] == 0


def test_deleting_deletes_them_and_says_so(client: Client) -> None:
    walk(client, CALM, until=9)
    response = answer(client, 9, then="forget")
    assert "Your answers are deleted" in main(response)
    assert Draft.objects.count() == 0


def test_where_the_visit_came_from_is_kept_to_the_end(client: Client) -> None:
    client.post(f"{START}?utm_source=leaflet", {"enquirer": "self"})
    walk(client, CALM)
    client.post(CHECK, {"then": "send"})
    assert Lead.objects.get().source == "leaflet"


def test_a_robot_that_fills_the_trap_goes_to_review(client: Client) -> None:
    walk(client, CALM | {1: {"enquirer": "self", "homepage": "http://x.example"}})
    client.post(CHECK, {"then": "send"})
    assert Lead.objects.get().review_reason == "A hidden field was filled in"


@pytest.mark.parametrize(
    "body", [b"\xff\xfe\x00=\x00", b"enquirer=self&free_text=%00&uses=%00", b"uses=x&" * 300]
)
def test_a_body_that_makes_no_sense_is_never_a_failure(client: Client, body: bytes) -> None:
    answer(client, 1, enquirer="self")
    for number in (1, 7, 8, 18, 20):
        response = client.post(place(number), body, content_type="application/x-www-form-urlencoded")
        assert response.status_code in {302, 422}


def test_without_a_database_nothing_is_promised_and_what_was_typed_is_still_there(
    client: Client, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(*_: object, **__: object) -> None:
        raise OperationalError("the database is down")

    client.get(answer(client, 1, enquirer="loved_one")["Location"])
    for where in ("intake.views.journey.database_now", "intake.frame.default_site"):
        monkeypatch.setattr(where, down)
    monkeypatch.setattr("intake.services.advice.triage_in_request", down)
    response = client.post(place(5), {"happening": ["overdose_24h"], "as": "loved_one"})
    page = main(response)
    assert response.status_code == 503
    assert page.index("Call 999") < page.index("We could not take your message")
    assert document(response).find(".//input[@value='overdose_24h']").get("checked") is not None
    assert "Is any of this happening to them now?" in page
    assert site.phone in text_of(response)
    assert client.get(place(5)).status_code == 503
    assert Client().get(START).status_code == 200
