"""What people do with leads: take them, reach somebody, set them aside, and leave."""

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import rule

from crm.consent import has_not_agreed
from crm.enums import (
    AwayReason,
    ContactMethod,
    ContactOutcome,
    EndOfLease,
    Level,
    PauseKind,
    PauseReason,
    Queue,
)
from crm.leases import RETRY_AFTER
from crm.models import ContactAttempt, Lead, Person
from crm.selectors.asks import open_asks
from crm.selectors.call_backs import open_call_back
from crm.services.absences import come_back, go_away
from crm.services.call_backs import WishedCall, cancel_call_back, set_call_back
from crm.services.contact import Try, log_attempt
from crm.services.handing import ask_for_lead, hand_over, keep_lead, take_over
from crm.services.pauses import Pause, end_pause, pause_lead
from crm.services.queues import claim_lead, release_lead, take_next
from crm.services.returning import return_leads_of
from crm.services.safe_contact import Reach, why_not_safe
from tests.crm.life.callers import Callers
from tests.crm.life.machine import LEADS, MINUTE, MINUTES, PEOPLE, WHY

TryKind = tuple[ContactMethod, ContactOutcome, bool]
TRIES: list[TryKind] = [
    (ContactMethod.CALL, ContactOutcome.SPOKE, False),
    (ContactMethod.CALL, ContactOutcome.SPOKE, True),
    (ContactMethod.CALL, ContactOutcome.NO_ANSWER, False),
    (ContactMethod.CALL, ContactOutcome.NO_ANSWER, False),
    (ContactMethod.CALL, ContactOutcome.WRONG_NUMBER, False),
    (ContactMethod.VOICEMAIL, ContactOutcome.LEFT_MESSAGE, False),
    (ContactMethod.TEXT, ContactOutcome.SENT, False),
]


class Holding(Callers):
    @rule(who=PEOPLE, queue=st.sampled_from(Queue))
    def take(self, who: int, queue: Queue) -> None:
        by, before = self.staff[who], {lead.pk: lead for lead in self.fresh()}
        lead = take_next(by=by, queue=queue, at=self.at)
        if lead:
            was = before[lead.pk]
            assert not _holder(was, self.at)
            assert was.is_open
            assert not was.is_paused(self.at)
            assert lead.owner_id == by.pk
        elif queue == Queue.URGENT:
            waiting = [each for each in before.values() if _is_pressing(each, self.at)]
            assert not waiting, "an emergency was there to be taken"

    @rule(
        n=LEADS,
        who=PEOPLE,
        how=st.sampled_from(["claim", "claim", "release", "keep", "ask", "give", "take over"]),
    )
    def hold(self, n: int, who: int, how: str) -> None:
        by, lead = self.staff[who], self.one(n)
        ask = open_asks([lead], self.at).first()
        before = _holder(lead, self.at)
        do: dict[str, Callable[[Lead], object]] = {
            "claim": lambda each: claim_lead(lead=each, by=by, at=self.at),
            "release": lambda each: release_lead(lead=each, by=by, at=self.at),
            "keep": lambda each: keep_lead(lead=each, by=by, at=self.at),
            "ask": lambda each: ask_for_lead(lead=each, by=by, note="", at=self.at),
            "take over": lambda each: take_over(lead=each, by=by, reason=WHY, at=self.at),
        }
        if ask and lead.owner:
            owner = lead.owner
            do["give"] = lambda each: hand_over(lead=each, by=owner, asked=ask.pk, at=self.at)
        if how in do and self.act(do[how], n):
            after = _holder(self.one(n), self.at)
            assert before in {None, after, by.pk} or how in {"take over", "give"}

    @rule(who=PEOPLE, how=st.sampled_from(["away", "back", "sign out"]))
    def leave(self, who: int, how: str) -> None:
        user = self.staff[who]
        if how == "back":
            come_back(user=user, by=user, at=self.at)
        elif how == "away":
            go_away(user=user, reason=AwayReason.BREAK, by=user, at=self.at)
        else:
            return_leads_of(user=user, why=EndOfLease.SIGNED_OUT, by=user, at=self.at)
        assert how == "back" or not Lead.objects.filter(owner=user).exists()

    @rule(
        n=LEADS,
        who=PEOPLE,
        how=st.sampled_from(TRIES),
        agreed=st.sampled_from([None, None, 30, 3000]),
        whom=st.sampled_from(["caller", "caller", "patient"]),
        override=st.sampled_from(["", "", WHY]),
    )
    def attempt(self, n: int, who: int, how: TryKind, agreed: int | None, whom: str, override: str) -> None:
        method, outcome, inbound = how
        by, lead = self.staff[who], self.survivor(n)
        person: Person = getattr(lead, whom)
        attempt = Try(
            person,
            method,
            outcome,
            two_way=outcome == ContactOutcome.SPOKE,
            inbound=inbound,
            call_at=self.at + agreed * MINUTE if agreed else None,
            override_reason=override,
        )
        unsafe = bool(why_not_safe(lead, Reach(person, method, self.at)))
        if self.act(lambda each: log_attempt(lead=each, by=by, attempt=attempt, at=self.at), n):
            assert not unsafe or inbound or override
            assert not (unsafe and not inbound and _is_on_hold(lead, person)) or who == 2
            after = self.survivor(n)
            assert after.first_contact_at == (
                lead.first_contact_at or (self.at if attempt.is_two_way and lead.is_open else None)
            )

    @rule(n=LEADS, who=PEOPLE, minutes=st.sampled_from([0, 30, 300, 3000]))
    def call_back(self, n: int, who: int, minutes: int) -> None:
        """Agree a call, or, in no minutes, say that none is needed."""
        by, wish = self.staff[who], WishedCall(self.survivor(n).caller, self.at + minutes * MINUTE)
        if not minutes:
            self.act(lambda lead: cancel_call_back(lead=lead, by=by, reason=WHY, at=self.at), n)
        elif self.act(lambda lead: set_call_back(lead=lead, by=by, wish=wish, at=self.at), n):
            lead = self.survivor(n)
            assert lead.awaits_contact or lead.due_at == wish.due_at

    @rule(
        n=LEADS,
        who=PEOPLE,
        kind=st.sampled_from(PauseKind),
        reason=st.sampled_from(PauseReason),
        minutes=MINUTES,
    )
    def set_aside(self, n: int, who: int, kind: PauseKind, reason: PauseReason, minutes: int) -> None:
        pause = Pause(kind, reason, self.at + minutes * MINUTE)
        self.act(lambda lead: pause_lead(lead=lead, by=self.staff[who], pause=pause, at=self.at), n)

    @rule(n=LEADS, who=PEOPLE)
    def bring_back(self, n: int, who: int) -> None:
        self.act(lambda lead: end_pause(lead=lead, by=self.staff[who], at=self.at), n)


def _holder(lead: Lead, at: datetime) -> UUID | None:
    return lead.owner_id if lead.lease_until and lead.lease_until > at else None


def _is_pressing(lead: Lead, at: datetime) -> bool:
    """Return whether somebody must be given this lead, whoever asks for the next urgent one."""
    emergency = lead.level in {Level.E1, Level.E2} and lead.awaits_contact and lead.is_open
    tried = ContactAttempt.objects.filter(lead=lead, attempted_at__gt=at - RETRY_AFTER)
    return emergency and not _holder(lead, at) and not tried.exists() and not open_call_back(lead)


def _is_on_hold(lead: Lead, person: Person) -> bool:
    return "H-SAFE" in lead.holds or has_not_agreed(lead, person)
