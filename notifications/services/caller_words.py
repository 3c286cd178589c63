"""A message to a caller, as text and as HTML: the wording that was approved, filled from its context."""

from urllib.parse import urljoin

from django.conf import settings
from django.template import Context, Engine

from notifications.channels.base import Outgoing
from notifications.channels.mime import sender_name
from notifications.enums import ChannelName, Language
from notifications.models import Message
from notifications.samples import USUAL, values_in
from notifications.selectors import words_of
from notifications.worded import Worded
from notifications.wording import Filled, Words, as_text, fill

THIS_IS_A_TEST = "This is a test, with made-up values. It went to you only."
IN_HTML = "notifications/caller.html"


def to_caller(message: Message) -> Outgoing:
    """Return the message in the words of its version, or of the one in force before its first try."""
    channel = message.channel or ChannelName.EMAIL
    worded = Worded.of(kind=message.kind, channel=channel, context=message.context)
    words, values = words_of(worded, version=message.wording_version), values_of(message, sender_name())
    return _in_words(message, worded, fill(words, values), values)


def as_test(message: Message) -> Outgoing:
    """Return a wording as an e-mail to whoever looks after it, marked as what it is."""
    said = message.context
    worded = Worded.of(kind=said["of"], channel=said["by"], context=said)
    values = _made_up(worded, said.get("case", USUAL))
    filled = fill(words_of(worded, version=int(said["version"])), values)
    subject = f"Test: {filled.subject or worded.kind.label}"
    marked = Filled(subject, (THIS_IS_A_TEST, *_as_previewed(filled, worded.channel)))
    as_mail = Worded(worded.kind, ChannelName.EMAIL, worded.voice, worded.language)
    return _in_words(message, as_mail, marked, values)


def sample_of(worded: Worded, words: Words, case: str) -> Outgoing:
    """Return a wording as it reads in a case of its kind (notifications.samples), with made-up values."""
    values = _made_up(worded, case)
    return _in_words(Message(kind=worded.kind, to=""), worded, fill(words, values), values)


def values_of(message: Message, sender: str) -> dict[str, str]:
    """Return what fills the words of a message, its link as a whole address."""
    values = {"sender": sender, **message.context}
    if "link" in values:
        values["link"] = urljoin(settings.BASE_URL, values["link"])
    return values


def _made_up(worded: Worded, case: str) -> dict[str, str]:
    return {"sender": sender_name(), **values_in(case, worded.kind, worded.language)}


def _as_previewed(filled: Filled, channel: ChannelName) -> tuple[str, ...]:
    """Return the paragraphs as the page shows them: what goes by text message is one."""
    return (as_text(filled, channel),) if channel == ChannelName.SMS else filled.paragraphs


def _in_words(message: Message, worded: Worded, filled: Filled, values: dict[str, str]) -> Outgoing:
    is_mail = worded.channel == ChannelName.EMAIL
    return Outgoing(
        id=str(message.pk),
        to=message.to,
        subject=filled.subject,
        text=as_text(filled, worded.channel) + "\n",
        html=_html(filled, worded.language, values.get("link", "")) if is_mail else "",
        language=worded.language,
        kind=message.kind,
        link=values.get("link", ""),
        reference=values.get("reference", ""),
    )


def _html(filled: Filled, language: Language, link: str) -> str:
    """Return the same words for mail programs that show HTML; whatever stands in them is escaped."""
    said = {"subject": filled.subject, "paragraphs": filled.paragraphs, "language": language, "link": link}
    return Engine.get_default().get_template(IN_HTML).render(Context(said))
