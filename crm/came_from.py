"""Where an enquiry came from, in words: what the first visit or call of a lead said of itself."""

from collections.abc import Mapping
from typing import Any

WORDS = {
    "language": "Language of the form",
    "utm_source": "Campaign source",
    "utm_medium": "Campaign medium",
    "utm_campaign": "Campaign",
    "utm_term": "Search words of the campaign",
    "utm_content": "Which advertisement",
    "campaign": "Campaign code",
    "referrer_host": "Came from the website",
    "landing": "First page",
    "page": "Form",
    "line": "Phone line dialled",
}


def came_from_in_words(data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return label and value of each thing known, from the data of an ENQUIRY_RECEIVED event."""
    found = data.get("came_from") or {}
    return [(words, str(found[key])) for key, words in WORDS.items() if found.get(key)]
