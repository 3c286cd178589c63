"""Where a visitor came from: first-party facts only, no cookie and no pixel."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from crm.enums import LeadChannel

KEPT = ("utm_source", "utm_medium", "utm_campaign", "campaign", "referrer_host", "page")
LONGEST = 100


def kept_source(raw: Mapping[str, str]) -> dict[str, str]:
    """Return the known keys, shortened; an address is cut down to its host, which names no person."""
    found = {key: str(raw[key])[:LONGEST].replace("\x00", "") for key in KEPT if raw.get(key)}
    if referrer := raw.get("referrer"):
        found["referrer_host"] = _host(referrer)[:LONGEST]
    return {key: value for key, value in found.items() if value}


def source_name(source: Mapping[str, str], channel: LeadChannel) -> str:
    """Return what reports group by: the campaign's source, else the referring host, else the channel."""
    return source.get("utm_source") or source.get("referrer_host") or channel.label


def _host(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""
