"""Tracking events of e-mail providers: django-anymail checks whose they are and reads them.

Opens and clicks are not asked for (channels.email_api). Should an account report them all the same: an open
is a picture that some mail program fetched, which says nothing about a person, and is passed over.
"""

from collections.abc import Iterator
from datetime import datetime

from anymail.exceptions import AnymailError
from anymail.signals import AnymailTrackingEvent, EventType, RejectReason
from anymail.webhooks.base import AnymailBaseWebhookView
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, SuspiciousOperation
from django.http import HttpRequest
from django.utils.module_loading import import_string

from notifications.hooks.bounces import is_final, is_wish
from notifications.hooks.receipts import Receipt, ReceiptState, Unreadable
from notifications.hooks.resend import check_from_resend
from notifications.hooks.signatures import NotTheirs

VIEWS = {
    "brevo": "brevo.BrevoTrackingWebhookView",
    "mailersend": "mailersend.MailerSendTrackingWebhookView",
    "mailgun": "mailgun.MailgunTrackingWebhookView",
    "mailjet": "mailjet.MailjetTrackingWebhookView",
    "postmark": "postmark.PostmarkTrackingWebhookView",
    "resend": "resend.ResendTrackingWebhookView",
    "sparkpost": "sparkpost.SparkPostTrackingWebhookView",
}
SIGNED = {
    "mailgun",
    "mailersend",
    "resend",
}  # the others are known by the password in the address that they are given
STATES = {
    EventType.QUEUED: ReceiptState.ON_ITS_WAY,
    EventType.SENT: ReceiptState.ON_ITS_WAY,
    EventType.DEFERRED: ReceiptState.ON_ITS_WAY,
    EventType.DELIVERED: ReceiptState.DELIVERED,
    EventType.REJECTED: ReceiptState.FAILED,
    EventType.FAILED: ReceiptState.FAILED,
    EventType.BOUNCED: ReceiptState.FAILED,  # hard or soft: see bounces
    EventType.COMPLAINED: ReceiptState.STOPPED,
    EventType.UNSUBSCRIBED: ReceiptState.STOPPED,
}
NOT_EVEN_TRIED = {  # what is on a provider's list of addresses that it does not write to any more
    RejectReason.BOUNCED: ReceiptState.GONE,
    RejectReason.SPAM: ReceiptState.STOPPED,
    RejectReason.UNSUBSCRIBED: ReceiptState.STOPPED,
}
RESENDS_OWN = {  # events that anymail does not know
    "email.failed": ReceiptState.FAILED,
    "email.suppressed": ReceiptState.GONE,
}


def read_email_events(request: HttpRequest, provider: str, at: datetime) -> list[Receipt]:
    """Return what a provider reports, after checking that it is they. Raises NotTheirs, Unreadable."""
    if provider == "resend":
        check_from_resend(request, at)
    view = _view(provider)
    try:
        if provider != "resend":
            view.run_validators(request)
    except (AnymailError, SuspiciousOperation):
        raise NotTheirs from None
    try:
        return list(_receipts(provider, view.parse_events(request)))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, ImproperlyConfigured) as error:
        raise Unreadable(type(error).__name__) from None


def _view(provider: str) -> AnymailBaseWebhookView:
    """Return anymail's reader. Raises NotTheirs where nothing was agreed on by which to know the provider."""
    known = provider in SIGNED or settings.ANYMAIL.get("WEBHOOK_SECRET")
    if provider not in VIEWS or not known:
        raise NotTheirs
    try:
        view: AnymailBaseWebhookView = import_string(f"anymail.webhooks.{VIEWS[provider]}")()
    except ImproperlyConfigured:  # no key to check signatures with
        raise NotTheirs from None
    return view


def _receipts(provider: str, events: list[AnymailTrackingEvent]) -> Iterator[Receipt]:
    for event in events:
        state = _state(provider, event)
        if state and event.message_id:
            reason = f"{event.event_type} {event.reject_reason or ''}".strip() if state.is_bad_news else ""
            message = str((event.metadata or {}).get("message", ""))
            yield Receipt(str(event.message_id), state, reason, message)


def _state(provider: str, event: AnymailTrackingEvent) -> ReceiptState | None:
    """Return what became of it. A filter that takes a message for spam is no wish of its recipient's."""
    said = event.esp_event if isinstance(event.esp_event, dict) else {}
    if provider == "resend" and said.get("type") in RESENDS_OWN:
        return RESENDS_OWN[said["type"]]
    state = STATES.get(event.event_type)
    if state != ReceiptState.FAILED:
        return state
    if is_wish(provider, said):
        return ReceiptState.STOPPED
    if event.reject_reason == RejectReason.INVALID or is_final(provider, said):
        return ReceiptState.GONE
    refused = event.event_type == EventType.REJECTED
    return NOT_EVEN_TRIED.get(event.reject_reason, state) if refused else state
