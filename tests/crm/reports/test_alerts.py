"""Alerts: times against a recount, what too few answers say, steps, duties, roles, messages."""

import statistics
from datetime import timedelta
from typing import Any

import pytest
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import Disposition, Level, Role
from crm.models import Site
from crm.reports.alerts import alerts_report
from crm.reports.lists import leads_behind
from crm.reports.tables import TOO_EARLY
from notifications.enums import Acknowledgement, ChannelName, DeliveryOutcome, EscalationEnd, MessageState
from notifications.models import Delivery, Escalation
from tests.crm.reports.past import AT, closed_lead, past_lead, window
from tests.crm.reports.past_alerts import answer_in_vain, past_alert, past_message
from tests.crm.reports.reading import cell, headings, part, words
from tests.factories import ContactAttemptFactory, MembershipFactory, ShiftFactory, SiteFactory, UserFactory

DESK = Acknowledgement.DESK
AGAIN = "Answered, then alerted again"


def answered(site: Site, *minutes: float, **values: Any) -> None:
    for each in minutes:
        past_alert(past_lead(site, level=Level.U1), minutes=each, how=values.pop("how", DESK), **values)


def test_how_soon_somebody_answered(site: Site) -> None:
    answered(site, 1, 2, 3, 4, 10, 10, 10, 20, 30, 110)
    past_alert(past_lead(site, level=Level.U1))
    row = words(alerts_report(window(site)), "by_level", "U1")
    assert row == ["11", "10", "10 min", "38 min", TOO_EARLY, "1", "0"]


@pytest.mark.parametrize(
    ("answers", "said"), [(1, (True, True, True)), (5, (False, True, True)), (10, (False, False, True))]
)
def test_too_few_answers_say_nothing(site: Site, answers: int, said: tuple[bool, ...]) -> None:
    answered(site, *[2.0] * answers)
    cells = [
        cell(alerts_report(window(site)), "by_level", "U1", name)
        for name in ("Median", "90th percentile", "99th percentile")
    ]
    assert tuple(each.is_early for each in cells) == said
    assert {each.figure is None for each in cells if each.is_early} <= {True}


@given(minutes=st.lists(st.floats(0, 5000, allow_nan=False), min_size=1, max_size=12))
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_median_is_that_of_a_recount(site: Site, minutes: list[float]) -> None:
    mine = SiteFactory()
    answered(mine, *minutes)
    found = cell(alerts_report(window(mine)), "by_level", "All", "Median")
    if len(minutes) < 5:
        assert found.is_early
    else:
        assert found.value == pytest.approx(statistics.median(minutes), abs=0.051)


def test_what_ended_without_an_answer_says_how(site: Site) -> None:
    past_alert(past_lead(site, level=Level.E1), why=EscalationEnd.OVER)
    past_alert(past_lead(site, level=Level.E1), why=EscalationEnd.LOWERED)
    past_alert(past_lead(site, unrouted=True, respond_by=AT, due_at=AT))
    report = alerts_report(window(site))
    assert words(report, "by_level", "E1") == ["2", "0", "–", "–", "–", "2", "0"]
    assert words(report, "by_level", "Not routed") == ["1", "0", "–", "–", "–", "1", "0"]
    assert words(report, "steps", "All") == ["3", "100%", "0", "1", "1", "1"]


def test_hours_are_those_of_the_alert_by_the_clock_of_the_site(site: Site) -> None:
    lead = past_lead(site, level=Level.U1, received_at=AT - timedelta(days=1))
    past_alert(lead, started_at=AT - timedelta(hours=20))  # 16:00 UTC, 17:00 in London
    report = alerts_report(window(site))
    assert cell(report, "by_hour", "17:00", "Alerts").value == 1
    assert cell(report, "by_hour", "All", "Alerts").value == 1
    assert len(headings(report, "by_hour")) == 25


