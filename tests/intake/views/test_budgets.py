"""Too many enquiries from one connection: kept, answered as always, and looked at by a person first."""

from typing import Any
from uuid import uuid4

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.enums import Queue
from crm.models import Lead, Site
from intake.models import Enquiry
from tests.intake.forms.sent import REFERRAL, URGENT
from tests.intake.services.test_proof import solved
from tests.intake.views.pages import document

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("budgets", "centre"),
]


def send(client: Client, number: int, path: str = "/urgent/", **said: Any) -> HttpResponse:
    """Send somebody's enquiry; each number is another caller."""
    body = URGENT if path == "/urgent/" else REFERRAL
    who = {"phone": f"07700 9001{number:02}", "idempotency_key": str(uuid4())}
    return client.post(path, body | who | said)


def in_review() -> list[str]:
    return list(Lead.objects.filter(queue=Queue.REVIEW).values_list("review_reason", flat=True))


def test_over_budget_is_kept_answered_and_reviewed(client: Client) -> None:
    answers = [send(client, number) for number in range(5)]
    assert [answer.status_code for answer in answers] == [302] * 5
    assert len({answer["Location"].split("/")[1] for answer in answers}) == 1
    assert Enquiry.objects.count() == Lead.objects.count() == 5
    assert in_review() == ["Many enquiries from one connection"] * 2


def test_the_caller_reads_the_same_page_as_everybody(client: Client) -> None:
    for number in range(4):
        page = client.get(send(client, number)["Location"])
    assert b"We have your message" in page.content
    assert len(in_review()) == 1


def test_an_emergency_is_never_held_up(client: Client) -> None:
    for number in range(4):
        send(client, number, happening=["seizure_24h"])
    assert Enquiry.objects.filter(flags=["NO_TRAP", "ADDRESS_BUDGET"]).count() == 1
    assert in_review() == []


def test_the_budget_is_one_for_all_forms(client: Client) -> None:
    for number, path in enumerate(["/urgent/", "/refer/", "/urgent/", "/refer/"]):
        send(client, number, path)
    assert in_review() == ["Many enquiries from one connection"]


def test_a_flood_from_everywhere_is_reviewed_too(client: Client, settings: Any) -> None:
    settings.TRUSTED_PROXIES = 1
    for number in range(7):
        client.defaults["HTTP_X_FORWARDED_FOR"] = f"203.0.113.{number}"
        send(client, number)
    assert in_review() == ["Far more enquiries than usual by this form"]


def test_a_form_with_mistakes_is_not_counted(client: Client) -> None:
    for _ in range(6):
        assert send(client, 1, phone="").status_code == 422
    send(client, 2)
    assert in_review() == []


def test_everybody_is_let_through_while_the_cache_is_away(client: Client, no_cache: None) -> None:
    for number in range(5):
        assert send(client, number).status_code == 302
    assert in_review() == []
    assert Enquiry.objects.filter(flags__contains=["NOT_COUNTED"]).count() == 5


def test_no_address_is_kept_anywhere(client: Client, site: Site, caplog: pytest.LogCaptureFixture) -> None:
    client.defaults["REMOTE_ADDR"] = "203.0.113.77"
    for number in range(5):
        send(client, number)
    rows = [*Enquiry.objects.values(), *Lead.objects.values()]
    assert "203.0.113.77" not in f"{rows} {caplog.text}"


def challenge(client: Client, path: str = "/urgent/") -> str:
    """Return the sum that the form brings along, "" for none."""
    notes = [each.get("data-proof") for each in document(client.get(path)).iterfind(".//p[@data-proof]")]
    return str(notes[0]) if notes else ""


@pytest.mark.parametrize("path", ["/urgent/", "/refer/", "/embed/urgent/"])
def test_the_sum_comes_only_when_the_budget_is_used_up(client: Client, path: str) -> None:
    for number in range(3):
        assert challenge(client, path) == ""
        send(client, number)
    assert challenge(client, path)


def test_solving_it_lets_the_enquiry_go_its_way(client: Client) -> None:
    for number in range(3):
        send(client, number)
    send(client, 4, proof=solved(challenge(client)))
    assert in_review() == []
    assert Enquiry.objects.filter(flags__contains=["ADDRESS_BUDGET", "PROVED"]).count() == 1


def test_sending_it_again_goes_to_review(client: Client) -> None:
    for number in range(3):
        send(client, number)
    proof = solved(challenge(client))
    send(client, 4, proof=proof)
    send(client, 5, proof=proof)
    assert in_review() == ["A check that was solved once was sent again"]


def test_a_wrong_one_goes_to_review_like_none(client: Client) -> None:
    for number in range(3):
        send(client, number)
    assert send(client, 4, proof="nonsense").status_code == 302
    assert in_review() == ["Many enquiries from one connection"]


def test_a_sum_excuses_no_hidden_field(client: Client) -> None:
    for number in range(3):
        send(client, number)
    send(client, 4, proof=solved(challenge(client)), homepage="http://spam.example")
    assert in_review() == ["A hidden field was filled in"]
