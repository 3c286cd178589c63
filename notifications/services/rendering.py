"""A message's words: its template, filled from its context."""

from urllib.parse import urljoin

from django.conf import settings
from django.template import Context, Engine

from notifications.catalogue import CATALOGUE
from notifications.channels.base import Outgoing
from notifications.channels.mime import sender_name
from notifications.enums import MessageKind
from notifications.models import Message


def render_message(message: Message) -> Outgoing:
    """Return the message as it goes out: the template's first line is the subject, the rest is the text."""
    template = Engine.get_default().get_template(f"notifications/{message.kind.lower()}.txt")
    rendered = template.render(Context(_values(message), autoescape=False))
    subject, _, text = rendered.partition("\n")
    return Outgoing(id=str(message.pk), to=message.to, subject=subject.strip(), text=text.strip() + "\n")


def preview_message(kind: MessageKind, context: dict[str, str]) -> Outgoing:
    """Return a message as it would go out, to be read before it is sent. Raises ContextRefused."""
    CATALOGUE[kind].check_context(context)
    return render_message(Message(kind=kind, to="", context=context))


def _values(message: Message) -> dict[str, str]:
    values = {"sender": sender_name(), **message.context}
    if "link" in values:
        values["link"] = urljoin(settings.BASE_URL, values["link"])
    return values
