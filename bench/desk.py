"""Signing in to the desk of a benchmark, and asking for a refresh as the page's script does."""

import http.client

from django.conf import settings
from django.test import Client

from crm.enums import Role
from crm.models import User

PAGE = "/desk/queues/urgent/"


def sign_in() -> str:
    """Return the session cookie of a manager."""
    manager = User.objects.filter(memberships__role=Role.MANAGER)[0]
    client = Client()
    client.force_login(manager)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def refresh_headers(port: int, cookie: str) -> tuple[tuple[str, str], ...]:
    """Return the headers of a refresh that knows the page as it is now."""
    headers = {"Cookie": f"{settings.SESSION_COOKIE_NAME}={cookie}", "HX-Request": "true"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", PAGE, headers=headers)
    response = connection.getresponse()
    response.read()
    return (*headers.items(), ("If-None-Match", response.headers["ETag"]))
