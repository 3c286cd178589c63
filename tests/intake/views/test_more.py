"""A few more questions after an urgent enquiry: each is an addition, and danger interrupts."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from crm.enums import Level
from crm.models import Lead, Site
from intake.models import Enquiry
from intake.services.content import load_shipped_content
from intake.services.placement import place_lead
from intake.services.reconciliation import reconcile
from intake.tokens import received_token
from jobs.clock import database_now
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.intake.views.pages import document, hidden, main, text_of, title, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def centre(site: Site) -> Site:
    """The site that takes the public enquiries; its texts are the shipped ones, read without the database."""
    site.is_default = True
    site.save()
    return site


def start(client: Client, **changes: Any) -> str:
    """Send the first page, and return the address that it leads to."""
    return client.post("/urgent/", URGENT | changes)["Location"]


def page(address: str, number: int) -> str:
    """Return the address of another question of the same enquiry."""
    return f"/more/{address.split('/')[2]}/{number}/"


def answer(client: Client, address: str, **said: Any) -> str:
    """Answer a question in a browser, and return where that leads."""
    response = client.post(address, hidden(client.get(address)) | said)
    assert response.status_code == 302
    return response["Location"]


def latest() -> Enquiry:
    return Enquiry.objects.order_by("received_at", "pk").last()


class TestTheWay:
    def test_the_first_page_is_sent_before_anything_else_is_asked(self, client: Client, centre: Site) -> None:
        first = start(client)
        assert Lead.objects.count() == 1
        assert re.fullmatch(r"/more/[^/]+/1/", first)
        assert "We have your message" in main(client.get(first))

    def test_every_answer_is_on_the_lead_at_once(self, client: Client, centre: Site) -> None:
        there = answer(client, start(client), suicide="none_disclosed")
        assert there.endswith("/2/")
        assert latest().said == {"suicide": "none_disclosed"}
        assert latest().lead == Lead.objects.get()
        assert reconcile().unaccounted == 0

    def test_what_was_named_is_asked_about_next(self, client: Client, centre: Site) -> None:
        first = start(client)
        there = answer(client, page(first, 2), uses=["alcohol", "crack"])
        assert there == page(first, 31)
        assert words(document(client.get(there)).find(".//h1")) == "Alcohol: how is it used?"
        there = answer(client, there, alcohol_freq="daily", alcohol_status="using")
        assert words(document(client.get(there)).find(".//h1")) == "Crack: how is it used?"

    def test_nothing_said_goes_on_and_adds_nothing(self, client: Client, centre: Site) -> None:
        first = start(client)
        assert answer(client, first) == page(first, 2)
        assert answer(client, first, suicide="unknown") == page(first, 2)
        assert Enquiry.objects.count() == 1

    def test_skip_and_finish_are_links(self, client: Client, centre: Site) -> None:
        first = start(client)
        links = {words(each): each.get("href") for each in document(client.get(first)).iterfind(".//main//a")}
        assert links["Skip this question"] == page(first, 2)
        assert links["Finish now"].startswith("/received/")
        assert "We have your message" in main(client.get(links["Finish now"]))

    def test_the_last_question_leads_to_the_received_page(self, client: Client, centre: Site) -> None:
        assert answer(client, page(start(client), 11), free_text="Thank you").startswith("/received/")

    def test_the_whole_way_ends(self, client: Client, centre: Site) -> None:
        there, seen = start(client), []
        while there.startswith("/more/"):
            seen.append(there)
            there = answer(client, there)
        assert len(seen) == len(set(seen)) == 10

    def test_back_leads_to_the_question_before(self, client: Client, centre: Site) -> None:
        first = start(client)
        back = document(client.get(page(first, 3))).find(".//a[@class='back']")
        assert back.get("href") == page(first, 2)
        assert document(client.get(first)).find(".//a[@class='back']") is None

    def test_the_other_forms_go_straight_to_the_received_page(self, client: Client, centre: Site) -> None:
        assert client.post("/refer/", REFERRAL)["Location"].startswith("/received/")


class TestDanger:
    def test_danger_on_the_first_page_comes_before_any_question(self, client: Client, centre: Site) -> None:
        there = start(client, happening=["seizure_24h"])
        assert "/now/1/" in there
        found = document(client.get(there))
        assert words(found.find(".//h1")) == "Call 999 now"
        assert found.find(".//a[@class='alarm__call']").get("href") == "tel:999"
        [on] = [each for each in found.iterfind(".//main//a") if words(each) == "I have read this"]
        assert on.get("href") == page(there, 1)

    @pytest.mark.parametrize(
        ("number", "said", "level", "heading"),
        [
            (1, {"suicide": "not_safe_now"}, Level.E1, "Call 999 now"),
            (1, {"suicide": "plan_or_means"}, Level.E2, "Please get help now"),
            (3, {"symptoms": ["jaundice"]}, Level.E2, "Please get help now"),
        ],
    )
    def test_danger_in_a_later_answer_interrupts_and_raises_the_lead(
        self, client: Client, centre: Site, number: int, said: Any, level: Level, heading: str
    ) -> None:
        there = answer(client, page(start(client), number), **said)
        assert f"/now/{number + 1}/" in there
        assert words(document(client.get(there)).find(".//h1")) == heading
        for enquiry in Enquiry.objects.all():
            place_lead(enquiry_id=enquiry.pk, at=database_now())
        assert Lead.objects.get().level == level

    def test_what_was_read_does_not_interrupt_again_and_what_is_new_does(
        self, client: Client, centre: Site
    ) -> None:
        first = start(client, happening=["seizure_24h"])
        assert answer(client, page(first, 6), pregnancy="no") == page(first, 7)
        assert "/now/" in answer(client, page(first, 1), suicide="plan_or_means")

    def test_without_danger_the_page_goes_on(self, client: Client, centre: Site) -> None:
        first = start(client)
        response = client.get(f"/more/{first.split('/')[2]}/now/3/")
        assert (response.status_code, response["Location"]) == (302, page(first, 3))

    def test_the_received_page_says_it_too(self, client: Client, centre: Site) -> None:
        first = start(client)
        answer(client, first, suicide="not_safe_now")
        answer(client, page(first, 6), pregnancy="no")
        assert "Call 999 now" in main(client.get(page(first, 1).replace("/more/", "/received/")[:-2]))

    def test_danger_comes_first_on_a_page_with_an_error(self, client: Client, centre: Site) -> None:
        first = start(client, uses=["alcohol"], history=["epilepsy"])
        said = {"alcohol_freq": "daily", "alcohol_status": "stopped", "alcohol_last": "junk"}
        response = client.post(page(first, 31), said)
        said = main(response)
        assert response.status_code == 422
        assert said.index("A&E") < said.index("There is a problem")

    @pytest.mark.parametrize("who", ["self", "loved_one", "professional"])
    def test_it_is_in_the_voice_of_whoever_asks(self, client: Client, centre: Site, who: str) -> None:
        said = main(client.get(start(client, enquirer=who, happening=["overdose_24h"])))
        about = {"self": "what you told us.", "loved_one": "about them.", "professional": "about the person."}
        assert about[who] in said

    def test_with_personal_signposts_off_everybody_reads_the_same(
        self, client: Client, centre: Site, settings: Any
    ) -> None:
        settings.PERSONALISED_SIGNPOSTS = False
        said = main(client.get(start(client, happening=["seizure_24h"], age_band="under_16")))
        assert "Call 999 if someone" in said
        assert "what was taken" not in said


class TestUnder18:
    @pytest.mark.parametrize("age", ["under_16", "16_17"])
    def test_an_answer_leads_to_the_child_pathway_and_no_error(
        self, client: Client, centre: Site, age: str
    ) -> None:
        load_shipped_content()
        first = start(client)
        there = answer(client, page(first, 5), age_band=age)
        response = client.get(there)
        assert (response.status_code, "/next/6/" in there) == (200, True)
        assert words(document(response).find(".//h1")) == "There is help for people your age"
        assert "0800 1111" in main(response)
        assert "What happens next" in main(response)
        assert " bed" not in main(response)
        links = [each.get("href") for each in document(response).iterfind(".//main//a")]
        assert {"tel:08001111", page(first, 6)} <= {*links}

    def test_it_is_shown_once(self, client: Client, centre: Site) -> None:
        first = start(client)
        answer(client, page(first, 5), age_band="under_16")
        assert answer(client, page(first, 6), pregnancy="no") == page(first, 7)

    def test_on_the_first_page_danger_comes_before_it(self, client: Client, centre: Site) -> None:
        there = start(client, age_band="under_16", happening=["seizure_24h"])
        [on] = [
            each.get("href")
            for each in document(client.get(there)).iterfind(".//main//a")
            if words(each) == "I have read this"
        ]
        assert "/next/1/" in on
        assert "/next/1/" in start(client, age_band="under_16", free_text="Somebody else")

    def test_an_adult_has_no_such_page(self, client: Client, centre: Site) -> None:
        first = start(client)
        response = client.get(f"/more/{first.split('/')[2]}/next/3/")
        assert response["Location"] == page(first, 3)


class TestAgainAndInAnyOrder:
    def test_a_double_click_is_one_addition(self, client: Client, centre: Site) -> None:
        first = start(client)
        sent = hidden(client.get(first)) | {"suicide": "none_disclosed"}
        assert client.post(first, sent)["Location"] == client.post(first, sent)["Location"]
        assert Enquiry.objects.count() == 2

    def test_back_and_the_same_answer_again_is_one_addition(self, client: Client, centre: Site) -> None:
        first = start(client)
        for _ in range(2):
            answer(client, first, suicide="none_disclosed")
        assert Enquiry.objects.count() == 2

    def test_another_answer_with_the_same_key_is_one_more(self, client: Client, centre: Site) -> None:
        first = start(client)
        sent = hidden(client.get(first))
        for said in ("thoughts_safe_now", "none_disclosed"):
            client.post(first, sent | {"suicide": said})
        assert Enquiry.objects.count() == 3
        assert latest().answers["suicide"] == "thoughts_safe_now"

    def test_a_page_that_was_answered_says_that_more_is_added(self, client: Client, centre: Site) -> None:
        first = start(client)
        answer(client, first, suicide="none_disclosed")
        response = client.get(first)
        assert "You have answered this" in main(response)
        assert not document(response).findall(".//input[@checked]")

    def test_any_order_will_do(self, client: Client, centre: Site) -> None:
        first = start(client)
        answer(client, page(first, 8), situation=["alone"])
        answer(client, page(first, 2), uses=["ketamine"])
        answer(client, first, suicide="none_disclosed")
        said = latest().answers
        assert (said["situation"], said["suicide"]) == (["alone"], "none_disclosed")
        assert said["substances"][0]["name"] == "ketamine"

    def test_a_question_that_does_not_fit_goes_on_to_one_that_does(
        self, client: Client, centre: Site
    ) -> None:
        first = start(client)
        assert client.get(page(first, 31))["Location"] == page(first, 3)

    def test_a_form_that_lost_its_key_is_taken_all_the_same(self, client: Client, centre: Site) -> None:
        first = start(client)
        for number, key in ((1, "junk"), (6, "\x00")):
            sent = {"idempotency_key": key, "suicide": "none_disclosed", "pregnancy": "no"}
            assert client.post(page(first, number), sent).status_code == 302
        assert Enquiry.objects.count() == 3


class TestAddresses:
    def test_they_are_neutral_private_and_never_kept(self, client: Client, centre: Site) -> None:
        first = start(client, free_text="private words", name="Zoë")
        response = client.get(first)
        assert title(response) == "A few more questions - Harbour House"
        assert "no-store" in response["Cache-Control"]
        assert "noindex" in response["X-Robots-Tag"]
        assert "private words" not in text_of(response)
        assert "Zoë" not in text_of(response)
        assert not response.cookies

    @pytest.mark.parametrize("token", ["x", "x.y", "AaIDa7mXfG64BCqcSo2riQ.forged"])
    @pytest.mark.parametrize("rest", ["1/", "now/1/", "next/1/"])
    def test_a_token_that_is_not_ours_is_not_found(
        self, client: Client, centre: Site, token: str, rest: str
    ) -> None:
        assert client.get(f"/more/{token}/{rest}").status_code == 404
        if rest == "1/":
            assert client.post(f"/more/{token}/{rest}", {"suicide": "unknown"}).status_code == 404

    @pytest.mark.parametrize("number", [0, 12, 30, 48, 999_999_999_999])
    def test_a_number_that_is_no_question_is_not_found(
        self, client: Client, centre: Site, number: int
    ) -> None:
        assert client.get(page(start(client), number)).status_code == 404

    def test_after_thirty_days_they_have_expired(
        self, client: Client, centre: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        first = start(client)
        later = database_now() + timedelta(days=31)
        monkeypatch.setattr("intake.views.more.database_now", lambda: later)
        assert client.get(first).status_code == 404

    def test_the_address_of_an_addition_is_that_of_the_first(self, client: Client, centre: Site) -> None:
        answer(client, start(client), suicide="none_disclosed")
        token = received_token(latest().pk)
        answer(client, f"/more/{token}/6/", pregnancy="no")
        assert {each.adds_to for each in Enquiry.objects.exclude(adds_to=None)} == {
            Enquiry.objects.get(adds_to=None)
        }

    def test_other_methods_are_refused(self, client: Client, centre: Site) -> None:
        assert client.delete(start(client)).status_code == 405


class TestBadInput:
    def test_a_text_that_is_too_long_is_answered_and_kept(self, client: Client, centre: Site) -> None:
        response = client.post(page(start(client), 11), {"free_text": "x" * 20_001})
        assert response.status_code == 422
        assert "x" * 20_001 in text_of(response)
        assert title(response).startswith("Error: ")
        assert document(response).find(".//div[@data-error-summary]//a").get("href") == "#id_free_text"

    @pytest.mark.parametrize("body", [b"\xff\xfe\x00=\x00", b"=" * 10_000, b"unknown=1&" * 400])
    def test_a_body_that_makes_no_sense_is_never_a_failure(
        self, client: Client, centre: Site, body: bytes
    ) -> None:
        kind = "application/x-www-form-urlencoded"
        assert client.post(start(client), body, content_type=kind).status_code == 302

    def test_without_a_database_nothing_is_promised_and_nothing_typed_is_lost(
        self, client: Client, centre: Site, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def down(*_: object, **__: object) -> None:
            raise OperationalError("the database is down")

        first = start(client)
        for place in ("intake.views.more.database_now", "intake.frame.default_site"):
            monkeypatch.setattr(place, down)
        monkeypatch.setattr("intake.services.advice.triage_in_request", down)
        response = client.post(first, {"suicide": "not_safe_now"})
        said = main(response)
        assert response.status_code == 503
        assert said.index("Call 999") < said.index("We could not take this answer")
        assert document(response).find(".//input[@value='not_safe_now']").get("checked") is not None
        assert client.get(first).status_code == 503


def test_after_very_many_answers_the_page_is_calm_and_danger_is_still_heard(
    client: Client, centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intake.services.additions.MOST", 1)
    first = start(client)
    answer(client, page(first, 5), age_band="18_64")
    response = client.post(page(first, 4), {"history": ["epilepsy"]})
    assert response.status_code == 429
    assert "You have told us a lot" in main(response)
    assert "/now/" in answer(client, page(first, 3), symptoms=["jaundice"])
    assert "/now/" in answer(client, page(first, 1), suicide="not_safe_now")
