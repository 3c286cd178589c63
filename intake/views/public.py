"""Rendering of public pages: frame, compression, and no caching where it must not be."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from intake.frame import Frame, current_frame
from intake.languages import Offer, english_address, is_there, offers, page_language
from intake.selectors.canary import please_call
from intake.sources import HOME, arrival, as_query

View = Callable[..., HttpResponse]
LANDINGS = frozenset(
    f"intake:{name}" for name in ("home", "guide", "urgent", "prebooked", "refer", "call_me", "embed")
)


def public_page(*methods: str, is_private: bool = False) -> Callable[[View], View]:
    """Decorate the view of a public page. A private one is kept out of caches and search engines.

    These pages work without any cookie: nobody is signed in, so there is no session to protect from a forged
    request, and a token that ran out or a blocked cookie would cost an enquiry.
    """

    def decorate(view: View) -> View:
        answer = require_http_methods(["HEAD", *methods])(view)

        @csrf_exempt
        @gzip_page
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            _drop_nul_bytes(request)
            response = _in_english(request) or answer(request, *args, **kwargs)
            return kept_private(response) if is_private else response

        return wrapped

    return decorate


def render_public(
    request: HttpRequest,
    template: str,
    context: dict[str, Any] | None = None,
    *,
    status: int = 200,
    frame: Frame | None = None,
) -> HttpResponse:
    """Render a public page inside its frame. `carried` is what its links end with, `please_call` is asked
    only by pages with a form.
    """
    carried = {"carried": lambda: _carried(request)}  # not read for a page that has its own
    offered = {"offers": _offers(request, status)}
    asked = {"frame": frame or current_frame(), "please_call": please_call}
    whole = {**asked, **carried, **offered, **(context or {})}
    return render(request, template, whole, status=status)


def _drop_nul_bytes(request: HttpRequest) -> None:
    """Take NUL bytes out of what was typed: neither a page nor a database holds them."""
    if request.method != "POST":
        return
    clean = request.POST.copy()
    for name, values in request.POST.lists():
        clean.setlist(name, [str(value).replace("\x00", "") for value in values])
    request.POST = clean  # type: ignore[assignment]  # a QueryDict that may be changed


def _in_english(request: HttpRequest) -> HttpResponse | None:
    """Return the way to the English page, if there is none in the language of the address."""
    if request.method not in {"GET", "HEAD"} or is_there(_view_name(request), page_language()):
        return None
    query = request.META.get("QUERY_STRING", "")
    return redirect(english_address(request.path) + (f"?{query}" if query else ""))


def _view_name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""


def _offers(request: HttpRequest, status: int) -> list[Offer]:
    """Return the other languages of this very page: of one that was sent to us there is none."""
    can_be_asked_for = request.method in {"GET", "HEAD"} and status < 400
    return offers(request.path, _view_name(request)) if can_be_asked_for else []


def came_from(request: HttpRequest) -> dict[str, str]:
    """Return where the visit came from. A POST comes from our own form, whose address says it."""
    is_post = request.method == "POST"
    return arrival(
        request.GET.dict(),
        page="" if is_post else _landing(request),
        referrer="" if is_post else request.headers.get("Referer", ""),
        own_host=request.get_host(),
    )


def _carried(request: HttpRequest) -> str:
    """Return the end of a page's links. Those of the home page stay short: inside, no word says so."""
    found = came_from(request)
    return "" if found == HOME else as_query(found)


def _landing(request: HttpRequest) -> str:
    """Return the page's address if a visit may begin there: another one may have a token in it."""
    match = request.resolver_match
    return request.path if match and match.view_name in LANDINGS else ""


def kept_private(response: HttpResponse) -> HttpResponse:
    """Mark a response as one for nobody's cache and no search engine."""
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
