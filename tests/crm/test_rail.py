"""The rail: each role is offered what it may open, and nothing else; one entry is the current one."""

import re

import pytest
from django.test import Client

from crm.enums import Role
from crm.models import Site
from crm.rail import RAIL
from intake.services.content import load_shipped_content
from tests.factories import MembershipFactory, SiteFactory, UserFactory

ENTRIES = [entry for group in RAIL for entry in group.entries]
NOT_THEIR_WORK = {"Levels to confirm"}  # may be read by everybody, and is offered to those who decide
LINK = r'<a href="([^"]+)"(?: aria-current="(\w+)")?>([^<]+?)\s*(?:<|$)'


def rail_of(client: Client, path: str = "/desk/") -> dict[str, tuple[str, str]]:
    """Return each entry's address and whether it is the current one."""
    page = client.get(path).content.decode()
    rail = page[page.index('<nav class="rail"') : page.index("</nav>")]
    return {label: (url, current) for url, current, label in re.findall(LINK, rail)}


@pytest.fixture
def public(site: Site) -> Site:
    site.is_default = True
    site.save()
    load_shipped_content()
    return site


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("at_public_site", [True, False])
def test_a_role_is_offered_just_what_it_may_open(
    client: Client, public: Site, role: Role, at_public_site: bool
) -> None:
    place = public if at_public_site else SiteFactory(name="Far House")
    client.force_login(MembershipFactory(site=place, role=role).user)
    offered = rail_of(client)
    for entry in ENTRIES:
        may_open = client.get(entry.url, follow=True).status_code == 200
        if entry.label in offered or entry.label not in NOT_THEIR_WORK:
            assert (entry.label in offered) == may_open, entry.label


@pytest.mark.parametrize("role", Role)
def test_whoever_looks_after_the_machine_is_offered_one_page_more(
    client: Client, public: Site, role: Role
) -> None:
    user = MembershipFactory(site=public, role=role).user
    client.force_login(user)
    before = set(rail_of(client))
    user.is_staff = True
    user.save()
    offered = rail_of(client)
    assert set(offered) - before == ({"Is it working?"} if role != Role.MANAGER else set())
    assert client.get(offered["Is it working?"][0]).status_code == 200


def test_a_technician_without_a_role_is_told_where_to_go(client: Client, public: Site) -> None:
    client.force_login(UserFactory(is_staff=True))
    refused = client.get("/desk/")
    assert refused.status_code == 403
    assert '<a class="btn btn-primary" href="/desk/working/">' in refused.content.decode()
    page = client.get("/desk/working/").content.decode()
    assert "Is it working?" in page
    assert 'class="rail"' not in page  # there is nothing else for them
    client.force_login(UserFactory())
    assert "/desk/working/" not in client.get("/desk/").content.decode()


@pytest.mark.parametrize(
    ("path", "label", "current"),
    [
        ("/desk/", "Urgent", "page"),
        ("/desk/queues/review/", "In review", "page"),
        ("/desk/calls/log/", "Calls and texts", "true"),
        ("/desk/rota/harbour-house/", "Rota", "true"),
        ("/desk/guides/alcohol/", "Guides", "true"),
        ("/desk/search/", "", ""),
        ("/accounts/2fa/", "", ""),
    ],
)
def test_the_current_entry_is_the_page_or_the_nearest_above_it(
    client: Client, public: Site, path: str, label: str, current: str
) -> None:
    client.force_login(MembershipFactory(site=public, role=Role.MANAGER).user)
    marked = {each: now for each, (_, now) in rail_of(client, path).items() if now}
    assert marked == ({label: current} if label else {})


def test_what_is_seldom_needed_is_folded_away_until_one_is_in_it(client: Client, public: Site) -> None:
    client.force_login(MembershipFactory(site=public, role=Role.MANAGER).user)
    folded = re.compile(r'<details class="rail__group">\s*<summary class="rail__title">Set-up<')
    assert folded.search(client.get("/desk/").content.decode())
    assert not folded.search(client.get("/desk/tags/").content.decode())