def test_an_answer_after_which_nobody_called_is_counted(site: Site) -> None:
    answered(site, 1, 2)
    lead = past_lead(site, level=Level.U1)
    answer_in_vain(lead, lead.received_at)
    report = alerts_report(window(site))
    assert cell(report, "by_level", "U1", "Answered").value == 3
    found = cell(report, "by_level", "U1", AGAIN)
    assert found.value == 1
    assert found.figure is not None
    assert "answered, then alerted again because nobody called" in found.figure.words()
    assert [each.reference for each in leads_behind(found.figure, window(site)).leads] == [lead.reference]
    assert cell(report, "by_level", "E1", AGAIN).value == 0
    assert cell(report, "by_level", "All", AGAIN).value == 1


@pytest.mark.parametrize(
    ("key", "called", "counted"), [("returned", False, 1), ("returned", True, 0), ("placement", False, 0)]
)
def test_alerted_again_after_a_try_or_for_something_new_is_no_answer_in_vain(
    site: Site, key: str, called: bool, counted: int
) -> None:
    lead = past_lead(site, level=Level.U1)
    first = past_alert(lead, how=DESK, minutes=1)
    again = past_alert(lead, how=DESK, started_at=lead.received_at + timedelta(minutes=40))
    Escalation.objects.filter(pk=again.pk).update(dedupe_key=f"URGENT_LEAD_ALERT:{key}:{lead.pk}")
    assert first.acknowledged_at
    if called:
        ContactAttemptFactory(lead=lead, attempted_at=first.acknowledged_at + timedelta(minutes=5))
    assert cell(alerts_report(window(site)), "by_level", "U1", AGAIN).value == counted


def test_steps_and_repeats(site: Site) -> None:
    for step, rounds in ((0, 0), (1, 0), (2, 0), (3, 0), (2, 1)):
        past_alert(past_lead(site, level=Level.U1), how=DESK, step=step, round=rounds)
    past_alert(past_lead(site, level=Level.U1), why=EscalationEnd.OVER, step=2, round=4)
    report = alerts_report(window(site))
    assert {name: words(report, "steps", name)[0] for name in headings(report, "steps")} == {
        "First step": "1",
        "Second step": "1",
        "Third step or later": "2",
        "After the last step was repeated": "2",
        "All": "6",
    }
    assert words(report, "steps", "After the last step was repeated")[1:4] == ["33%", "1", "0"]


def test_duty_is_what_the_rota_said_at_the_moment_of_the_answer(site: Site) -> None:
    lead = past_lead(site, level=Level.U1)
    on_call, at_desk, neither = UserFactory(), UserFactory(), UserFactory()
    hours = {"site": site, "starts_at": lead.received_at - timedelta(hours=1)}
    ShiftFactory(user=on_call, on_call=1, **hours)
    ShiftFactory(user=at_desk, **hours)
    ShiftFactory(user=neither, site=site, starts_at=lead.received_at - timedelta(hours=8))  # just over
    for user in (on_call, at_desk, neither, at_desk):
        past_alert(lead, how=DESK, by=user, minutes=1)
    report = alerts_report(window(site))
    shares = {name: words(report, "by_duty", name) for name in headings(report, "by_duty")}
    assert shares["On shift, at the desk"][0] == "2"
    assert shares["On call"][0] == "1"
    assert shares["On neither"][0] == "1"
    assert shares["On shift, at the desk"][-1] == "50%"


def test_roles_by_step_without_a_name(site: Site) -> None:
    manager = MembershipFactory(site=site, role=Role.MANAGER).user
    MembershipFactory(user=manager, site=SiteFactory(), role=Role.CLINICIAN)
    coordinator = MembershipFactory(site=site).user
    lead = past_lead(site, level=Level.U1)
    past_alert(lead, how=DESK, by=manager, step=2)
    past_alert(lead, how=DESK, by=coordinator)
    report = alerts_report(window(site))
    assert words(report, "by_role", "Manager") == ["0", "0", "1", "0"]
    assert words(report, "by_role", "Intake coordinator") == ["1", "0", "0", "0"]
    assert words(report, "by_role", "Clinician") == ["0", "0", "0", "0"]
    assert not {str(manager), str(coordinator)} & {*headings(report, "by_role")}


