"""Version 0 of every message to callers, in every voice, by every channel, in every language."""

from email import message_from_bytes, policy
from html.parser import HTMLParser

import pytest

from intake.content.never_say import ALWAYS, MEDICINES
from notifications.catalogue import CATALOGUE, WORDED
from notifications.channels.base import Outgoing
from notifications.channels.mime import to_mime
from notifications.enums import ChannelName, Language, Voice
from notifications.models import Message
from notifications.samples import sample_values
from notifications.services.rendering import render_message
from notifications.shipped import every_wording
from notifications.worded import Worded
from notifications.wording_checks import problems_with

EVERY = [Worded(*each) for each in every_wording()]
IN_ENGLISH = [each for each in EVERY if each.language == Language.ENGLISH]
MAILS = [each for each in EVERY if each.channel == ChannelName.EMAIL]
TO = "robin.sample@example.org"

pytestmark = pytest.mark.django_db


def named(worded: Worded) -> str:
    return "-".join(worded.as_columns().values())


def outgoing(worded: Worded, **extra: str) -> Outgoing:
    """Return it as a caller gets it, with everything that can be said."""
    entry = CATALOGUE[worded.kind]
    sample = sample_values(worded.kind, worded.language, is_full=True)
    keys = (entry.needs | entry.may_have | entry.chooses) & sample.keys()
    context = {key: sample[key] for key in keys} | extra
    context |= {"voice": worded.voice.value, "language": worded.language.value}
    entry.check_context(context)
    return render_message(Message(kind=worded.kind, channel=worded.channel, to=TO, context=context))


def test_every_kind_has_words_in_each_voice_and_language() -> None:
    assert {each.kind for each in EVERY} == set(WORDED)
    assert len(EVERY) == sum(len(CATALOGUE[kind].channels) for kind in WORDED) * len(Voice) * len(Language)


@pytest.mark.parametrize("worded", EVERY, ids=named)
def test_what_ships_would_be_let_through(worded: Worded) -> None:
    words = worded.shipped
    assert problems_with(worded, words) == []
    said = f"{words.subject} {words.text}"
    assert not [rule for rule in (*ALWAYS, MEDICINES) if rule.found_in(said)]


@pytest.mark.parametrize("worded", EVERY, ids=named)
def test_it_says_all_that_it_has_to_and_nobody(worded: Worded) -> None:
    said = outgoing(worded)
    whole = f"{said.subject}\n{said.text}\n{said.html}"
    assert not set("{}[]") & set(said.subject + said.text)
    assert "robin" not in whole.lower()
    assert said.language == worded.language
    values = sample_values(worded.kind, worded.language)
    for key in CATALOGUE[worded.kind].needs & {"call_by", "call_at", "lines"}:
        assert values[key] in said.text
    assert worded.channel == ChannelName.SMS or said.subject


@pytest.mark.parametrize("worded", [each for each in EVERY if each.channel == ChannelName.SMS], ids=named)
def test_a_text_is_one_short_line_without_a_subject_or_a_reference(worded: Worded) -> None:
    said = outgoing(worded)
    assert "\n" not in said.text.strip()
    assert len(said.text) <= 300
    assert (said.subject, said.html) == ("", "")
    assert said.reference not in said.text


@pytest.mark.parametrize("kind", WORDED)
def test_the_languages_differ(kind: str) -> None:
    texts = {each.shipped.text for each in MAILS if each.kind == kind and each.voice == Voice.SELF}
    assert len(texts) == len(Language)


class Seen(HTMLParser):
    """What a mail program would see, and what it would fetch."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.fetched: list[str] = []
        self.lang = ""
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.lang = self.lang or dict(attrs).get("lang") or ""
        self.fetched += [name for name, _ in attrs if name in {"src", "background", "srcset"}]
        self.fetched += [value for name, value in attrs if name == "style" and value and "url(" in value]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


@pytest.mark.parametrize("worded", MAILS, ids=named)
def test_the_mail_has_the_same_words_twice_and_fetches_nothing(worded: Worded) -> None:
    said = outgoing(worded)
    mail = message_from_bytes(to_mime(said).as_bytes(), policy=policy.default)
    assert mail.get_content_type() == "multipart/alternative"
    plain, html = mail.iter_parts()
    assert (plain.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    seen = Seen(html.get_content())
    assert (seen.fetched, seen.lang) == ([], worded.language)
    assert not {"img", "script", "style", "link", "iframe", "form", "input"} & set(seen.tags)
    assert [*seen.words[len(said.subject.split()) :]] == plain.get_content().split()


@pytest.mark.parametrize("worded", MAILS[:1], ids=named)
def test_its_headers_are_those_of_one_answer_to_one_person(worded: Worded) -> None:
    mail = message_from_bytes(to_mime(outgoing(worded)).as_bytes(), policy=policy.default)
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Content-Language"] == "en"
    assert mail["To"] == TO
    assert not [name for name in mail if name.lower().startswith("list-") or name == "Precedence"]


HOSTILE = '<script>alert("1")</script> & <b>you</b>'


def test_a_value_is_escaped_in_html_and_left_alone_in_plain_text() -> None:
    worded = next(each for each in IN_ENGLISH if each.kind == "SIGNPOST_PACK")
    said = outgoing(worded, lines=HOSTILE, phone="{sender} [aim] <i>")
    assert HOSTILE in said.text
    assert "{sender} [aim] <i>" in said.text
    assert "script" not in Seen(said.html).tags
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &lt;b&gt;" in said.html
    assert "&lt;i&gt;" in said.html


def test_a_link_is_one_and_nothing_else_is() -> None:
    worded = next(each for each in IN_ENGLISH if each.kind == "ENQUIRY_COPY")
    said = outgoing(worded, link="/received/a-b.c/")
    assert Seen(said.html).tags.count("a") == 1
    assert f'<a href="{said.link}"' in said.html
    assert said.link.startswith("http")
