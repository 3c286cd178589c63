"""Signing in to the desk of a benchmark, and asking for a refresh as the page's script does."""

import http.client

from django.conf import settings
from django.middleware.csrf import CSRF_ALLOWED_CHARS, CSRF_SECRET_LENGTH
from django.test import Client
from django.utils.crypto import get_random_string

from crm.enums import Role
from crm.models import Lead, User
from crm.models.lead import OPEN

PAGE = "/desk/queues/urgent/"
WATCH = "/desk/watch/"


def sign_in() -> str:
    """Return the session cookie of a manager."""
    manager = User.objects.filter(memberships__role=Role.MANAGER)[0]
    client = Client()
    client.force_login(manager)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def search_headers(cookie: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a search: it is a POST, so it brings the token against forged ones."""
    token = get_random_string(CSRF_SECRET_LENGTH, CSRF_ALLOWED_CHARS)
    cookies = f"{settings.SESSION_COOKIE_NAME}={cookie}; {settings.CSRF_COOKIE_NAME}={token}"
    return (("Cookie", cookies), ("X-CSRFToken", token))


def lead_page() -> str:
    """Return the address of the open lead on which most was tried: its page is the longest."""
    lead = Lead.objects.filter(OPEN).order_by("-attempt_count", "pk")[0]
    return f"/desk/leads/{lead.reference}/"


def looked_for() -> dict[str, str]:
    """Return what somebody may type: of a person in the middle of all, and the beginning of a common name."""
    lead = Lead.objects.order_by("pk")[Lead.objects.count() // 2]
    common = Lead.objects.order_by("-pk")[0].caller.name
    return {
        "phone number": lead.caller.phone or "07700 900000",
        "e-mail address": lead.caller.email or "nobody@example.org",
        "whole name": lead.caller.name,
        "first three letters of a name": common[:3],
    }


def refresh_headers(port: int, cookie: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a refresh that knows the page as it is now."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "HX-Request": "true"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", PAGE, headers=headers)
    response = connection.getresponse()
    response.read()
    return (*headers.items(), ("If-None-Match", response.headers["ETag"]))
