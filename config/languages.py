"""The language of a page is in its address (/pl/urgent/), and nowhere else.

No cookie and nothing that the browser says decides it: an address that is shared shows the same to everybody.
Whatever is not a public page has no language in its address, and is in English.
"""

import re
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

DESK = "desk/"  # of the front door's own addresses, the only ones for staff


def language_of(path: str) -> str:
    """Return the language that an address asks for. A desk in another language is no address of ours."""
    others = [code for code, _ in settings.LANGUAGES if code != settings.LANGUAGE_CODE]
    asked = re.match(rf"/({'|'.join(others)})/(?!{DESK})", path)
    return (asked and asked[1]) or settings.LANGUAGE_CODE


class LanguageOfTheAddress:
    """Middleware. Gives the thread its old language back, whatever happens."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request.path_info)
        with translation.override(language):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", translation.to_locale(language).replace("_", "-"))
        return response
