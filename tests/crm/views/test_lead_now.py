"""What an open lead's page says of its alert and its holder follows live; and what is true after a call."""

from datetime import timedelta

import pytest
from django.test import Client

from crm.enums import ContactMethod, ContactOutcome, Disposition, Level
from crm.models import Lead, Site, User
from crm.selectors.answers_given import seeing_to_it
from crm.services.acknowledging import acknowledge
from crm.services.alerts import alert_staff
from crm.services.contact import Try, log_attempt
from crm.services.queues import claim_lead
from crm.services.stages import Closing, close_lead
from jobs.clock import database_now
from tests.factories import LeadFactory
from tests.pages import text_of

AGAIN = {"HX-Request": "true"}
ASKED = "Nobody has answered the alert that began at"
BY_THEN = "Log an attempt by then, or it goes back to the queue."


@pytest.fixture
def lead(site: Site) -> Lead:
    lead = LeadFactory(site=site, level=Level.E1)
    alert_staff(lead=lead, key="k", at=database_now())
    return lead


def opened(desk: Client, lead: Lead) -> dict[str, str]:
    """Return with what the lead's page asks for news."""
    page = desk.get(f"/desk/leads/{lead.reference}/").content.decode()
    assert ASKED in text_of(page)
    assert f"""hx-vals='{{"lead": "{lead.reference}"}}'""" in page
    return {"shown": page.partition("shown=")[2][:16], "lead": lead.reference}


def places(answer: str) -> tuple[str, str]:
    """Return the words of the alert's line, and of who has the lead."""
    swap = '<div id="lead-{}" hx-swap-oob="innerHTML">'
    alert, has = (answer.partition(swap.format(each))[2] for each in ("alert", "has"))
    assert alert
    return text_of(alert.partition('<div id="')[0].partition("</div></div>")[0]), text_of(has)


def test_an_open_page_learns_that_somebody_else_answered(lead: Lead, desk: Client, manager: User) -> None:
    asked = opened(desk, lead)
    assert desk.get("/desk/watch/", asked, headers=AGAIN).status_code == 204
    acknowledge(lead=lead, by=manager, at=database_now())
    answer = desk.get("/desk/watch/", asked, headers=AGAIN).content.decode()
    assert ASKED not in text_of(answer)
    assert places(answer) == ("", seeing_to_it("Morgan Manager"))
    asked["shown"] = answer.partition("shown=")[2][:16]
    assert desk.get("/desk/watch/", asked, headers=AGAIN).status_code == 204


def test_it_learns_that_the_lead_is_taken_and_that_it_is_closed(
    lead: Lead, desk: Client, manager: User
) -> None:
    asked = opened(desk, lead)
    claim_lead(lead=lead, by=manager, at=database_now())
    alert, has = places(desk.get("/desk/watch/", asked, headers=AGAIN).content.decode())
    assert alert == ""
    assert has.startswith("Morgan Manager has this lead until ")
    close_lead(lead=lead, by=manager, closing=Closing(Disposition.NOT_NOW), at=database_now())
    has = places(desk.get("/desk/watch/", asked, headers=AGAIN).content.decode())[1]
    assert has.startswith("Closed on ")


def test_the_button_that_comes_with_the_news_works(lead: Lead, coordinator: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(coordinator)
    page = strict.get("/desk/watch/", {"lead": lead.reference}, headers=AGAIN).content.decode()
    form = page.partition('<div id="lead-alert"')[2].partition("<form")[2]
    token = form.partition('name="csrfmiddlewaretoken" value="')[2].partition('"')[0]
    answer = strict.post(f"/desk/leads/{lead.reference}/acknowledge/", {"csrfmiddlewaretoken": token})
    assert answer.status_code == 302


@pytest.mark.parametrize("reference", ["its own", "nonsense", ""])
def test_other_sites_learn_nothing_of_it(lead: Lead, client: Client, outsider: User, reference: str) -> None:
    client.force_login(outsider)
    named = lead.reference if reference == "its own" else reference
    answer = client.get("/desk/watch/", {"lead": named}, headers=AGAIN)
    assert answer.status_code == 200
    assert "lead-alert" not in answer.content.decode()
    assert lead.reference not in text_of(answer)


def tried(lead: Lead, by: User, outcome: ContactOutcome) -> None:
    attempt = Try(lead.caller, ContactMethod.CALL, outcome, two_way=False)
    log_attempt(lead=lead, by=by, attempt=attempt, at=database_now())


def test_after_they_were_reached_no_attempt_is_asked_for(lead: Lead, desk: Client, coordinator: User) -> None:
    claim_lead(lead=lead, by=coordinator, at=database_now())
    tried(lead, coordinator, ContactOutcome.NO_ANSWER)
    address = f"/desk/leads/{lead.reference}/"
    assert BY_THEN in text_of(desk.get(address))
    tried(lead, coordinator, ContactOutcome.SPOKE)
    words = text_of(desk.get(address))
    assert BY_THEN not in words
    assert "They have been reached: no attempt is due now. You have this lead until" in words


def test_the_reminder_says_so_too(lead: Lead, desk: Client, coordinator: User) -> None:
    claim_lead(lead=lead, by=coordinator, at=database_now())
    ends = {"lease_until": database_now() + timedelta(seconds=30)}
    Lead.objects.update(**ends)
    assert "unless you log an attempt." in text_of(desk.get("/desk/watch/"))
    tried(lead, coordinator, ContactOutcome.SPOKE)
    Lead.objects.update(**ends)
    words = text_of(desk.get("/desk/watch/"))
    assert "for its follow-up, unless you are still on it." in words
    assert "unless you log an attempt" not in words


def test_logging_a_call_begins_with_whom_and_ends_with_the_button(lead: Lead, desk: Client) -> None:
    page = desk.get(f"/desk/leads/{lead.reference}/").content.decode()
    assert '<a class="btn btn-quiet" href="#div_attempt-person">Log the call</a>' in page
    form = page.partition('id="act-attempt"')[2].partition("</form>")[0]
    assert form.index('id="div_attempt-person"') < form.index('id="div_attempt-method"')
    words = text_of(form)
    order = ("They answered:", "Only this stops the first-response clock.", "They rang", "Note", "Log it")
    assert [words.index(each) for each in order] == sorted(words.index(each) for each in order)
    assert words.endswith("Log it")
