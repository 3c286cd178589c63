"""A good no: numbers that help, a safety call if somebody wants one, and nothing to whoever wants none."""

from datetime import timedelta
from typing import Any

import pytest

from crm.enums import (
    CallBackKind,
    ContactMethod,
    ContactOutcome,
    Disposition,
    EventKind,
    PackWay,
    Stage,
)
from crm.models import Lead, Site, User
from crm.refusals import ContactNotSafe, LeadIsOver
from crm.selectors.call_backs import open_call_back, open_call_backs
from crm.services.contact import Try, log_attempt
from crm.services.signposting import pack_for
from crm.services.stages import Closing, close_lead, reopen_lead
from intake.services.content import load_shipped_content
from jobs.clock import database_now
from notifications.enums import MessageKind
from notifications.models import Message
from notifications.services.rendering import render_message
from tests.factories import LeadEventFactory, LeadFactory, PersonFactory

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _content(db: None) -> None:
    load_shipped_content()


def told(site: Site, *keys: str, **more: Any) -> Lead:
    lead = LeadFactory(site=site, **more)
    said = [{"key": key, "text": "…"} for key in keys]
    LeadEventFactory(lead=lead, kind=EventKind.REPEAT_ENQUIRY, data={"told": said})
    return lead


def close(lead: Lead, by: User, disposition: Disposition = Disposition.NO_FUNDING, **more: Any) -> None:
    close_lead(lead=lead, by=by, closing=Closing(disposition, **more), at=database_now())


def safety_try(lead: Lead, by: User, outcome: ContactOutcome) -> None:
    attempt = Try(lead.caller, ContactMethod.CALL, outcome, two_way=False)
    log_attempt(lead=lead, by=by, attempt=attempt, at=database_now())


def test_a_pack_has_checked_numbers_an_emergency_first_and_what_to_mind(site: Site) -> None:
    pack = pack_for(told(site, "M999", "MALC", "MSTD"))
    assert pack.lines[0].number == "999"
    assert any(line.name == "Samaritans" for line in pack.lines)
    assert [text.key for text in pack.texts] == ["MALC"]
    assert "{" not in pack.texts[0].words


def test_lines_for_one_need_are_for_those_who_have_it(site: Site) -> None:
    names = {line.name for line in pack_for(told(site, "MALC")).lines}
    needed = {line.name for line in pack_for(told(site, "MU18", "MDA")).lines}
    assert not {name for name in names if "Childline" in name or "Abuse" in name}
    assert {name for name in needed if "Childline" in name}
    assert {name for name in needed if "Abuse" in name}


def test_an_e_mail_has_no_line_that_could_harm_and_nothing_of_what_they_use(
    site: Site, coordinator: User
) -> None:
    lead = told(site, "MALC", "MDA", caller=PersonFactory(email="ada@example.org"))
    close(lead, coordinator, pack=PackWay.EMAIL)
    mail = render_message(Message.objects.get(kind=MessageKind.SIGNPOST_PACK))
    assert mail.to == "ada@example.org"
    assert "Samaritans: 116 123" in mail.text
    assert not [word for word in ("abuse", "drink", "alcohol") if word in (mail.subject + mail.text).lower()]
    assert lead.events.get(kind=EventKind.SIGNPOSTED).data["how"] == "EMAIL"


def test_a_pack_on_paper_is_written_down_and_sends_nothing(site: Site, coordinator: User) -> None:
    lead = told(site, caller=PersonFactory(may_email=False))
    close(lead, coordinator, pack=PackWay.PAPER)
    assert lead.events.get(kind=EventKind.SIGNPOSTED).data["how"] == "PAPER"
    assert not Message.objects.exists()


def test_a_pack_that_is_not_safe_to_send_leaves_the_lead_open(site: Site, coordinator: User) -> None:
    lead = told(site, caller=PersonFactory(may_email=False))
    with pytest.raises(ContactNotSafe, match="Print it"):
        close(lead, coordinator, pack=PackWay.EMAIL)
    lead.refresh_from_db()
    assert lead.stage != Stage.CLOSED


@pytest.mark.parametrize("disposition", [Disposition.ASKED_NO_CONTACT, Disposition.NOT_AN_ENQUIRY])
@pytest.mark.parametrize("more", [{"pack": PackWay.EMAIL}, {"safety_at": database_now}])
def test_whoever_wants_to_be_left_alone_is(
    site: Site, coordinator: User, disposition: Disposition, more: dict[str, Any]
) -> None:
    lead = told(site)
    what = {name: value() + DAY if callable(value) else value for name, value in more.items()}
    with pytest.raises(ContactNotSafe, match="not to be contacted"):
        close(lead, coordinator, disposition, **what)


def test_a_safety_call_stands_on_the_closed_lead(site: Site, coordinator: User) -> None:
    lead = told(site)
    close(lead, coordinator, safety_at=database_now() + DAY)
    call_back = open_call_back(lead)
    assert call_back
    assert call_back.kind == CallBackKind.SAFETY
    assert list(open_call_backs([site.pk])) == [call_back]


def test_a_safety_call_is_logged_and_opens_nothing(site: Site, coordinator: User) -> None:
    lead = told(site)
    close(lead, coordinator, safety_at=database_now() + DAY)
    safety_try(lead, coordinator, ContactOutcome.SPOKE)
    lead.refresh_from_db()
    assert (lead.stage, lead.first_contact_at, lead.attempt_count) == (Stage.CLOSED, None, 1)
    assert open_call_back(lead) is None
    with pytest.raises(LeadIsOver):
        safety_try(lead, coordinator, ContactOutcome.SPOKE)


def test_a_safety_call_in_vain_is_tried_three_times_in_all(site: Site, coordinator: User) -> None:
    lead = told(site)
    close(lead, coordinator, safety_at=database_now() + DAY)
    for left in (True, True, False):
        safety_try(lead, coordinator, ContactOutcome.NO_ANSWER)
        assert bool(open_call_back(lead)) is left


def test_a_lead_that_is_opened_again_needs_no_safety_call(site: Site, coordinator: User) -> None:
    lead = told(site)
    close(lead, coordinator, safety_at=database_now() + DAY)
    reopen_lead(lead=lead, by=coordinator, reason="She rang again", at=database_now())
    assert open_call_back(lead) is None
    assert lead.events.filter(kind=EventKind.REOPENED).exists()
