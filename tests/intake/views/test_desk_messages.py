"""Messages to callers at the desk: who may read, write and approve them, how they are shown, and tests."""

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client

from crm.enums import Role
from crm.models import Site, User
from intake.selectors.message_readings import SLOTS
from jobs.clock import database_now
from notifications.enums import ChannelName, MessageKind, MessageState
from notifications.models import Message, Wording, WordingChange
from notifications.selectors import version_in_force
from notifications.services.caller_words import THIS_IS_A_TEST
from notifications.services.rendering import render_message
from notifications.services.wordings import approve_wording, draft_wording
from notifications.shipped import every_wording
from notifications.worded import Worded
from notifications.wording import Words, slots_of
from tests.clock import DatabaseClock
from tests.factories import MembershipFactory
from tests.intake.views.pages import document, main, text_of, words
from tests.notifications.work import try_once
from tests.pages import text_of as said_on

pytestmark = pytest.mark.django_db
TRIED = Worded(MessageKind.CALLER_TRIED, ChannelName.EMAIL)
LIST, ONE = "/desk/messages/", "/desk/messages/caller_tried/email/self/en/"
PREVIEW, APPROVE, TEST = f"{ONE}0/preview/", f"{ONE}1/approve/", f"{ONE}0/test/"
SAID = {
    "subject": "A message from {sender}",
    "text": "Hello,\r\n\r\nI rang.  \r\n\r\n{sender}",
    "note": "Short",
}


@pytest.fixture
def plain_clinician(site: Site) -> User:
    return MembershipFactory(site=site, role=Role.CLINICIAN).user


def sign_in(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


def drafted(by: User, said: str = "I rang.") -> Wording:
    asked = Words("A message from {sender}", said)
    return draft_wording(worded=TRIED, words=asked, by=by.pk, at=database_now())


WHO = [
    ("manager", 200),
    ("clinician", 200),
    ("plain_clinician", 200),
    ("coordinator", 403),
    ("outsider", 404),
]


@pytest.mark.parametrize("path", [LIST, ONE, PREVIEW])
@pytest.mark.parametrize(("who", "status"), WHO)
def test_who_may_read(
    client: Client, centre: Site, request: pytest.FixtureRequest, path: str, who: str, status: int
) -> None:
    assert sign_in(client, request.getfixturevalue(who)).get(path).status_code == status


@pytest.mark.parametrize(
    ("who", "status"),
    [("manager", 302), ("clinician", 302), ("plain_clinician", 403), ("coordinator", 403), ("outsider", 404)],
)
def test_who_may_approve(
    client: Client, centre: Site, request: pytest.FixtureRequest, who: str, status: int
) -> None:
    drafted(MembershipFactory(site=centre).user)
    assert sign_in(client, request.getfixturevalue(who)).post(APPROVE).status_code == status
    assert version_in_force(TRIED) == (1 if status == 302 else 0)


@pytest.mark.parametrize("path", [APPROVE, TEST])
def test_what_changes_something_is_posted(client: Client, centre: Site, manager: User, path: str) -> None:
    assert sign_in(client, manager).get(path).status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/desk/messages/urgent_lead_alert/email/self/en/",
        "/desk/messages/enquiry_copy/sms/self/en/",
        "/desk/messages/caller_tried/email/nobody/en/",
        "/desk/messages/caller_tried/email/self/xx/",
        "/desk/messages/nothing/email/self/en/",
        f"{ONE}?version=9",
        f"{ONE}?version=one",
        f"{ONE}?case=never",
        f"{PREVIEW}?case=busy",
        f"{ONE}9/preview/",
        "/desk/messages/caller_tried/sms/self/en/0/preview/",
    ],
)
def test_there_is_no_page_of_what_is_not_there(
    client: Client, centre: Site, manager: User, path: str
) -> None:
    assert sign_in(client, manager).get(path).status_code == 404


