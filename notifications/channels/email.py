"""E-mail by SMTP, and what each way of failing means."""

import smtplib
import ssl
import time
from contextlib import suppress

from django.conf import settings

from notifications.channels.base import DeliveryError, Handed, Outgoing
from notifications.channels.mime import recipient_address, sender_address, sender_domain, to_mime
from notifications.channels.smtp import BoundedSmtp, BoundedSmtps

NOT_LOGGED_IN = {530, 534, 535, 538}  # RFC 4954: our configuration, not this message


def send_by_smtp(outgoing: Outgoing) -> Handed:
    """Hand the message to EMAIL_HOST, within EMAIL_TIMEOUT seconds in all; it is known by its Message-ID."""
    mime = to_mime(outgoing)
    seconds = min(settings.EMAIL_TIMEOUT, outgoing.patience)
    give_up_at = time.monotonic() + seconds
    client = None
    try:
        client = _connect(seconds)
        try:
            client.sendmail(sender_address(), recipient_address(outgoing), mime.as_bytes())
        finally:
            _hang_up(client)
    except (smtplib.SMTPException, OSError) as error:
        unsure = client is not None and client.may_have_taken_it
        raise _failure(error, timed_out=time.monotonic() >= give_up_at, unsure=unsure) from None
    return Handed(str(mime["Message-ID"]))


def _connect(seconds: float) -> BoundedSmtp:
    """Return a client that has said hello, begun TLS and logged in, as the settings have it."""
    client = (BoundedSmtps if settings.EMAIL_USE_SSL else BoundedSmtp)(
        settings.EMAIL_HOST, settings.EMAIL_PORT, hello=sender_domain(), seconds=seconds
    )
    try:
        _log_in(client)
    except (smtplib.SMTPException, OSError):
        client.close()
        raise
    return client


def _log_in(client: BoundedSmtp) -> None:
    if settings.EMAIL_USE_TLS:
        client.starttls(context=ssl.create_default_context())
    if settings.EMAIL_HOST_USER:
        client.login(settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD)


def _hang_up(client: BoundedSmtp) -> None:
    """Say goodbye, if the server still listens: whether it took the message is decided by now."""
    with suppress(smtplib.SMTPException, OSError):
        client.quit()
    client.close()


def _failure(error: smtplib.SMTPException | OSError, *, timed_out: bool, unsure: bool) -> DeliveryError:
    """Return the error of the channel contract: only the address or the text being refused is permanent.

    `unsure`: the server had asked for the message, so without an answer to it nobody knows.
    """
    if timed_out:
        return DeliveryError("TimeoutError", permanent=False, ambiguous=unsure)
    code = _reply_code(error)
    if code is None:
        return DeliveryError(type(error).__name__, permanent=False, ambiguous=unsure)
    about_message = isinstance(error, smtplib.SMTPRecipientsRefused | smtplib.SMTPDataError)
    refused = about_message and 500 <= code < 600 and code not in NOT_LOGGED_IN
    return DeliveryError(f"SMTP {code}", permanent=refused)


def _reply_code(error: Exception) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return next(code for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code > 0:
        return error.smtp_code
    return None
