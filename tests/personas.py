"""The people that tests act as. Each has one membership; `outsider` works at another site."""

import pytest
from django.test import Client

from crm.enums import Role
from crm.models import Site, User
from tests.factories import MembershipFactory, SiteFactory


@pytest.fixture
def site(db: None) -> Site:
    return SiteFactory(name="Harbour House", slug="harbour-house")


@pytest.fixture
def coordinator(site: Site) -> User:
    return _member(site, Role.COORDINATOR, "Casey Coordinator")


@pytest.fixture
def clinician(site: Site) -> User:
    """A clinical lead: may confirm that an emergency is lowered."""
    return _member(site, Role.CLINICAL_LEAD, "Clem Clinical-Lead")


@pytest.fixture
def manager(site: Site) -> User:
    return _member(site, Role.MANAGER, "Morgan Manager")


@pytest.fixture
def outsider(db: None) -> User:
    return _member(SiteFactory(name="Far House"), Role.COORDINATOR, "Olly Outsider")


@pytest.fixture
def desk(client: Client, coordinator: User) -> Client:
    """A browser in which the coordinator is signed in."""
    client.force_login(coordinator)
    return client


def _member(site: Site, role: Role, name: str) -> User:
    email = f"{name.split(maxsplit=1)[0].lower()}@threshold.example"
    membership = MembershipFactory(site=site, role=role, user__full_name=name, user__email=email)
    return membership.user