def test_every_way_of_answering_has_its_line(site: Site) -> None:
    for how in Acknowledgement:
        answered(site, 1, how=how)
    answered(site, 1, how=Acknowledgement.VOICE)
    report = alerts_report(window(site))
    assert headings(report, "by_way") == [str(how.label) for how in Acknowledgement]
    assert words(report, "by_way", "By pressing a key in a call")[0] == "2"
    assert words(report, "by_way", "By the link in the alert")[-1] == "12%"


def test_messages_by_channel(site: Site) -> None:
    lead = past_lead(site, level=Level.U1)
    gone = past_message(lead, channel=ChannelName.SMS, state=MessageState.REPLACED)
    past_message(lead, instead_of=gone, possible_duplicate=True, delivered_at=AT)
    past_message(lead, state=MessageState.FAILED)
    past_message(lead, state=MessageState.CANCELLED)
    report = alerts_report(window(site))
    assert headings(report, "messages") == ["E-mail", "Text"]
    assert words(report, "messages", "E-mail") == ["3", "1", "1", "0", "1", "0", "1", "1", "0"]
    assert words(report, "messages", "Text") == ["1", "0", "0", "0", "0", "1", "0", "0", "0"]


def test_tries_that_failed_say_why(site: Site) -> None:
    lead, other = past_lead(site, level=Level.U1), past_lead(site, level=Level.U1)
    past_message(lead, failures=["TimeoutError", "TimeoutError", "SMTP 550"])
    last = past_message(other, channel=ChannelName.SMS, failures=["TimeoutError"])
    for outcome in (DeliveryOutcome.ACCEPTED, DeliveryOutcome.READ, DeliveryOutcome.AMBIGUOUS):
        Delivery.objects.create(message=last, started_at=AT, finished_at=AT, outcome=outcome)
    report = alerts_report(window(site))
    found = {name: words(report, "failures", name) for name in headings(report, "failures")}
    assert found == {
        "E-mail: No answer in time (TimeoutError)": ["2", "1", "1"],
        "E-mail: The mail server refused it (SMTP 550)": ["1", "1", "1"],
        "Text: No answer in time (TimeoutError)": ["1", "1", "1"],
        "Text: No answer: it may have gone out": ["1", "1", "1"],
    }


def test_alerts_of_leads_that_turned_out_to_be_duplicates_count(site: Site) -> None:
    past_alert(closed_lead(site, Disposition.DUPLICATE, level=Level.U1), how=DESK)
    assert cell(alerts_report(window(site)), "by_level", "All", "Alerts").value == 1


def test_another_sites_and_other_days_do_not_count(site: Site) -> None:
    past_alert(past_lead(SiteFactory(), level=Level.U1), how=DESK)
    past_alert(past_lead(site, level=Level.U1, days_ago=100), how=DESK)
    report = alerts_report(window(site))
    assert (report.has_leads, report.empty) == (False, "No alerts about enquiries of these dates")
    assert part(report, "messages").rows == []


def test_three_queries_for_one_alert_and_for_many(
    site: Site, django_assert_num_queries: type[CaptureQueriesContext]
) -> None:
    for number in range(31):
        lead = past_lead(site, level=Level.U1)
        past_alert(lead, how=DESK)
        past_message(lead, failures=["Timeout"])
        if number in (0, 30):
            with django_assert_num_queries(3):
                alerts_report(window(site))


def test_an_answer_of_somebody_who_is_gone_still_counts(site: Site) -> None:
    past_alert(past_lead(site, level=Level.U1), how=DESK)
    report = alerts_report(window(site))
    assert cell(report, "by_level", "All", "Answered").value == 1
