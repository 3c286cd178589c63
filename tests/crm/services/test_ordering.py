"""The stored order: what SQL makes of the weights, and that it is kept as leads change."""

from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm.enums import ContactMethod, ContactOutcome, Level, ReasonCode, RequestKind
from crm.models import CallerRequest, Lead, QueuePolicy, Site, User
from crm.ordering import Standing, Weights, shift_of
from crm.selectors.policies import policies_of, policy_of
from crm.services.caller_requests import Page, ask_for_sooner_call, settle_request
from crm.services.contact import Try, log_attempt
from crm.services.levels import Change, raise_level
from crm.services.ordering import reorder_everywhere, reorder_some, stand_anew
from crm.tasks import reorder_site
from jobs.clock import database_now
from jobs.durable import Postpone
from jobs.models import Job
from tests.crm.test_ordering import WEIGHTS
from tests.factories import LeadFactory, PersonFactory, SiteFactory

pytestmark = pytest.mark.django_db
NOBODY_ASKED = Page(enquiry="ABCD-2345", opened_lead=True)


def make_policy(site: Site, by: User, version: int = 1, **weights: Any) -> QueuePolicy:
    zero = dict.fromkeys(("repeat", "sooner", "worse", "today", "soon", "tried"), 0)
    facts = {"site": site, "version": version, "made_by": by, "made_at": database_now(), "reason": "Test"}
    return QueuePolicy.objects.create(**facts, **(zero | weights))


def shift(lead: Lead) -> int:
    lead.refresh_from_db()
    assert lead.priority_at == lead.due_at + timedelta(seconds=lead.shift)
    return lead.shift


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    weights=WEIGHTS,
    level=st.sampled_from([*Level, None]),
    enquiries=st.integers(1, 6),
    tries=st.integers(0, 8),
    timing=st.sampled_from(["", "now", "urgent_way", "within_72h", "flexible"]),
    asked=st.sets(st.sampled_from([RequestKind.SOONER, RequestKind.WORSE])),
)
def test_the_database_moves_a_lead_as_the_formula_says(
    site: Site,
    coordinator: User,
    weights: Weights,
    level: Level | None,
    asked: set[RequestKind],
    **facts: Any,
) -> None:
    latest = QueuePolicy.objects.count()
    fields = {name: getattr(weights, name) for name in Weights.__dataclass_fields__}
    make_policy(site, coordinator, latest + 1, **fields)
    state = {"level": level} if level else {"unrouted": True}
    counts = {"enquiry_count": facts["enquiries"], "attempt_count": facts["tries"]}
    lead = LeadFactory(site=site, timing=facts["timing"], **counts, **state)
    for kind in asked:
        CallerRequest.objects.create(lead=lead, kind=kind, asked_at=lead.received_at, is_verified=True)
    stand_anew(lead)
    sooner, worse = RequestKind.SOONER in asked, RequestKind.WORSE in asked
    standing = Standing(facts["enquiries"], facts["tries"], sooner, worse, facts["timing"])
    assert shift(lead) == shift_of(level, standing, weights)


def test_the_latest_version_is_in_force_at_its_own_site_only(site: Site, manager: User) -> None:
    make_policy(site, manager, 1, repeat=5)
    make_policy(site, manager, 2, repeat=20)
    other = SiteFactory()
    assert (policy_of(site.pk).version, policy_of(site.pk).weights.repeat) == (2, 20)
    assert policy_of(other.pk).version == 0
    assert {pk: policy.version for pk, policy in policies_of(manager).items()} == {site.pk: 2}


def test_a_policy_is_never_edited_nor_out_of_bounds(site: Site, manager: User) -> None:
    policy = make_policy(site, manager, repeat=5)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        QueuePolicy.objects.filter(pk=policy.pk).update(repeat=6)
    with pytest.raises(DatabaseError, match="weights_within_bounds"), transaction.atomic():
        make_policy(site, manager, 2, repeat=26)


def test_a_try_moves_a_lead_back_and_a_wish_moves_it_up(site: Site, coordinator: User) -> None:
    at, lead = database_now(), LeadFactory(site=site, level=Level.U1)
    attempt = Try(lead.caller, ContactMethod.CALL, ContactOutcome.NO_ANSWER, two_way=False)
    log_attempt(lead=lead, by=coordinator, attempt=attempt, at=at)
    assert shift(lead) == 3 * 18
    ask_for_sooner_call(lead=lead, page=NOBODY_ASKED, at=at)
    assert shift(lead) == (3 - 15) * 18
    reason = "They were called meanwhile"
    settle_request(lead=lead, kind=RequestKind.SOONER, by=coordinator, outcome=reason, at=at)
    assert shift(lead) == 3 * 18


def test_a_new_level_moves_a_lead_by_its_own_promise(site: Site, coordinator: User) -> None:
    lead = LeadFactory(site=site, level=Level.U2, enquiry_count=2)
    stand_anew(lead)
    assert shift(lead) == -10 * 72
    change = Change(Level.U1, ReasonCode.TOLD_ON_CALL)
    raise_level(lead=lead, by=coordinator, change=change, at=database_now())
    assert shift(lead) == -10 * 18


def test_reordering_moves_open_leads_of_the_site_and_comes_to_an_end(site: Site, manager: User) -> None:
    lead = LeadFactory(site=site, level=Level.U1, enquiry_count=2)
    closed = LeadFactory(site=site, level=Level.U1, enquiry_count=2, closed=True)
    elsewhere = LeadFactory(level=Level.U1, enquiry_count=2)
    make_policy(site, manager, repeat=20)
    assert reorder_some(site=site.pk) is False
    assert [shift(each) for each in (lead, closed, elsewhere)] == [-20 * 18, 0, 0]
    assert reorder_some(site=site.pk) is False


def test_a_site_with_a_lead_in_a_wrong_place_is_put_in_order(site: Site) -> None:
    LeadFactory(site=site)
    assert reorder_everywhere(at=database_now()) == 0
    LeadFactory(site=site, enquiry_count=2)
    assert reorder_everywhere(at=database_now()) == 1
    assert Job.objects.get(kind="crm.tasks.reorder_site").subject == site.pk


@pytest.mark.django_db(transaction=True)
def test_reordering_passes_over_a_lead_that_somebody_works_on_and_comes_back(site: Site) -> None:
    busy = LeadFactory(site=site, level=Level.U1, enquiry_count=2)
    free = LeadFactory(site=site, level=Level.U1, enquiry_count=2, caller=PersonFactory())
    colleague = connection.copy()
    with closing(colleague), colleague.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("SELECT 1 FROM crm_lead WHERE id = %s FOR UPDATE", [busy.pk])
        with pytest.raises(Postpone):
            reorder_site(subject=site.pk, at=database_now())
        cursor.execute("ROLLBACK")
    assert (shift(busy), shift(free)) == (0, -10 * 18)
    reorder_site(subject=site.pk, at=database_now())
    assert shift(busy) == -10 * 18
