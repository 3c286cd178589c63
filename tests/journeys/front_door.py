"""Every address of the public front door, read from the URL conf, so that no new one escapes the tests."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import URLPattern, reverse

from crm.models import Site
from intake.forms import questions, steps
from intake.models import Enquiry
from intake.services.content import load_shipped_content
from intake.services.own_page import WISHES
from intake.services.placement import place_lead
from intake.services.submission import submit_enquiry
from intake.tokens import received_token
from intake.urls import urlpatterns
from jobs.clock import database_now
from tests.factories.enquiries import submission
from tests.intake.views.journeys import CALM, save, walk
from tests.intake.views.pages import document, words

# Pages to read before anything was said. Everything else is part of a journey.
READING = {
    "home",
    "guides",
    "guide",
    "signs",
    "leaving",
    "leaving_first",
    "privacy",
    "accessibility",
    "complaints",
    "favicon",
    "robots",
}
CLINICAL = re.compile(
    r"alcohol|ketamine|cocaine|opioid|heroin|benzo|ghb|cannabis|gambling|drug|addict|detox|rehab|suicid"
    r"|withdraw|overdose|treatment|patient|clinic|therap|mental|substance|recover",
    re.IGNORECASE,
)
SIGNED = re.compile(r"[\w-]{22}\.[\w-]{43}")  # a token of intake.tokens may spell anything
ALIKE = 32  # of the numbers from here on: one more substance each, with the questions of the first
STEPS = [step.number for step in steps.STEPS if step.number < ALIKE]
QUESTIONS = [question.number for question in questions.QUESTIONS if question.number < ALIKE]


def public_names() -> list[str]:
    return [each.name or "" for each in urlpatterns if not str(each.pattern).startswith("desk/")]


@dataclass
class Visitor:
    """Somebody who has sent an urgent enquiry, has a draft open, and has saved another one."""

    token: str
    link: str
    code: str
    client: Client = field(default_factory=Client)

    def addresses(self, name: str) -> list[str]:
        """Return every address of a view; one with an argument that is not known here raises KeyError."""
        [pattern] = [each for each in urlpatterns if each.name == name]
        given = [dict(zip(_arguments(pattern), each, strict=True)) for each in self._values(pattern)]
        return [reverse(f"intake:{name}", kwargs=arguments) for arguments in given]

    def forms(self) -> Iterator[str]:
        """Return every address that takes a POST, without sending one: that would leave something behind."""
        for name in public_names():
            paths = self.addresses(name)
            if "POST" in Client().options(paths[0]).get("Allow", ""):
                yield from paths

    def _values(self, pattern: URLPattern) -> list[tuple[Any, ...]]:
        known = {
            "token": [self.token],
            "link": [self.link],
            "number": STEPS if pattern.name == "prebooked_step" else QUESTIONS,
            "wish": [*WISHES],
            "substance": ["alcohol"],
            "journey": ["soon"],
        }
        rows: list[tuple[Any, ...]] = [()]
        for name in _arguments(pattern):
            rows = [(*row, value) for row in rows for value in known[name]]
        return rows


def a_centre(site: Site) -> Site:
    """The site that takes the public enquiries, always staffed, with the content that ships."""
    site.is_default = True
    site.save()
    load_shipped_content()
    return site


def a_visitor(centre: Site) -> Visitor:
    client = Client()
    walk(client, CALM, until=8)
    link, code = save(client, 8)
    visitor = Visitor(received_token(sent(centre).pk), link.split("/")[2], code)
    walk(visitor.client, CALM)
    return visitor


def sent(centre: Site, *, age: timedelta = timedelta(), **contact: Any) -> Enquiry:
    """Return a stored and placed enquiry of Ada's."""
    at = database_now() - age
    enquiry = submit_enquiry(submission=submission(centre, **contact), at=at).enquiry
    place_lead(enquiry_id=enquiry.pk, at=at)
    return enquiry


def faults_of(response: HttpResponse) -> list[str]:
    """Return what no answer of a journey may be, empty when all is well."""
    where = response.get("Location", "")
    found = {
        f"status {response.status_code}": response.status_code == 500,
        "a cache may keep it": "no-store" not in response.get("Cache-Control", ""),
        f"a clinical word in {where}": _is_clinical(where),
        f"cookies {_set(response)}": bool(_set(response) - {"form"}),
    }
    title = "" if where or not response.content else words(document(response).find(".//title"))
    found |= {f"a clinical word in {title}": _is_clinical(title)}
    return [fault for fault, is_so in found.items() if is_so]


def _set(response: HttpResponse) -> set[str]:
    return {name for name, cookie in response.cookies.items() if cookie.value}


def _is_clinical(text: str) -> bool:
    return bool(CLINICAL.search(SIGNED.sub("", text)))


def _arguments(pattern: URLPattern) -> list[str]:
    return [*pattern.pattern.converters]
