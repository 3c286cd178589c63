"""One site with rows that nobody of another may see, and the people who try to get at them."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.test import Client
from django.urls import reverse

from crm.enums import Role
from crm.models import Lead, Site, User
from crm.services.handover import write_handover_note
from intake.services.content import load_shipped_content
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, SiteFactory
from tests.matrix.addresses import Address
from tests.matrix.rows import NUMBER, ROWS, WORDS, failed_message, row_for
from tests.matrix.who_may import Rule

NAME, COLLEAGUE = "Zebedee Quagmire", "Quentin Colleague"


@dataclass
class Scene:
    """Harbour House."""

    site: Site
    lead: Lead
    other: Lead
    colleague: User

    def url(self, address: Address) -> str:
        """Return the address of our row."""
        values = {name: row_for(address.name, name, self) for name in address.arguments}
        return reverse(address.name, kwargs=values)

    def said(self, address: Address, rule: Rule) -> dict[str, Any]:
        """Return the body or the query that goes with it."""
        own = {
            "crm:find_pair": lambda: {"other": self.other.reference},
            "crm:change_tags": lambda: {"add": str(ROWS["tag"](self))},
            "crm:bulk": lambda: {"lead": str(self.lead.pk)},
        }
        return {**rule.said, **own.get(address.name, dict)()}

    @cached_property
    def secrets(self) -> list[str]:
        """What nobody of another site may read, in a page or in an address that they are sent to."""
        names = [NAME, COLLEAGUE, WORDS, self.lead.reference, self.other.reference, self.site.slug]
        return [*names, "900987", "900 987", str(self.lead.pk)]


def a_scene(*, with_content: bool) -> Scene:
    """Make it. The words for the public are loaded only where they are asked for."""
    site = SiteFactory(name="Harbour House", slug="harbour-house", is_default=True)
    if with_content:
        load_shipped_content()
    colleague = MembershipFactory(site=site, user__full_name=COLLEAGUE).user
    lead, other = (LeadFactory(site=site, caller=_caller()) for _ in range(2))
    write_handover_note(site=site, by=colleague, text=WORDS, at=database_now())
    scene = Scene(site, lead, other, colleague)
    for make in (ROWS["shift"], ROWS["call"], ROWS["text"], ROWS["view"], failed_message):
        make(scene)
    return scene


def member(site: Site, role: Role) -> User:
    return MembershipFactory(site=site, role=role).user


def everything_elsewhere(user: User) -> User:
    """Give somebody every role at other sites, so that no check of a role alone keeps them out."""
    for role in Role:
        MembershipFactory(user=user, site=SiteFactory(name=f"Far House {role}"), role=role)
    return user


def browser(user: User | None) -> Client:
    """Return the browser of somebody, or of nobody."""
    client = Client(raise_request_exception=False)
    if user:
        client.force_login(user)
    return client


def _caller() -> Any:
    return PersonFactory(name=NAME, phone="07700 900987", phone_e164=NUMBER)
