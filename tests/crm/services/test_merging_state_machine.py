"""Random merges and partings of four leads, against a model: no enquiry is lost, no circle, nobody calmer."""

from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from crm.enums import Level
from crm.models import Lead, Person, Site, User
from crm.refusals import CannotMerge, LeadIsOver, NotMerged
from crm.services.locking import locked
from crm.services.merging import merge_leads, unmerge_leads
from jobs.clock import database_now
from tests.factories import LeadFactory, MembershipFactory, PersonFactory, SiteFactory

LEADS = 4
ONE_OF = st.integers(0, LEADS - 1)
WHY = "They are two people after all."
SAFE = ("may_call", "may_voicemail", "may_email")


@dataclass
class Expected:
    enquiries: int
    into: int | None = None


class Merging(RuleBasedStateMachine):
    """`expected` says where each lead went; every rule does the same to rows and model."""

    site: Site
    by: User

    @initialize(levels=st.lists(st.sampled_from(Level), min_size=LEADS, max_size=LEADS), safe=st.data())
    def some_leads(self, levels: list[Level], safe: st.DataObject) -> None:
        self.site = SiteFactory()
        self.by = MembershipFactory(site=self.site).user
        ways = [{name: safe.draw(st.booleans()) for name in SAFE} for _ in range(LEADS)]
        people = [PersonFactory(name="Robin Sample", phone="07700 900123", **each) for each in ways]
        self.leads = [
            LeadFactory(site=self.site, level=level, caller=person, enquiry_count=n + 1)
            for n, (level, person) in enumerate(zip(levels, people, strict=True))
        ]
        self.expected = [Expected(enquiries=n + 1) for n in range(LEADS)]
        self.ways = ways
        self.levels = list(levels)
        self.due = [lead.due_at for lead in self.leads]

    @rule(one=ONE_OF, other=ONE_OF)
    def merge(self, one: int, other: int) -> None:
        allowed = one != other and self.expected[one].into is None and self.expected[other].into is None
        try:
            merge_leads(duplicate=self.leads[one], survivor=self.leads[other], by=self.by, at=database_now())
        except (CannotMerge, LeadIsOver):
            assert not allowed
            return
        assert allowed
        self.expected[one].into = other

    @rule(one=ONE_OF)
    def part(self, one: int) -> None:
        try:
            unmerge_leads(duplicate=self.leads[one], by=self.by, at=database_now(), reason=WHY)
        except NotMerged:
            assert self.expected[one].into is None
            return
        self.expected[one].into = None

    @invariant()
    def every_lead_leads_to_an_open_one(self) -> None:
        for n, lead in enumerate(self.leads):
            assert locked(lead) == self.leads[self.end_of(n)]
            assert locked(lead).is_open

    @invariant()
    def every_enquiry_counts_once(self) -> None:
        rows = Lead.objects.in_bulk([lead.pk for lead in self.leads])
        for n, lead in enumerate(self.leads):
            assert rows[lead.pk].enquiry_count == self.count_of(n)

    @invariant()
    def nobody_is_calmer_than_anything_merged_into_them(self) -> None:
        rows = Lead.objects.in_bulk([lead.pk for lead in self.leads])
        for n, lead in enumerate(self.leads):
            row, inside = rows[lead.pk], self.inside(n)
            assert Level(row.level or "").rank <= min(self.levels[m].rank for m in inside)
            assert row.due_at <= min(self.due[m] for m in inside)

    @invariant()
    def no_way_is_safe_that_anybody_merged_called_unsafe(self) -> None:
        for n, lead in enumerate(self.leads):
            person = Person.objects.get(pk=lead.caller_id)
            for way in SAFE:
                assert not (getattr(person, way) and not self.all_said(n, way))

    def end_of(self, n: int) -> int:
        into = self.expected[n].into
        return n if into is None else self.end_of(into)

    def inside(self, n: int) -> list[int]:
        return [n, *(m for m in range(LEADS) if m != n and self.leads_to(m, n))]

    def leads_to(self, m: int, n: int) -> bool:
        into = self.expected[m].into
        return into == n or (into is not None and self.leads_to(into, n))

    def count_of(self, n: int) -> int:
        return sum(self.expected[m].enquiries for m in self.inside(n))

    def all_said(self, n: int, way: str) -> bool:
        return all(self.ways[m][way] for m in self.inside(n))


@pytest.mark.django_db
def test_any_order_of_merging_and_parting() -> None:
    run_state_machine_as_test(
        Merging,
        settings=settings(
            max_examples=20, stateful_step_count=15, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
