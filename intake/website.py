"""What a clinic pastes into its own website: a block to call or write, and the form in a frame."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from intake.frame import Frame


@dataclass(frozen=True, slots=True)
class Snippets:
    """HTML to be copied. It loads nothing from anybody but us, and works without its script."""

    block: str
    frame: str


def snippets_for(frame: Frame, *, campaign: str) -> Snippets:
    """Return the snippets of a centre; `campaign` is a code that its enquiries will carry, or ""."""
    told = f"?{urlencode({'campaign': campaign})}" if campaign else ""
    context = {
        "frame": frame,
        "urgent": _address("intake:urgent") + told,
        "plan": _address("intake:prebooked") + told,
        "embed": _address("intake:embed") + told,
        "script": f"{settings.BASE_URL}{settings.STATIC_URL}embed.js",  # the name without a hash, which stays
    }
    return Snippets(
        block=render_to_string("intake/website/block.html", context).strip(),
        frame=render_to_string("intake/website/frame.html", context).strip(),
    )


def _address(name: str) -> str:
    return settings.BASE_URL + reverse(name)
