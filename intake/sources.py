"""Where a visitor came from: first-party facts only, no cookie and no pixel.

A visit carries them from page to page in our own links, and to the form's address: signed, so that nobody
makes them up, and in one opaque word, so that the address of a form tells nothing to whoever looks over a
shoulder. What comes from outside is cut, cleaned, and dropped where it could be somebody's address or number.
"""

import re
import unicodedata
from collections.abc import Mapping
from ipaddress import ip_address
from urllib.parse import unquote, urlencode, urlsplit

from django.core.signing import BadSignature, Signer

from crm.enums import LeadChannel

CAMPAIGN = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "campaign")
CARRIED_IN = "via"
HOME = {"landing": "/"}
LONGEST = 60
_signer = Signer(salt="intake.sources", sep=".")

_ODD = re.compile(r"[^\w .+/&:()'-]")
_HOST = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)*")
_PERSONAL = (
    re.compile(r"@|%40"),  # an e-mail address
    re.compile(r"\d(?:[ ()./:+_-]{0,3}\d){8,}"),  # a phone number; a date has eight digits at most
    re.compile(r"[\w-]{30,}"),  # an identifier that an advertiser gave to one person
)


def arrival(query: Mapping[str, str], *, page: str, referrer: str, own_host: str) -> dict[str, str]:
    """Return what is known of where a visit came from; we ourselves are never that place.

    What our own link carries stands: the first page counts. Only its campaign gives way, as a whole, to one
    that is named beside it: the script on a clinic's website tells our frame which one led to the page around
    it. `page` is the address that is being opened, "" when it is no landing page. Of the page before only the
    host is kept, which names no person.
    """
    found = {key: value for key in CAMPAIGN if (value := cleaned(query.get(key, "")))}
    if carried := _read(query.get(CARRIED_IN, "")):
        return {key: value for key, value in carried.items() if not found or key not in CAMPAIGN} | found
    host = _host(referrer)
    is_inside = bool(host) and host == _host(f"//{own_host}")
    found["referrer_host"] = "" if is_inside else host
    found["landing"] = HOME["landing"] if is_inside else page  # any other page's links carry that page
    return {key: value for key, value in found.items() if value}


def as_query(found: Mapping[str, str]) -> str:
    """Return the end of a link that carries it on, "" for nothing."""
    if not found:
        return ""
    return f"?{urlencode({CARRIED_IN: _signer.sign_object(dict(found), compress=True)})}"


def source_name(source: Mapping[str, str], channel: LeadChannel) -> str:
    """Return what reports group by: the campaign's source, else the code, the host, the line, the channel."""
    line = f"{channel.label}: {source['line']}" if source.get("line") else ""
    named = source.get("utm_source") or source.get("campaign") or source.get("referrer_host")
    return named or line or channel.label


def campaign_name(source: Mapping[str, str]) -> str:
    return source.get("utm_campaign") or source.get("campaign") or ""


def cleaned(value: str) -> str:
    """Return a value from outside in letters, digits and a few signs; "" if it could be about one person."""
    plain = unicodedata.normalize("NFKC", unquote(value)).lower()
    text = " ".join(_ODD.sub(" ", plain).split())
    if any(personal.search(each) for personal in _PERSONAL for each in (plain, text)):
        return ""
    return text[:LONGEST].strip()


def _read(token: str) -> dict[str, str]:
    try:
        return dict(_signer.unsign_object(token)) if token else {}
    except (BadSignature, ValueError):
        return {}


def _host(address: str) -> str:
    """Return the host of an address, "" for none, for an odd one and for a bare number."""
    try:
        host = (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""
    return host if len(host) <= LONGEST and _HOST.fullmatch(host) and not _is_number(host) else ""


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