@pytest.mark.parametrize("path", [f"{ONE}9/approve/", f"{ONE}9/test/"])
def test_there_is_nothing_to_do_with_what_is_not_there(
    client: Client, centre: Site, manager: User, path: str
) -> None:
    assert sign_in(client, manager).post(path).status_code == 404


@pytest.mark.parametrize("worded", [Worded(*each) for each in every_wording()[::5]], ids=str)
def test_every_wording_has_a_page(client: Client, centre: Site, manager: User, worded: Worded) -> None:
    path = f"{LIST}{'/'.join(worded.as_columns().values()).lower()}/"
    page = document(sign_in(client, manager).get(path))
    assert "What callers get now: version 0" in words(page)
    said = page.find(".//blockquote")
    assert said is not None
    assert said.get("lang") == worded.language
    assert (page.find(".//iframe") is not None) == (worded.channel == ChannelName.EMAIL)


# Writing


def test_what_is_written_waits_for_somebody_else(client: Client, centre: Site, manager: User) -> None:
    answer = sign_in(client, manager).post(ONE, SAID)
    assert (answer.status_code, answer["Location"]) == (302, f"{ONE}?version=1")
    draft = Wording.objects.get()
    assert (draft.text, draft.note, draft.written_by) == (
        "Hello,\n\nI rang.\n\n{sender}",
        "Short",
        manager.pk,
    )
    assert version_in_force(TRIED) == 0
    page = main(client.get(answer["Location"]))
    assert "Version 1, which callers do not get" in page
    assert "I rang." in page
    assert "Morgan Manager" in page
    assert "1 waits for approval" in main(client.get(LIST))


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ({"text": "Our rehab is open."}, "“rehab” tells what it is about"),
        ({"text": "You addict."}, "Say “person”"),
        ({"text": "A special offer."}, "promotes something"),
        ({"text": "Dear {name}, I rang."}, "There is no {name} to fill in here"),
        ({"text": "We are here 24/7."}, "Say the true hours"),
        ({"text": ""}, "Write a text."),
        ({"subject": "Ring back, {reference}"}, "The subject may only have {sender}"),
        ({"subject": ""}, "An e-mail needs a subject"),
        ({"subject": "x" * 61}, "60 characters"),
    ],
)
def test_what_may_not_be_said_is_refused_and_kept_on_the_page(
    client: Client, centre: Site, manager: User, said: dict[str, str], error: str
) -> None:
    answer = sign_in(client, manager).post(ONE, SAID | said)
    page = document(answer)
    assert answer.status_code == 422
    assert error in words(page)
    title = page.find(".//title")
    assert title is not None
    assert words(title).startswith("Error: ")
    area = page.find(".//textarea[@name='text']")
    assert area is not None
    assert "".join(area.itertext()).strip() == (SAID | said)["text"].replace("\r\n", "\n").strip()
    assert not Wording.objects.exists()


def test_a_version_is_approved_only_where_it_is_read(
    client: Client, centre: Site, manager: User, clinician: User
) -> None:
    drafted(manager, "I rang, and rang.")
    desk = sign_in(client, clinician)
    page = desk.get(ONE)
    assert f'action="{APPROVE}"' not in text_of(page)
    assert "Version 1 waits for approval. Read version 1 to approve it." in main(page)
    read = document(desk.get(f"{ONE}?version=1"))
    [button] = [form for form in read.iter("form") if form.get("action") == APPROVE]
    panel = next(each for each in read.iter("section") if button in list(each.iter("form")))
    assert "I rang, and rang." in words(panel)


def test_whoever_wrote_it_cannot_approve_it(client: Client, centre: Site, manager: User) -> None:
    drafted(manager)
    desk = sign_in(client, manager)
    assert f'action="{APPROVE}"' not in text_of(desk.get(f"{ONE}?version=1"))
    assert "You wrote it: another manager" in main(desk.get(f"{ONE}?version=1"))
    page = desk.post(APPROVE, follow=True)
    assert "You wrote this version: somebody else has to approve it." in words(document(page))
    assert version_in_force(TRIED) == 0


