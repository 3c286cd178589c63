"""The short link of a text."""

from urllib.parse import urljoin

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from notifications.models import Message
from notifications.short_links import message_of


@never_cache
@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to the answer page of the text that the code is of. It only leads: mail filters open links."""
    found = message_of(code)
    message = Message.objects.filter(pk=found).first() if found else None
    there = message.context.get("answer_link") if message else None
    if not there:
        raise Http404
    response = redirect(urljoin(settings.BASE_URL, there))
    response["Referrer-Policy"], response["X-Robots-Tag"] = "no-referrer", "noindex, nofollow"
    return response
