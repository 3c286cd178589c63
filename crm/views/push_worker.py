"""The script that shows a push message when no page of the desk is open."""

from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

NAME = "push_worker.js"


@require_safe
def push_worker(request: HttpRequest) -> HttpResponse:
    """Serve it at an address that never changes: a browser knows a service worker by its address.

    It holds nothing of anybody, and a browser looks for a newer one also when nobody is signed in.
    """
    found = [path for folder in _folders() if (path := Path(folder) / NAME).is_file()]
    if not found:
        raise Http404
    response = HttpResponse(found[0].read_bytes(), content_type="text/javascript; charset=utf-8")
    response["Cache-Control"] = "no-cache"
    return response


def _folders() -> list[str]:
    return [settings.STATIC_ROOT, *map(str, settings.STATICFILES_DIRS)]
