"""One message in the shapes that different webhooks take."""

from typing import Any

from notifications.channels.base import Outgoing

ADAPTIVE_CARD = "application/vnd.microsoft.card.adaptive"


def standard_body(outgoing: Outgoing) -> dict[str, Any]:
    """The shape of https://www.standardwebhooks.com: a type, when it happened, and the data."""
    body: dict[str, Any] = {"type": outgoing.kind.lower() or "message"}
    if outgoing.queued_at:
        body["timestamp"] = outgoing.queued_at.isoformat()
    data = {
        "subject": outgoing.subject,
        "text": outgoing.text,
        "reference": outgoing.reference,
        "level": outgoing.level,
        "link": outgoing.link,
    }
    return body | {"data": {key: value for key, value in data.items() if value}}


def slack_body(outgoing: Outgoing) -> dict[str, Any]:
    """Slack's incoming webhook: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks"""
    words = f"*{_escaped(outgoing.subject)}*\n{_escaped(outgoing.text.strip())}"
    return {"text": words, "unfurl_links": False, "unfurl_media": False}


def teams_body(outgoing: Outgoing) -> dict[str, Any]:
    """A Workflows webhook of Teams: an adaptive card, which is what those workflows post."""
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": [
            {
                "type": "TextBlock",
                "text": outgoing.subject,
                "weight": "Bolder",
                "size": "Medium",
                "wrap": True,
            },
            {"type": "TextBlock", "text": outgoing.text.strip().replace("\n", "\n\n"), "wrap": True},
        ],
    }
    if outgoing.link:
        card["actions"] = [{"type": "Action.OpenUrl", "title": "Open", "url": outgoing.link}]
    attachment = {"contentType": ADAPTIVE_CARD, "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _escaped(text: str) -> str:
    """Slack reads <…> as commands: a text must not ping a whole channel."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
