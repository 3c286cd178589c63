"""A clinical lead learns that a level waits for them, finds it in a list, and it goes when it is decided."""

from typing import Any

import pytest
from django.test import Client

from crm.enums import EventKind, Level, ReasonCode, Role
from crm.models import Lead, LeadEvent, Site, User
from crm.services.levels import Change, confirm_lowering, decline_lowering, lower_level, raise_level
from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.models import Message
from tests.factories import LeadFactory, MembershipFactory
from tests.pages import text_of

PAGE = "/desk/lowerings/"
WHY = "They were seen in A and E this morning and sent home."
pytestmark = pytest.mark.django_db


def ask(lead: Lead, by: User, to: Level = Level.U2) -> LeadEvent:
    change = Change(to, ReasonCode.TOLD_ON_CALL, WHY)
    lower_level(lead=lead, by=by, change=change, at=database_now())
    return lead.events.filter(kind=EventKind.LOWERING_ASKED).latest("pk")


def listed(client: Client, person: User) -> str:
    client.force_login(person)
    return text_of(client.get(PAGE))


def test_the_clinical_leads_of_the_site_are_written_to_and_nobody_else(
    site: Site, coordinator: User, clinician: User, manager: User, outsider: User
) -> None:
    MembershipFactory(role=Role.CLINICAL_LEAD)
    lead = LeadFactory(site=site, level=Level.E2)
    ask(lead, coordinator)
    message = Message.objects.get(kind=MessageKind.LOWERING_ASKED)
    assert (message.to, message.about) == (clinician.email, lead.pk)
    assert message.context["reference"] == lead.reference
    assert WHY not in str(message.context)


def test_whoever_asks_is_not_told_that_they_asked(site: Site, clinician: User) -> None:
    second = MembershipFactory(site=site, role=Role.CLINICAL_LEAD).user
    ask(LeadFactory(site=site, level=Level.E1), clinician)
    assert {message.to for message in Message.objects.filter(kind="LOWERING_ASKED")} == {second.email}


def test_it_is_listed_with_its_reason_until_it_is_decided(
    client: Client, site: Site, coordinator: User, clinician: User
) -> None:
    one, other = LeadFactory(site=site, level=Level.E2), LeadFactory(site=site, level=Level.E1)
    asked, declined = ask(one, coordinator), ask(other, coordinator, Level.E2)
    text = listed(client, clinician)
    assert text.index(one.reference) < text.index(other.reference)
    assert WHY in text
    assert text.count("Read and decide") == 2
    decline_lowering(lead=other, by=clinician, asked=declined.pk, at=database_now())
    confirm_lowering(lead=one, by=clinician, asked=asked.pk, at=database_now())
    assert "Nothing waits" in listed(client, clinician)


def test_the_latest_request_stands_and_what_makes_it_void_takes_it_off(
    client: Client, site: Site, coordinator: User, clinician: User
) -> None:
    lead = LeadFactory(site=site, level=Level.E2)
    ask(lead, coordinator)
    ask(lead, coordinator, Level.U1)
    assert listed(client, clinician).count("Read and decide") == 1
    raise_level(
        lead=lead, by=coordinator, change=Change(Level.E1, ReasonCode.TOLD_ON_CALL), at=database_now()
    )
    assert "Nothing waits" in listed(client, clinician)


def test_a_lead_that_is_closed_waits_for_nobody(
    client: Client, site: Site, coordinator: User, clinician: User
) -> None:
    lead = LeadFactory(site=site, level=Level.E2)
    ask(lead, coordinator)
    Lead.objects.update(stage="CLOSED", closed_at=database_now(), disposition="NOT_NOW")
    assert "Nothing waits" in listed(client, clinician)


def test_others_see_what_waits_at_their_site_and_who_asked_does_not_decide(
    client: Client, site: Site, coordinator: User, clinician: User, outsider: User
) -> None:
    mine = LeadFactory(site=site, level=Level.E2)
    ask(mine, clinician)
    assert "Read and decide" not in listed(client, clinician)
    assert mine.reference in listed(client, coordinator)
    assert mine.reference not in listed(client, outsider)


def test_thirty_requests_cost_as_many_queries_as_one(
    client: Client, site: Site, coordinator: User, clinician: User, django_assert_max_num_queries: Any
) -> None:
    client.force_login(clinician)
    for number in (1, 29):
        for _ in range(number):
            ask(LeadFactory(site=site, level=Level.E2), coordinator)
        with django_assert_max_num_queries(11):
            client.get(PAGE)
