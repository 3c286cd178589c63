"""E-mail by a provider's API: django-anymail knows their forms, our own client does the talking."""

from collections.abc import Callable
from typing import Any

from anymail.backends.base_requests import AnymailRequestsBackend
from anymail.exceptions import AnymailAPIError, AnymailError, AnymailRecipientsRefused
from anymail.message import AnymailMessage
from django.conf import settings
from django.utils.module_loading import import_string
from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter
from requests.structures import CaseInsensitiveDict

from notifications.channels.base import AddressGone, DeliveryError, Handed, Outgoing
from notifications.channels.deadline import Deadline
from notifications.channels.http import Answer, call
from notifications.channels.mime import named_sender, recipient_address, sender_domain

# This message or this address is refused for good. 401, 402, 403 and 404 are our account, at all of them.
# https://documentation.mailgun.com/docs/mailgun/quickstart-guide/responses
# https://www.mailersend.com/help/rate-limits-how-to-reduce-403-422-429-errors
# https://dev.mailjet.com/email/reference/overview/errors/
# https://resend.com/docs/api-reference/errors
REFUSED = {400, 413, 422}
# Here 422 is also an account that may not send, or a sender that is not confirmed. Who is refused for good,
# anymail finds in the words: https://postmarkapp.com/support/article/troubleshooting-422-unprocessable-entity-errors
REFUSED_BY = {"postmark": {400, 413}}


def send_by_api(provider: str, outgoing: Outgoing) -> Handed:
    """Hand the message to the provider's API within EMAIL_TIMEOUT seconds."""
    message, session = _message(provider, outgoing), _Talk(outgoing)
    try:
        backend = _backend(provider)
        backend.session = session
        backend.send_messages([message])
    except AnymailRecipientsRefused:
        raise AddressGone("RecipientsRefused") from None
    except AnymailAPIError:
        raise _failure(provider, session.answer) from None
    except AnymailError as error:  # what we ask of it cannot be sent by this provider
        raise DeliveryError(type(error).__name__, permanent=True) from None
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError):  # of another shape
        raise _failure(provider, session.answer) from None
    if session.answer is None or not session.answer.is_success:
        raise _failure(provider, session.answer)  # refused in words that anymail does not know
    return Handed(str(message.anymail_status.message_id or ""))


def _backend(provider: str) -> AnymailRequestsBackend:
    backend: Callable[..., AnymailRequestsBackend] = import_string(
        f"anymail.backends.{provider}.EmailBackend"
    )
    return backend(ignore_unsupported_features=True)


def _message(provider: str, outgoing: Outgoing) -> Any:
    """Return the message for anymail. No tracking of opens or clicks: whether a caller has read is theirs."""
    message = AnymailMessage(
        subject=outgoing.subject,
        body=outgoing.text,
        from_email=named_sender(outgoing.sender),
        to=[recipient_address(outgoing)],
        headers={
            "Message-ID": f"<{outgoing.id}@{sender_domain()}>",
            "Auto-Submitted": "auto-generated",
            **({"Content-Language": outgoing.language} if outgoing.language else {}),
            **_key_among_headers(provider, outgoing),
        },
    )
    if outgoing.html:
        message.attach_alternative(outgoing.html, "text/html")
    message.metadata = {"message": outgoing.id}  # comes back in receipts
    message.track_opens = message.track_clicks = False
    return message


def _key_among_headers(provider: str, outgoing: Outgoing) -> dict[str, str]:
    """Return what Brevo wants: https://developers.brevo.com/docs/heterogenous-versions-batch-emails."""
    return {"idempotencyKey": outgoing.idempotency_key} if provider == "brevo" else {}


class _Talk(Session):
    """A session of requests that talks by our own client: a deadline, a small answer, no redirects."""

    def __init__(self, outgoing: Outgoing) -> None:
        super().__init__()
        self.trust_env = False  # no .netrc, no proxies
        self.answer: Answer | None = None
        self.seconds = min(settings.EMAIL_TIMEOUT, outgoing.patience)
        # https://resend.com/docs/dashboard/emails/idempotency-keys
        self.headers["Idempotency-Key"] = outgoing.idempotency_key
        self.mount("https://", _Adapter(self))

    def get_redirect_target(self, resp: Response) -> None:
        """Follow none."""


class _Adapter(BaseAdapter):
    def __init__(self, talk: _Talk) -> None:
        super().__init__()
        self._talk = talk

    def send(self, request: PreparedRequest, *_: Any, **__: Any) -> Response:
        body: Any = request.body or b""  # anymail makes text or bytes of it
        headers = {name: str(value) for name, value in request.headers.items()}
        answer = call(
            str(request.method),
            str(request.url),
            headers=headers | {"Accept-Encoding": "identity"},
            body=body.encode() if isinstance(body, str) else body,
            deadline=Deadline(self._talk.seconds),
        )
        self._talk.answer = answer
        return _as_response(answer, request)

    def close(self) -> None:
        """Each call has closed its own connection."""


def _as_response(answer: Answer, request: PreparedRequest) -> Response:
    response = Response()
    response.status_code, response._content = answer.status, answer.body
    response.headers = CaseInsensitiveDict(answer.headers.items())
    response.url, response.request = str(request.url), request
    return response


def _failure(provider: str, answer: Answer | None) -> DeliveryError:
    """Return the error of the channel contract; an answer that cannot be read leaves everything open."""
    if answer is None or answer.is_success:
        return DeliveryError("UnreadableAnswer", permanent=False, ambiguous=True)
    return answer.failure(permanent=answer.status in REFUSED_BY.get(provider, REFUSED))
