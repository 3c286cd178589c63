"""Where providers report what became of a message: an address of ours that names it by its id only."""

from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.urls import reverse


def report_address(provider: str, message: str) -> str:
    """Return the address for one message's receipts, "" where we cannot be reached (no https)."""
    if not settings.BASE_URL.startswith("https://"):
        return ""
    there = reverse("notifications:receipts", args=[provider])
    return urljoin(settings.BASE_URL, f"{there}?{urlencode({'message': message})}")
