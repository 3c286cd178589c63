"""Where leads go: up and down, on, away, and into each other."""

from collections.abc import Callable

from hypothesis import strategies as st
from hypothesis.stateful import rule

from crm.enums import (
    FUNNEL,
    Disposition,
    Level,
    ReasonCode,
    Stage,
)
from crm.models import Lead
from crm.selectors.leads import pending_lowering
from crm.services.holds import clear_hold
from crm.services.levels import Change, confirm_lowering, decline_lowering, lower_level, raise_level
from crm.services.merging import merge_leads, unmerge_leads
from crm.services.stages import Closing, close_lead, move_stage, reopen_lead
from crm.targets import respond_by
from tests.crm.life.holding import Holding
from tests.crm.life.machine import (
    LEADS,
    LEVELS,
    MINUTE,
    PEOPLE,
    WHY,
)


class Desk(Holding):
    """Everything that can happen at a desk."""

    @rule(n=LEADS, who=PEOPLE, level=LEVELS)
    def raise_to(self, n: int, who: int, level: Level) -> None:
        change = Change(level, ReasonCode.TOLD_ON_CALL)
        if self.act(lambda lead: raise_level(lead=lead, by=self.staff[who], change=change, at=self.at), n):
            lead, promise = self.survivor(n), respond_by(level, self.at)
            assert (lead.level, lead.pause) == (level, "")
            assert lead.due_at <= promise
            assert lead.first_contact_at or lead.clock_ends_at <= promise

    @rule(n=LEADS, who=PEOPLE, level=LEVELS)
    def lower_to(self, n: int, who: int, level: Level) -> None:
        change = Change(level, ReasonCode.CLINICAL_JUDGEMENT, f"{WHY} {WHY}")
        before = self.survivor(n)
        if self.act(lambda lead: lower_level(lead=lead, by=self.staff[who], change=change, at=self.at), n):
            lead = self.survivor(n)
            assert (lead.due_at, lead.respond_by) == (before.due_at, before.respond_by)
            assert (lead.level == before.level) == Level(before.level).is_emergency

    @rule(n=LEADS, who=PEOPLE, agrees=st.booleans())
    def decide(self, n: int, who: int, agrees: bool) -> None:
        asked = pending_lowering(self.survivor(n))
        what = confirm_lowering if agrees else decline_lowering
        if asked and self.act(
            lambda lead: what(lead=lead, by=self.staff[who], asked=asked.pk, at=self.at), n
        ):
            assert not agrees or (asked.by_id != self.staff[who].pk and who == 2)

    @rule(n=LEADS, who=PEOPLE, hold=st.sampled_from(["H-SAFE", "H-CONSENT", "H-CLIN"]))
    def clear(self, n: int, who: int, hold: str) -> None:
        if self.act(
            lambda lead: clear_hold(lead=lead, by=self.staff[who], hold=hold, reason=WHY, at=self.at), n
        ):
            assert who == 2

    @rule(
        n=LEADS,
        who=PEOPLE,
        how=st.sampled_from(["move", "close", "close, call", "leave alone", "reopen", "reopen"]),
    )
    def go(self, n: int, who: int, how: str) -> None:
        by, to = self.staff[who], _next_stage(self.survivor(n))
        gone = Disposition.ASKED_NO_CONTACT if how == "leave alone" else Disposition.CHOSE_ANOTHER
        closing = Closing(gone, safety_at=self.at + 600 * MINUTE if how == "close, call" else None)
        do: dict[str, Callable[[Lead], object]] = {
            "move": lambda lead: move_stage(lead=lead, by=by, to=to, at=self.at),
            "reopen": lambda lead: reopen_lead(lead=lead, by=by, reason=WHY, at=self.at),
        }
        self.act(do.get(how, lambda lead: close_lead(lead=lead, by=by, closing=closing, at=self.at)), n)

    @rule(n=LEADS, other=LEADS, who=PEOPLE)
    def merge(self, n: int, other: int, who: int) -> None:
        into = self.one(other)
        before = [self.one(n), into]
        if self.act(
            lambda lead: merge_leads(duplicate=lead, survivor=into, by=self.staff[who], at=self.at), n
        ):
            lead = self.one(other)
            assert lead.due_at <= max(each.due_at for each in before)
            waiting = [each for each in before if each.awaits_contact and not each.first_contact_at]
            if waiting and not lead.first_contact_at:
                assert lead.clock_ends_at <= min(each.clock_ends_at for each in waiting)

    @rule(n=LEADS, who=PEOPLE)
    def part(self, n: int, who: int) -> None:
        self.act(lambda lead: unmerge_leads(duplicate=lead, by=self.staff[who], at=self.at, reason=WHY), n)


def _next_stage(lead: Lead) -> Stage:
    way = [Stage.NEW, *FUNNEL]
    return way[min(way.index(Stage(lead.stage)) + 1, len(FUNNEL))] if lead.stage in way else Stage.NEW