def test_an_approval_stands_in_the_history_and_can_be_taken_back(
    client: Client, centre: Site, manager: User, clinician: User
) -> None:
    drafted(manager)
    desk = sign_in(client, clinician)
    assert "Callers get version 1 from now on." in words(document(desk.post(APPROVE, follow=True)))
    assert "Callers get version 0 from now on." in words(document(desk.post(f"{ONE}0/approve/", follow=True)))
    assert list(WordingChange.objects.order_by("at").values_list("version", "by")) == [
        (1, clinician.pk),
        (0, clinician.pk),
    ]
    history = main(desk.get(ONE))
    assert "Version 1 put in force by Clem Clinical-Lead" in history


def test_approving_twice_is_said_and_changes_nothing(
    client: Client, centre: Site, manager: User, clinician: User
) -> None:
    drafted(manager)
    desk = sign_in(client, clinician)
    desk.post(APPROVE)
    assert "already" in words(document(desk.post(APPROVE, follow=True)))
    assert WordingChange.objects.count() == 1


# How it is shown


def test_the_mail_is_shown_in_a_frame_that_can_do_nothing(
    client: Client, centre: Site, manager: User
) -> None:
    desk = sign_in(client, manager)
    page = desk.get(ONE)
    frame = document(page).find(".//iframe")
    assert frame is not None
    assert (frame.get("src"), frame.get("sandbox")) == (f"{PREVIEW}?case=usual", "")
    assert frame.get("title")
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    shown = desk.get(PREVIEW)
    policy = shown["Content-Security-Policy"].split("; ")
    assert {"default-src 'none'", "sandbox", "frame-ancestors 'self'", "form-action 'none'"} <= set(policy)
    assert not [each for each in policy if each.startswith("script-src")]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"
    assert 'lang="en"' in text_of(shown)
    assert "frame-src" not in desk.get(LIST)["Content-Security-Policy"]


def test_hostile_words_are_shown_as_words(client: Client, centre: Site, manager: User) -> None:
    """The lint refuses markup; should any come by another way, it stays text."""
    said = {**TRIED.as_columns(), "version": 1, "subject": "<b>", "text": "<script>alert(1)</script> {phone}"}
    Wording.objects.create(**said, written_by=manager.pk, written_at=database_now())
    desk = sign_in(client, manager)
    for path in (f"{ONE}?version=1", f"{ONE}1/preview/"):
        page = text_of(desk.get(path))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt; 01632 960000" in page


# A test to oneself


def test_a_test_goes_to_the_reader_alone_and_says_so(
    client: Client, centre: Site, manager: User, settings: Any, tmp_path: Any
) -> None:
    settings.EMAIL_CHANNEL, settings.EMAIL_OUTBOX_DIR = "file", tmp_path
    page = sign_in(client, manager).post(TEST, follow=True)
    assert f"on its way to {manager.email}, as a test" in words(document(page))
    message = Message.objects.get()
    assert (message.to, message.kind, message.about) == (manager.email, MessageKind.WORDING_TEST, None)
    rendered = render_message(message)
    assert rendered.subject.startswith("Test: ")
    assert rendered.text.startswith("This is a test, with made-up values.")
    assert "This is a test" in rendered.html
    assert "We tried to call you" in rendered.text
    assert try_once(message).state == MessageState.SENT


def test_a_text_is_tested_by_e_mail(client: Client, centre: Site, manager: User) -> None:
    sign_in(client, manager).post("/desk/messages/caller_tried/sms/self/en/0/test/")
    rendered = render_message(Message.objects.get())
    assert rendered.subject == "Test: We tried to reach you"
    assert "I tried to call you." in rendered.text


def body_of(response: HttpResponse) -> str:
    body = document(response).find(".//body")
    assert body is not None
    return words(body)


