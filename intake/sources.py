"""Where a visitor came from: first-party facts only, no cookie and no pixel.

A visit carries them from page to page in the query of our own links, and to the form's address.
"""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from crm.enums import LeadChannel

CARRIED = ("utm_source", "utm_medium", "utm_campaign", "campaign", "referrer_host")
LONGEST = 100


def arrival(query: Mapping[str, str], *, referrer: str, own_host: str) -> dict[str, str]:
    """Return what is known of where a visit came from; we ourselves are never that place.

    Of the page before only the host is kept, which names no person, and the first one counts.
    """
    found = {key: _short(query.get(key, "")) for key in CARRIED}
    found["referrer_host"] = found["referrer_host"].lower() or _short(_host(referrer))
    if found["referrer_host"] == _host(f"//{own_host}"):
        found["referrer_host"] = ""
    return {key: value for key, value in found.items() if value}


def as_query(found: Mapping[str, str]) -> str:
    """Return the end of a link that carries it on, "" for nothing."""
    return f"?{urlencode(found)}" if found else ""


def source_name(source: Mapping[str, str], channel: LeadChannel) -> str:
    """Return what reports group by: the campaign's source, else the referring host, else the channel."""
    return source.get("utm_source") or source.get("referrer_host") or channel.label


def _short(value: str) -> str:
    return value.replace("\x00", "").strip()[:LONGEST]


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
