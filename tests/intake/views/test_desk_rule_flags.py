"""A rule that looks wrong: said on a lead by anybody, read and answered by managers and clinical leads."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from crm.models import Lead, LeadEvent, Site, User
from intake.models import RuleFlag
from intake.services.content import load_shipped_content
from tests.factories import LeadFactory
from tests.intake.views.pages import main
from tests.pages import text_of

pytestmark = pytest.mark.django_db
LIST = "/desk/rules/flags/"
NOTE = "Half a pint a week is not thirty units."


@pytest.fixture
def lead(site: Site) -> Lead:
    load_shipped_content()
    return LeadFactory(site=site)


def flag(client: Client, lead: Lead, **data: str) -> str:
    sent = {"rule": "alcohol-30-units", "note": NOTE} | data
    return text_of(client.post(f"/desk/leads/{lead.reference}/rule-flags/", sent, follow=True))


def settle(client: Client, answer: str = "Changed in the next version.") -> object:
    return client.post(f"{LIST}{RuleFlag.objects.get().pk}/", {"answer": answer}, follow=True)


def test_a_coordinator_says_that_a_rule_looks_wrong(client: Client, coordinator: User, lead: Lead) -> None:
    client.force_login(coordinator)
    before = Lead.objects.filter(pk=lead.pk).values("level", "queue", "due_at").get()
    page = flag(client, lead)
    assert "Managers and clinical leads will read it" in page
    assert "Said that a rule looks wrong" in page
    assert Lead.objects.filter(pk=lead.pk).values("level", "queue", "due_at").get() == before
    stored = RuleFlag.objects.get()
    assert (stored.rule_id, stored.note, stored.by) == ("alcohol-30-units", NOTE, coordinator)
    assert LeadEvent.objects.get(data__rule_flagged="alcohol-30-units").note == NOTE


def test_a_missing_rule_can_be_said(client: Client, coordinator: User, lead: Lead) -> None:
    client.force_login(coordinator)
    flag(client, lead, rule="missing")
    assert RuleFlag.objects.get().rule_id == ""


@pytest.mark.parametrize("data", [{"note": ""}, {"rule": "no-such-rule"}, {"rule": ""}])
def test_what_is_missing_comes_back_with_what_was_typed(
    client: Client, coordinator: User, lead: Lead, data: dict[str, str]
) -> None:
    client.force_login(coordinator)
    sent = {"rule": "alcohol-30-units", "note": NOTE} | data
    response = client.post(f"/desk/leads/{lead.reference}/rule-flags/", sent)
    assert response.status_code == 422
    assert sent["note"] in text_of(response)
    assert not RuleFlag.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("clinician", 200), ("coordinator", 403), ("outsider", 403)]
)
def test_who_reads_the_list(
    client: Client, request: pytest.FixtureRequest, site: Site, who: str, status: int
) -> None:
    client.force_login(request.getfixturevalue(who))
    assert client.get(LIST).status_code == status


def test_a_manager_answers_once(client: Client, coordinator: User, manager: User, lead: Lead) -> None:
    client.force_login(coordinator)
    flag(client, lead)
    client.force_login(manager)
    assert NOTE in main(client.get(LIST))
    assert "Drinking 30 or more units a day alcohol-30-units" in main(client.get(LIST))
    assert "Say in a few words" in main(settle(client, " "))
    assert "Answered" in main(settle(client))
    assert "has answered that already" in main(settle(client, "Again."))
    assert RuleFlag.objects.get().answer == "Changed in the next version."
    assert "Changed in the next version." in text_of(client.get(f"/desk/leads/{lead.reference}/"))


def test_flags_of_other_sites_are_neither_shown_nor_answered(
    client: Client, coordinator: User, manager: User, lead: Lead
) -> None:
    client.force_login(coordinator)
    flag(client, lead)
    RuleFlag.objects.update(lead=LeadFactory())
    client.force_login(manager)
    assert NOTE not in main(client.get(LIST))
    assert settle(client).status_code == 404


def test_a_stranger_flags_nothing(client: Client, outsider: User, lead: Lead) -> None:
    client.force_login(outsider)
    assert client.post(f"/desk/leads/{lead.reference}/rule-flags/", {"note": NOTE}).status_code == 404


def test_the_list_costs_the_same_for_one_and_for_thirty(
    client: Client, coordinator: User, manager: User, site: Site
) -> None:
    def queries() -> int:
        client.force_login(manager)
        client.get(LIST)
        with CaptureQueriesContext(connection) as found:
            client.get(LIST)
        return len(found)

    client.force_login(coordinator)
    flag(client, LeadFactory(site=site))
    one = queries()
    client.force_login(coordinator)
    for _ in range(29):
        flag(client, LeadFactory(site=site))
    assert queries() == one
