"""Rendering of public pages: frame, compression, and no caching where it must not be."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import add_never_cache_headers
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods

from intake.frame import Frame, current_frame
from intake.sources import arrival, as_query

View = Callable[..., HttpResponse]


def public_page(*methods: str, is_private: bool = False) -> Callable[[View], View]:
    """Decorate the view of a public page. A private one is kept out of caches and search engines.

    These pages work without any cookie: nobody is signed in, so there is no session to protect from a forged
    request, and a token that ran out or a blocked cookie would cost an enquiry.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @gzip_page
        @require_http_methods(["HEAD", *methods])
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            return _kept_private(response) if is_private else response

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
    """Render a public page inside its frame. `carried` is what its links end with."""
    carried = {"carried": lambda: as_query(came_from(request))}  # not read for a page that has its own
    whole = {"frame": frame or current_frame(), **carried, **(context or {})}
    return render(request, template, whole, status=status)


def came_from(request: HttpRequest) -> dict[str, str]:
    """Return where the visit came from. A POST comes from our own form, whose address says it."""
    referrer = "" if request.method == "POST" else request.headers.get("Referer", "")
    return arrival(request.GET.dict(), referrer=referrer, own_host=request.get_host())


def _kept_private(response: HttpResponse) -> HttpResponse:
    add_never_cache_headers(response)
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
