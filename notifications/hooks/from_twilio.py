"""Was it Twilio who posted to an address that we gave it with a message or a call?"""

from urllib.parse import urljoin

from django.conf import settings
from django.http import HttpRequest

from notifications.hooks.signatures import NotTheirs, check_twilio


def check_from_twilio(request: HttpRequest) -> None:
    """Raise NotTheirs unless it is signed with our account's token, for the address as we gave it.

    Twilio signs with the primary token: the next one may be known before it is promoted, so that no key that
    somebody presses in between is lost.
    """
    tokens = [each for each in (settings.TWILIO_AUTH_TOKEN, settings.TWILIO_NEXT_AUTH_TOKEN) if each]
    if not any(_is_signed_with(each, request) for each in tokens):
        raise NotTheirs


def _is_signed_with(token: str, request: HttpRequest) -> bool:
    try:
        check_twilio(
            secret=token,
            url=urljoin(settings.BASE_URL, request.get_full_path()),
            posted=request.POST,
            signature=request.headers.get("X-Twilio-Signature", ""),
        )
    except NotTheirs:
        return False
    return True
