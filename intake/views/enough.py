"""The page for somebody who has told us so much that a person should hear the rest. No error, no blame."""

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse

from intake.views.public import render_public


def told_enough(request: HttpRequest, token: str, said: Mapping[str, object]) -> HttpResponse:
    """Say how to go on, and show the words that were not taken, so that they can be read out."""
    context = {"token": token, "words": said.get("free_text", "")}
    return render_public(request, "intake/enough.html", context, status=429)
