"""The page after sending, and until it expires."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from crm.models import Lead, Site
from crm.selectors.lead_record import told_on
from intake.models import Enquiry, HelpLine
from jobs.clock import database_now
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.intake.views.pages import document, main, text_of, title, words

pytestmark = pytest.mark.django_db


def address_of(response: Any) -> str:
    """Return the received page of an enquiry that was just sent, whatever is asked before it."""
    return "/received/{}/".format(response["Location"].split("/")[2])


def sent(client: Client, **changes: Any) -> Any:
    return client.get(address_of(client.post("/urgent/", URGENT | changes)))


def on_record() -> list[str]:
    """Return what the lead says that its caller was told."""
    return told_on(Lead.objects.get())[0].texts


def plain(text: str) -> str:
    """Return it without the full stops: a heading has none."""
    return text.replace(".", "")


def test_it_says_when_a_person_calls_and_the_reference(client: Client, centre: Site) -> None:
    page = main(sent(client))
    assert "A person will call you before" in page
    assert Enquiry.objects.get().reference in page.replace(" ", "")
    assert "We have your message" in page


def test_somebody_who_left_an_e_mail_address_is_not_promised_a_call(client: Client, centre: Site) -> None:
    page = main(sent(client, phone="", email="sam@example.org", safe_ways=["email"]))
    assert "A person will e-mail you before" in page


def test_an_emergency_interrupts_and_comes_before_everything_else(client: Client, centre: Site) -> None:
    response = sent(client, happening=["seizure_24h"])
    page = document(response)
    assert words(page.find(".//h1")) == "Call 999 now"
    assert page.find(".//main").find("./section").get("class") == "alarm"
    assert page.find(".//a[@class='alarm__call']").get("href") == "tel:999"


def test_a_crisis_comes_first_with_numbers_that_can_be_dialled(client: Client, centre: Site) -> None:
    page = document(sent(client, suicide="plan_or_means"))
    assert words(page.find(".//h1")) == "Please get help now"
    links = [each.get("href") for each in page.iterfind(".//section[@class='alarm']//a")]
    assert links == ["tel:111", "tel:116123", "tel:999"]


def test_what_is_told_to_somebody_else_is_in_their_voice(client: Client, centre: Site) -> None:
    page = main(sent(client, enquirer="loved_one", happening=["overdose_24h"]))
    assert "even if you are not sure what they took" in page
    assert "We cannot tell you about them" in page or "We cannot tell you about someone else" in page


def test_a_professional_is_spoken_to_as_one(client: Client, centre: Site) -> None:
    page = main(client.post("/refer/", REFERRAL, follow=True))
    assert "A person will read your referral" in page


def test_somebody_under_18_is_shown_another_way_and_no_error(client: Client, centre: Site) -> None:
    response = sent(client, age_band="under_16")
    assert response.status_code == 200
    assert "Our service is for adults, but we will help you reach the right one" in main(response)
    assert "0800 1111" in main(response)


def test_the_line_for_the_young_is_found_by_what_it_is_for(client: Client, centre: Site) -> None:
    HelpLine.objects.filter(key="gb-childline").update(name="A line for children")
    assert "A line for children: 0800 1111" in main(sent(client, age_band="16_17"))


def test_somebody_who_says_only_later_that_they_are_under_18_is_shown_their_way(
    client: Client, centre: Site
) -> None:
    address = address_of(client.post("/urgent/", URGENT))
    assert "services for people under 18" not in main(client.get(address))
    client.post(f"/more/{address.split('/')[2]}/5/", {"age_band": "16_17"})
    assert "services for people under 18" in main(client.get(address))


@pytest.mark.parametrize("enquirer", ["self", "loved_one", "professional"])
@pytest.mark.parametrize("age", ["under_16", "16_17"])
def test_somebody_under_18_is_not_told_of_a_stay(
    client: Client, centre: Site, enquirer: str, age: str
) -> None:
    response = sent(client, age_band=age, enquirer=enquirer)
    steps = document(response).find(".//main//ol[@class='steps']")
    assert "We help you reach the right service" in words(steps)
    assert "tel:08001111" in [each.get("href") for each in steps.iterfind(".//a")]
    assert "a stay" not in main(response)
    assert " bed" not in main(response)


def test_with_personal_signposts_off_everybody_reads_the_same(
    client: Client, centre: Site, settings: Any
) -> None:
    settings.PERSONALISED_SIGNPOSTS = False
    page = main(sent(client, happening=["seizure_24h"], age_band="under_16"))
    assert "Call 999 if someone" in page
    assert "We look at a stay" in page
    assert "what was taken" not in page


def test_it_is_private_neutral_and_never_kept(client: Client, centre: Site) -> None:
    response = sent(client, uses=["ketamine"], free_text="private words", name="Zoë")
    assert "no-store" in response["Cache-Control"]
    assert "noindex" in response["X-Robots-Tag"]
    assert title(response) == "Your message - Harbour House"
    assert "private words" not in text_of(response)
    assert "Zoë" not in text_of(response)
    assert "ketamine" not in response.request["PATH_INFO"]


@pytest.mark.parametrize(
    "said",
    [{}, {"suicide": "plan_or_means"}, {"enquirer": "loved_one", "happening": ["overdose_24h"]}],
)
def test_what_is_on_record_as_told_stood_on_the_page(
    client: Client, centre: Site, said: dict[str, Any]
) -> None:
    page = main(sent(client, **said))
    assert [text for text in on_record() if plain(text) not in plain(page)] == []


def test_a_referral_is_on_record_as_its_professional_read_it(client: Client, centre: Site) -> None:
    page = main(client.post("/refer/", REFERRAL, follow=True))
    read = "Thank you for telling us We have your message. A person will read your referral. If anything gets"
    assert read in page
    assert [text for text in on_record() if plain(text) not in plain(page)] == []


def test_below_an_alarm_no_more_is_on_record_than_stood_there(client: Client, centre: Site) -> None:
    sent(client, happening=["seizure_24h"])
    assert on_record()[-1] == "We have your message."


def test_what_was_read_in_another_language_is_on_record_in_that_of_the_desk(
    client: Client, centre: Site
) -> None:
    client.post("/pl/urgent/", URGENT)
    assert on_record()[-1].startswith(
        "Thank you for telling us. We have your message. A person will read it."
    )


@pytest.mark.parametrize("token", ["x", "x.y", "AaIDa7mXfG64BCqcSo2riQ.forged"])
def test_a_token_that_is_not_ours_is_not_found(client: Client, centre: Site, token: str) -> None:
    response = client.get(f"/received/{token}/")
    assert response.status_code == 404
    assert "run out after 30 days" in main(response)


def test_a_promise_that_has_passed_is_not_repeated_as_one(
    client: Client, centre: Site, monkeypatch: Any
) -> None:
    address = address_of(client.post("/urgent/", URGENT))
    later = database_now() + timedelta(days=2)
    monkeypatch.setattr("intake.views.received.database_now", lambda: later)
    page = main(client.get(address))
    assert "We said that a person would call you" in page
    assert "please call us on 020 7946 0000" in page
    assert "A person will call you" not in page


def test_after_thirty_days_it_has_expired(client: Client, centre: Site, monkeypatch: Any) -> None:
    address = address_of(client.post("/urgent/", URGENT))
    later = database_now() + timedelta(days=31)
    monkeypatch.setattr("intake.views.received.database_now", lambda: later)
    assert client.get(address).status_code == 404
