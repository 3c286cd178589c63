"""Keys that are guessed, tampered with, of another kind or too old; forms in the wrong order; two presses."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.signing import Signer
from django.test import Client

from crm.enums import Disposition, RequestKind
from crm.models import CallerRequest, Lead, Site, User
from crm.services.caller_requests import close_pages
from crm.services.stages import Closing, close_lead
from intake.draft_keys import COOKIE
from intake.models import Draft, Enquiry
from intake.services.own_page import WISHES
from intake.services.reconciliation import reconcile
from intake.services.submission import submit_enquiry
from intake.tokens import received_token
from jobs.clock import database_now
from jobs.ids import uuid7
from tests.clock import DatabaseClock
from tests.factories.enquiries import submission
from tests.intake.forms.sent import URGENT
from tests.intake.views.journeys import CALM, walk
from tests.journeys.front_door import Visitor, faults_of, sent

pytestmark = pytest.mark.django_db

NEEDS_A_TOKEN = ("more", "more_now", "more_young", "received", "own_ways", "own_more", "own_wish")


def wrong_tokens(visitor: Visitor) -> dict[str, str]:
    token, draft = visitor.token, visitor.client.cookies[COOKIE].value
    body, signature = token.split(".")
    return {
        "guessed": received_token(uuid7()),
        "another signature": f"{body}.{signature[::-1]}",
        "another body": f"{body[::-1]}.{signature}",
        "in part": token[:-1],
        "with more": f"{token}A",
        "signed for something else": Signer(salt="intake.draft", sep=".").sign(body),
        "of a draft": draft,
        "the link to saved answers": visitor.link,
        "the code": visitor.code,
        "a reference": Enquiry.objects.latest("received_at").reference,
        "an id": str(Enquiry.objects.latest("received_at").pk),
        "odd": "\u202e😀%00",
        "long": "x" * 5_000,
    }


def test_a_token_that_is_not_ours_opens_nothing_and_does_nothing(visitor: Visitor) -> None:
    for kind, token in wrong_tokens(visitor).items():
        wrong = Visitor(token, visitor.link, visitor.code)
        for path in [path for name in NEEDS_A_TOKEN for path in wrong.addresses(name)]:
            for response in (wrong.client.get(path), wrong.client.post(path, {"free_text": "Me"})):
                assert response.status_code in {404, 405}, (kind, path)
                assert faults_of(response) == [], (kind, path)
    assert CallerRequest.objects.count() == 0


def test_a_token_is_no_key_to_answers_that_were_not_sent(visitor: Visitor) -> None:
    for key in (visitor.token, visitor.link, visitor.code, *wrong_tokens(visitor).values()):
        client = Client()
        client.cookies[COOKIE] = key if key.isascii() else "x"
        if client.cookies[COOKIE].value == visitor.client.cookies[COOKIE].value:
            continue
        assert client.get("/pre-booked/check/").status_code == 404
        assert Client().post(f"/back/{key[:500].replace('%', '')}/", {"code": visitor.code}).status_code in {
            302,
            422,
        }
    assert Client().post(f"/back/{visitor.token}/", {"code": visitor.code}).status_code == 422


def test_a_token_acts_on_its_own_lead_alone(visitor: Visitor, centre: Site) -> None:
    other = sent(centre, phone="07700 900999", email="")
    for wish in WISHES:
        assert visitor.client.post(f"/received/{visitor.token}/{wish}/").status_code in {200, 302}
    visitor.client.post(f"/received/{visitor.token}/more/", {"free_text": "It is worse"})
    assert CallerRequest.objects.filter(lead=other.lead).count() == 0
    assert Enquiry.objects.filter(lead=other.lead).count() == 1
    assert Client().get(f"/received/{received_token(other.pk)}/").status_code == 200


@pytest.mark.parametrize("ended", ["revoked", "30 days old"])
def test_a_page_that_ended_takes_nothing_more(
    visitor: Visitor, database_clock: DatabaseClock, ended: str
) -> None:
    lead = Lead.objects.latest("received_at")
    if ended == "revoked":
        close_pages(lead=lead, at=database_now())
    else:
        database_clock.advance(by=timedelta(days=30))
    before = Enquiry.objects.count()
    for path in [path for name in NEEDS_A_TOKEN for path in visitor.addresses(name)]:
        for response in (visitor.client.get(path), visitor.client.post(path, {"free_text": "Me"})):
            assert response.status_code in {404, 405}, path
            assert faults_of(response) == [], path
    assert (Enquiry.objects.count(), CallerRequest.objects.count()) == (before, 0)


def test_answers_that_ran_out_are_gone_and_what_is_being_typed_is_kept(
    visitor: Visitor, database_clock: DatabaseClock
) -> None:
    database_clock.advance(by=timedelta(hours=2, seconds=1))
    assert visitor.client.get("/pre-booked/check/").status_code == 404
    response = visitor.client.post("/pre-booked/7/", {"free_text": "I was still writing", "as": "self"})
    assert response.status_code == 302
    kept = Draft.objects.latest("created_at").progress
    assert kept["said"]["free_text"] == ["I was still writing"]
    assert kept["lost"] is True


@pytest.mark.parametrize("path", ["/pre-booked/check/", "/pre-booked/now/"])
@pytest.mark.parametrize("then", ["send", "save", "keep", "forget", "continue", "link", ""])
def test_the_end_of_the_journey_before_its_beginning_sends_nothing(
    centre: Site, path: str, then: str
) -> None:
    response = Client().post(path, {"then": then, "phone": "07700 900123"})
    assert faults_of(response) == []
    assert (Enquiry.objects.count(), Draft.objects.count()) == (0, 0)


def test_step_seven_before_step_one_is_kept_and_leads_to_the_first(centre: Site) -> None:
    client = Client()
    assert client.post("/pre-booked/7/", {"free_text": "First"})["Location"] == "/pre-booked/"
    assert client.post("/pre-booked/check/", {"then": "send"}).status_code == 422
    assert Enquiry.objects.count() == 0
    walk(client, {**CALM, 7: {"free_text": "First"}})
    assert client.post("/pre-booked/check/", {"then": "send"}).status_code == 302
    assert Enquiry.objects.get().answers["free_text"] == "First"


def test_two_presses_two_tabs_and_back_make_one_enquiry_and_changed_words_another(centre: Site) -> None:
    said = URGENT | {"idempotency_key": str(uuid4())}
    first, second = (Client().post("/urgent/", said)["Location"] for _ in range(2))
    assert first == second
    assert Enquiry.objects.count() == 1
    changed = Client().post("/urgent/", said | {"free_text": "It is worse"})
    assert changed.status_code == 302
    words = [
        each.answers["free_text"].splitlines()[0] for each in Enquiry.objects.order_by("received_at", "pk")
    ]
    assert words == ["I need some help", "It is worse"]
    assert reconcile().unaccounted == 0


def test_send_pressed_twice_in_two_tabs_is_one_enquiry(visitor: Visitor) -> None:
    held, before = visitor.client.cookies.copy(), Enquiry.objects.count()
    first = visitor.client.post("/pre-booked/check/", {"then": "send"})
    visitor.client.cookies = held
    assert visitor.client.post("/pre-booked/check/", {"then": "send"})["Location"] == first["Location"]
    visitor.client.cookies = held
    assert visitor.client.post("/pre-booked/7/", {"free_text": "Later"})["Location"] == first["Location"]
    assert Enquiry.objects.count() == before + 1


def test_what_is_added_after_the_lead_was_closed_is_stored_and_seen(
    visitor: Visitor, coordinator: User
) -> None:
    lead = Lead.objects.latest("received_at")
    close_lead(lead=lead, closing=Closing(Disposition.CHOSE_ANOTHER), by=coordinator, at=database_now())
    for path in (f"/received/{visitor.token}/more/", f"/more/{visitor.token}/11/"):
        response = visitor.client.post(path, {"free_text": f"It is worse {path[:5]}"})
        assert response.status_code == 302
        assert faults_of(response) == []
    words = [each.answers["free_text"] for each in Enquiry.objects.all()]
    assert any("It is worse /rece" in each for each in words)
    assert reconcile().unaccounted == 0


def test_worse_news_is_taken_although_the_enquiry_is_on_no_lead_yet(
    centre: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("intake.services.submission.link_enquiry", broken)
    stranded = submit_enquiry(submission=submission(centre), at=database_now()).enquiry
    own = f"/received/{received_token(stranded.pk)}/"
    response = Client().post(f"{own}more/", {"free_text": "It is worse"})
    assert [Client().post(f"{own}{wish}/").status_code for wish in WISHES] == [404] * len(WISHES)
    assert response.status_code == 302
    assert Enquiry.objects.filter(adds_to=stranded).count() == 1


def test_every_wish_pressed_twice_is_one_request(visitor: Visitor) -> None:
    for wish in ("sooner", "sooner", "stop", "stop", "erase", "erase", "nonsense"):
        visitor.client.post(f"/received/{visitor.token}/{wish}/")
    open_ones = CallerRequest.objects.filter(settled_at=None)
    assert sorted(open_ones.values_list("kind", flat=True)) == [RequestKind.ERASE, RequestKind.STOP]