CASES = [
    ("enquiry_acknowledgement/email", "usual", "A person will be in touch by", "later"),
    ("enquiry_acknowledgement/email", "later", "Others are still waiting", "A person will be in touch by"),
    ("enquiry_acknowledgement/email", "later", "Nobody is at the desk until", "The last person leaves"),
    ("enquiry_acknowledgement/email", "closing", "The last person leaves", "Nobody is at the desk until"),
    ("enquiry_acknowledgement/sms", "later", "it may be later", "I will be in touch"),
    ("caller_new_time/email", "away", "The person who was to call you is away", "others are still waiting"),
    ("caller_tried/email", "usual", "We tried to call you", "{"),
]


@pytest.mark.parametrize(("path", "case", "said", "not_said"), CASES)
def test_a_test_says_what_the_page_shows(
    client: Client, centre: Site, manager: User, path: str, case: str, said: str, not_said: str
) -> None:
    desk, page = sign_in(client, manager), f"{LIST}{path}/self/en/"
    quotes = document(desk.get(f"{page}?case={case}")).iter("blockquote")
    shown = " ".join(" ".join(next(quotes).itertext()).split())
    assert said in shown
    assert not_said not in shown
    answer = desk.post(f"{page}0/test/", {"case": case})
    assert answer["Location"] == f"{page}?version=0&case={case}"
    sent = render_message(Message.objects.get())
    assert sent.text.split() == [*THIS_IS_A_TEST.split(), *shown.split()]
    if "email" in path:
        body = body_of(desk.get(f"{page}0/preview/?case={case}"))
        assert body_of(HttpResponse(sent.html)).replace(f"{THIS_IS_A_TEST} ", "") == body


def test_the_other_cases_are_read_on_the_same_page(client: Client, centre: Site, manager: User) -> None:
    page = main(sign_in(client, manager).get(f"{LIST}caller_new_time/email/self/en/"))
    for said in (
        "others are still waiting",
        "The person who was to call you is away",
        "You asked for another",
    ):
        assert said in page


@pytest.mark.parametrize("path", ["caller_tried/email", "enquiry_copy/email", "caller_new_time/sms"])
def test_what_can_be_filled_in_is_explained(client: Client, centre: Site, manager: User, path: str) -> None:
    page = said_on(sign_in(client, manager).get(f"{LIST}{path}/self/en/"))
    for name in sorted(slots_of(MessageKind(path.split("/", maxsplit=1)[0].upper()))):
        assert f"{{{name}}} {SLOTS[name]}" in page


def test_a_draft_can_be_tested_before_it_is_approved(client: Client, centre: Site, manager: User) -> None:
    drafted(manager, "I rang, and rang.")
    sign_in(client, manager).post(f"{ONE}1/test/")
    assert "I rang, and rang." in render_message(Message.objects.get()).text


def test_tests_are_few_an_hour(
    client: Client, centre: Site, manager: User, clinician: User, database_clock: DatabaseClock
) -> None:
    desk = sign_in(client, manager)
    for _ in range(10):
        desk.post(TEST)
    page = words(document(desk.post(TEST, follow=True)))
    assert "You have had 10 tests within the hour." in page
    assert Message.objects.count() == 10
    sign_in(client, clinician).post(TEST)
    assert Message.objects.count() == 11
    database_clock.advance(seconds=3601)
    sign_in(client, manager).post(TEST)
    assert Message.objects.count() == 12


def test_a_page_costs_the_same_with_one_version_and_with_thirty(
    client: Client, centre: Site, manager: User, clinician: User, django_assert_max_num_queries: Any
) -> None:
    desk = sign_in(client, manager)

    def cost(path: str) -> int:
        with django_assert_max_num_queries(40) as seen:
            desk.get(path)
        return len(seen)

    drafted(clinician)
    approve_wording(worded=TRIED, version=1, by=manager.pk, at=database_now())
    cost(LIST)  # what is asked for once, and then remembered
    one = {path: cost(path) for path in (LIST, ONE)}
    for number in range(30):
        drafted(clinician, f"I rang on day {number}.")
    assert {path: cost(path) for path in (LIST, ONE)} == one
