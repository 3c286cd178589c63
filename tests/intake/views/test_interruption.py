"""Danger, and the path for under-18s: read before any more questions, and a way to send what there is."""

import pytest
from django.test import Client

from crm.enums import Level
from crm.models import Site
from intake.models import Draft, Enquiry
from tests.intake.views.journeys import CALM, CHECK, HER_SON, NOW, START, answer, place, walk
from tests.intake.views.pages import document, main, text_of, title

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("centre")]
FIT = {"happening": ["seizure_24h"]}


def in_danger(client: Client) -> None:
    walk(client, HER_SON, until=5)
    assert answer(client, 5, **FIT)["Location"] == NOW


def test_danger_stands_before_any_more_questions(client: Client) -> None:
    in_danger(client)
    response = client.get(NOW)
    assert response.status_code == 200
    assert main(response).startswith("Call 999 now")
    assert title(response) == "Your answers - Harbour House"
    for elsewhere in (place(6), place(12), CHECK, START):
        assert client.get(elsewhere)["Location"] == NOW


@pytest.mark.parametrize(
    ("number", "said", "heading"),
    [
        (5, {"happening": ["unresponsive_or_slow_breathing"]}, "Call 999 now"),
        (5, {"happening": ["child_danger_now"]}, "Call 999 now"),
        (6, {"suicide": "not_safe_now"}, "Call 999 now"),
        (6, {"suicide": "plan_or_means"}, "Please get help now"),
        (11, {"symptoms": ["jaundice"]}, "Please get help now"),
    ],
)
def test_every_emergency_interrupts(client: Client, number: int, said: dict[str, str], heading: str) -> None:
    answer(client, 1, enquirer="self")
    assert answer(client, number, **said)["Location"] == NOW
    assert main(client.get(NOW)).startswith(heading)


@pytest.mark.parametrize(
    ("number", "said"),
    [(6, {"suicide": "thoughts_safe_now"}), (7, {"free_text": "I want to end my life"})],
)
def test_somebody_in_a_crisis_reads_first_whom_to_talk_to(
    client: Client, number: int, said: dict[str, str]
) -> None:
    answer(client, 1, enquirer="self")
    assert answer(client, number, **said)["Location"] == NOW
    page = main(client.get(NOW))
    assert page.startswith("You can talk to someone now")
    assert "Samaritans on 116 123" in page
    assert "Shall we call you?" in page
    assert "When you have called for help" not in page
    client.post(NOW, {"then": "continue"})
    assert client.get(place(number)).status_code == 200


def test_a_crisis_that_becomes_an_emergency_interrupts_again(client: Client) -> None:
    answer(client, 1, enquirer="self")
    answer(client, 6, suicide="thoughts_safe_now")
    client.post(NOW, {"then": "continue"})
    assert answer(client, 6, suicide="plan_or_means")["Location"] == NOW
    assert main(client.get(NOW)).startswith("Please get help now")


def test_whoever_has_said_nothing_yet_is_not_interrupted(client: Client) -> None:
    for enquirer in ("self", "loved_one", "professional"):
        assert answer(client, 1, enquirer=enquirer)["Location"] != NOW


def test_several_answers_together_can_be_an_emergency(client: Client) -> None:
    answer(client, 1, enquirer="self")
    answer(client, 8, uses=["ketamine"])
    assert answer(client, 11, symptoms=["cannot_pass_urine"])["Location"] == NOW


def test_it_is_said_once_and_again_when_there_is_more(client: Client) -> None:
    in_danger(client)
    assert client.post(NOW, {"then": "continue"})["Location"] == place(6)
    assert client.get(NOW)["Location"] == place(6)
    assert client.get(place(5)).status_code == 200
    assert answer(client, 6, suicide="plan_or_means")["Location"] == NOW
    assert "crisis" in main(client.get(NOW)) or "116 123" in main(client.get(NOW))


def test_what_there_is_can_be_sent_at_once_with_a_way_to_call_back(client: Client) -> None:
    in_danger(client)
    missing = client.post(NOW, {"then": "send"})
    assert missing.status_code == 422
    assert main(missing).index("There is a problem") < main(missing).index("Call 999 now")
    response = client.post(NOW, {"then": "send", "phone": "07700 900123", "safe_ways": ["call"]})
    assert response["Location"].startswith("/received/")
    enquiry = Enquiry.objects.get()
    assert (enquiry.answers["symptoms"], enquiry.answers["person_aware"]) == (["seizure_24h"], "no")
    assert enquiry.answer["level"] == Level.E1


def test_a_number_that_we_have_is_not_asked_for_again(client: Client) -> None:
    walk(client, CALM)
    assert answer(client, 5, **FIT)["Location"] == NOW
    assert 'name="phone"' not in text_of(client.get(NOW))
    assert client.post(NOW, {"then": "send"})["Location"].startswith("/received/")


def test_sending_twice_makes_one_enquiry(client: Client) -> None:
    in_danger(client)
    key = client.cookies.copy()
    sent = {"then": "send", "phone": "07700 900123"}
    first = client.post(NOW, sent)["Location"]
    client.cookies = key
    assert client.post(NOW, sent)["Location"] == first
    assert Enquiry.objects.count() == 1


@pytest.mark.parametrize(("enquirer", "heard"), [("self", "people your age"), ("loved_one", "young people")])
def test_under_18_leads_to_the_path_for_the_young_and_is_no_error(
    client: Client, enquirer: str, heard: str
) -> None:
    answer(client, 1, enquirer=enquirer)
    assert answer(client, 4, age_band="16_17")["Location"] == NOW
    response = client.get(NOW)
    assert response.status_code == 200
    assert heard in main(response)
    assert "0800 1111" in main(response)
    assert "There are services for people under 18" in main(response)
    assert not title(response).startswith("Error")


def test_danger_comes_before_the_path_for_the_young(client: Client) -> None:
    answer(client, 1, enquirer="self")
    answer(client, 4, age_band="under_16")
    answer(client, 5, **FIT)
    assert main(client.get(NOW)).startswith("Call 999 now")
    client.post(NOW, {"then": "continue"})
    assert "people your age" in main(client.get(NOW))
    assert client.post(NOW, {"then": "continue"})["Location"] == place(6)


def test_it_can_be_saved_or_deleted_from_there(client: Client) -> None:
    in_danger(client)
    assert "Your answers are saved" in main(client.post(NOW, {"then": "save"}))
    answer(client, 1, enquirer="self")
    answer(client, 5, **FIT)
    client.post(NOW, {"then": "forget"})
    assert Draft.objects.filter(link_hash=None).count() == 0


def test_nobody_in_danger_sees_nothing_there(client: Client, site: Site) -> None:
    assert client.get(NOW).status_code == 404
    answer(client, 1, enquirer="self")
    assert client.get(NOW)["Location"] == place(4)


def test_danger_is_said_before_a_correction_is_asked_for(client: Client) -> None:
    answer(client, 1, enquirer="self")
    response = answer(client, 5, happening=["chest_pain", "none_of_these"])
    assert response.status_code == 422
    assert document(response).find(".//main//section").get("class") == "alarm"
    assert "Take one of the two away" in main(response)
    assert answer(client, 5, happening=["chest_pain"])["Location"] == NOW
