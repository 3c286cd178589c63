"""A message's words: to staff its template, to callers the approved wording, filled from its context."""

from urllib.parse import urljoin

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.template import Context, Engine
from django.urls import reverse

from jobs.errors import INFRASTRUCTURE_ERRORS
from notifications.catalogue import CATALOGUE, WORDED
from notifications.channels.base import DeliveryError, Outgoing
from notifications.channels.mime import desk_name
from notifications.channels.spoken import a_test_from, again_in_words, spell
from notifications.enums import ChannelName, MessageKind, Why
from notifications.models import Message
from notifications.services.caller_words import as_test, to_caller, values_of
from notifications.short_links import short_code

ANSWERS: dict[str, str] = {ChannelName.VOICE: "answer_call", ChannelName.PUSH: "answer_push"}
SHORT: dict[str, str] = {
    ChannelName.SMS: "notifications/answer.sms.txt",
    ChannelName.PUSH: "notifications/answer.push.txt",
}
# The same in each try of one message: by its words a provider is asked whether it took the try before.
MAYBE_TWICE = "You may have had this by another way already."
LONGEST_SMS = 1500  # letters: Twilio refuses more than 1,600 (21617), and a refused text tells nobody
CAME_CALL = "came_call"
SAY_THAT_IT_CAME = "Please say on the page My alerts that it came."


def render_surely(message: Message) -> Outgoing:
    """Return the message as it goes out. Raises a permanent DeliveryError where words cannot be put together.

    Then this message is over, whatever is wrong with it: its way is not to blame, and nothing waits for it.
    One of a kind that only a newer release knows may still be sent by that.
    """
    try:
        return render_message(message)
    except (*INFRASTRUCTURE_ERRORS, SoftTimeLimitExceeded):
        raise
    except Exception as error:
        if message.kind not in MessageKind.values:
            raise
        raise DeliveryError(Why.CANNOT_BE_WRITTEN, permanent=True) from error


def render_message(message: Message) -> Outgoing:
    """Return the message as it goes out."""
    if message.kind in WORDED:
        return to_caller(message)
    if message.kind == MessageKind.WORDING_TEST:
        return as_test(message)
    return _to_staff(message)


def preview_message(
    kind: MessageKind, context: dict[str, str], channel: ChannelName = ChannelName.EMAIL
) -> Outgoing:
    """Return a message as it would go out, to be read before it is sent. Raises ContextRefused."""
    CATALOGUE[kind].check_context(context)
    return render_message(Message(kind=kind, to="", channel=channel, context=context))


def _to_staff(message: Message) -> Outgoing:
    """Return the template filled in: its first line is the subject, the rest is the text."""
    template = Engine.get_default().get_template(f"notifications/{message.kind.lower()}.txt")
    values = values_of(message, desk_name())
    is_text = message.channel == ChannelName.SMS  # of 160 letters: it has room for the worst of a repeat only
    rendered = template.render(Context({**values, "is_text": is_text}, autoescape=False))
    subject, _, text = rendered.partition("\n")
    subject, text = subject.strip(), _by_this_way(message, values, subject.strip()) or text
    if message.channel == ChannelName.SMS and len(text) > LONGEST_SMS:
        text = "\n".join((subject, _opens(message, values)))
    if message.possible_duplicate:
        text = f"{text.strip()}\n\n{MAYBE_TWICE}"
    return Outgoing(
        id=str(message.pk),
        to=message.to,
        subject=subject,
        sender=values["sender"],
        text=text.strip() + "\n",
        kind=message.kind,
        link=_opens(message, values),
        reference=values.get("reference", ""),
        level=values.get("level", ""),
        again=again_in_words(values),
        answer_to=_answer_to(message, values),
        topic=f"{message.kind}:{values['reference']}" if "reference" in values else "",
        spoken=_spoken(message, values),
    )


def _by_this_way(message: Message, values: dict[str, str], subject: str) -> str:
    """Return the few words that a text or a push message of an alert has room for, "" for any other."""
    template = SHORT.get(message.channel)
    if template is None or "answer_link" not in values:
        return ""
    there = reverse("notifications:short_link", args=[short_code(message.pk)])
    said = {
        "subject": subject,
        "short_link": urljoin(settings.BASE_URL, there),
        "by_text": settings.TEXT_ANSWERS,
        "leads": values.get("leads"),
        "nth": values.get("nth"),
        "answered": values.get("answered"),
    }
    return Engine.get_default().get_template(template).render(Context(said, autoescape=False))


def _opens(message: Message, values: dict[str, str]) -> str:
    """Return what it leads to; a push message to the page on which it is answered without signing in."""
    keys = ("answer_push", "answer_link", "link") if message.channel == ChannelName.PUSH else ("link",)
    return next((values[key] for key in keys if key in values), "")


def _answer_to(message: Message, values: dict[str, str]) -> str:
    """Return where an answer by this way is posted to; a call's only if its provider can reach us."""
    key = CAME_CALL if CAME_CALL in values else ANSWERS.get(message.channel, "")
    there = values.get(key, "")
    return "" if message.channel == ChannelName.VOICE and not there.startswith("https://") else there


def _spoken(message: Message, values: dict[str, str]) -> str:
    """Return what a call says that is no alert, "" for an alert."""
    if message.kind == MessageKind.WAY_CODE:
        return f"This is {values['sender']}. Your code is: {spell(values['code'])}"
    if message.kind == MessageKind.WAY_TEST:
        by_key = _answer_to(message, values)
        return a_test_from(values["sender"]) + ("" if by_key else f". {SAY_THAT_IT_CAME}")
    return ""
