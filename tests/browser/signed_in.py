"""A browser that somebody is signed in to, without going through the sign-in."""

from collections.abc import Callable

from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from crm.models import Lead

PHONE = {"width": 375, "height": 700}
OpenAs = Callable[..., Page]


def sign_in(page: Page, client: Client) -> None:
    """Give the browser the session of a test client."""
    name = settings.SESSION_COOKIE_NAME
    session = {"name": name, "value": client.cookies[name].value, "domain": "localhost", "path": "/"}
    page.context.add_cookies([session])


def address(lead: Lead) -> str:
    return f"/desk/leads/{lead.reference}/"
