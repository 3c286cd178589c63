"""What callers do: enquire, again and again, and ask for things."""

from datetime import datetime

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from crm.enums import (
    CallerRole,
    LeadChannel,
    Level,
)
from crm.models import Lead, LeadReference
from crm.references import new_reference
from crm.services.caller_requests import (
    Page,
    ask_for_sooner_call,
    note_got_worse,
    resume_contact,
    stop_contact,
)
from crm.services.leads import NewEnquiry, open_or_join_lead
from crm.services.locking import locked
from crm.services.people import PersonDetails
from crm.services.placements import Decision, record_placement
from crm.services.text_stops import honour_start, honour_stop
from crm.targets import respond_by
from tests.crm.life.machine import LEADS, LEVELS, Machine

ADA, CY = "+447700900123", "+447700900456"
SAFE = {"may_call": True, "may_text": True, "may_email": True}


def details(name: str, number: str, *, no_contact: bool = False) -> PersonDetails:
    mail = {"email": f"{name.lower()}@example.org"} if number else {}
    ways = SAFE if number else {}
    return PersonDetails(name=name, phone=number, phone_e164=number, no_contact=no_contact, **mail, **ways)


WHO = {
    "ada": (CallerRole.SELF, details("Ada", ADA), None),
    "ada about tom": (CallerRole.LOVED_ONE, details("Ada", ADA), details("Tom", "", no_contact=True)),
    "cy": (CallerRole.SELF, details("Cy", CY), None),
}


class Callers(Machine):
    """Ada asks for herself and about Tom, who has not agreed; Cy has another number."""

    @initialize(first=LEVELS, second=LEVELS)
    def two_enquiries(self, first: Level, second: Level) -> None:
        self.enquire("ada", first, True)
        self.enquire("ada about tom", second, True)

    @rule(who=st.sampled_from(sorted(WHO)), level=LEVELS, at_once=st.booleans())
    def enquire(self, who: str, level: Level, at_once: bool) -> None:
        role, caller, patient = WHO[who]
        enquiry = NewEnquiry(
            reference=new_reference(),
            site=self.site,
            channel=LeadChannel.WEB,
            caller_role=role,
            caller=caller,
            patient=patient,
            call_by=respond_by(level, self.at),
            received_at=self.at,
        )
        lead = open_or_join_lead(enquiry=enquiry, at=self.at)
        is_repeat = lead.reference != enquiry.reference
        self.unplaced.append(_decision(enquiry.reference, level, self.at, is_repeat=is_repeat))
        if at_once:
            self.place()

    @rule()
    def place(self) -> None:
        """The rules say what they think of the enquiry that has waited longest."""
        if not self.unplaced:
            return
        decision = self.unplaced.pop(0)
        lead = LeadReference.objects.get(reference=decision.key).lead
        lead = record_placement(lead=lead, decision=decision, at=self.at)
        fresh = Lead.objects.get(pk=lead.pk)
        if fresh.is_open:
            promise = respond_by(decision.level, decision.received_at)
            assert fresh.level
            assert Level(fresh.level).rank <= decision.level.rank
            assert fresh.due_at <= max(promise, self.at)
            assert fresh.first_contact_at or fresh.clock_ends_at <= promise

    @rule(n=LEADS, what=st.sampled_from(["sooner", "worse", "stop", "stop", "resume"]))
    def wish(self, n: int, what: str) -> None:
        """A caller asks for something on their page."""
        do = {
            "sooner": lambda lead: ask_for_sooner_call(lead=lead, page=_page(lead), at=self.at),
            "worse": lambda lead: note_got_worse(lead=locked(lead), page=_page(lead), at=self.at),
            "stop": lambda lead: stop_contact(lead=lead, page=_page(lead), at=self.at),
            "resume": lambda lead: resume_contact(lead=lead, at=self.at),
        }[what]
        assert self.act(do, n)

    @rule(number=st.sampled_from([ADA, CY]), starts=st.booleans())
    def text(self, number: str, starts: bool) -> None:
        (honour_start if starts else honour_stop)(number=number, at=self.at)
        if not starts:
            for lead in self.fresh():
                assert lead.caller.phone != number or lead.caller.stopped_at


def _decision(key: str, level: Level, at: datetime, *, is_repeat: bool) -> Decision:
    rules = [{"id": "test-rule", "reason": "A test", "level": level.value}]
    holds = ["H-SAFE"] if level == Level.U1 else []
    return Decision(key, level, rules, holds, {"timing": "now"}, "2026-01", at, is_repeat=is_repeat)


def _page(lead: Lead) -> Page:
    return Page(enquiry=lead.reference, opened_lead=True)
