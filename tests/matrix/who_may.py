"""Who may open or send what. One line for each address of the desk and each operation of the API.

A new view needs a line here; tests/matrix/test_permission_matrix.py says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from crm.enums import Role

ALL = frozenset(Role)
ANSWERING = frozenset({Role.COORDINATOR, Role.MANAGER})  # whoever answers to callers
CLINICAL = frozenset({Role.CLINICIAN, Role.CLINICAL_LEAD})
LEADING = frozenset({Role.CLINICAL_LEAD})
MANAGING = frozenset({Role.MANAGER})
RULING = LEADING | MANAGING  # whoever answers for the rules
EDITING = MANAGING | CLINICAL


class About(Enum):
    """What an address is about, and so what somebody of another site is told."""

    OWN = "a row of one person: 404 for everybody else"
    OURS = "a lead, a row or the words of one site: 404 for everybody else"
    LIST = "whatever the reader may see: a page for everybody in the role, with nothing of other sites"
    MACHINE = "work of the whole installation, with nothing of any site in it"


@dataclass(frozen=True)
class Rule:
    """`methods`: what is answered, any other is 405. `said`: a body that gets past the form, or a query."""

    methods: str
    roles: frozenset[Role]
    about: About
    technicians: bool = False  # also whoever looks after the machine, with whatever role or none
    said: Mapping[str, Any] = field(default_factory=dict)


def ours(methods: str, roles: frozenset[Role] = ALL, **said: Any) -> Rule:
    return Rule(methods, roles, About.OURS, said=said)


def own(methods: str) -> Rule:
    return Rule(methods, ALL, About.OWN)


def listing(methods: str, roles: frozenset[Role] = ALL, **said: Any) -> Rule:
    return Rule(methods, roles, About.LIST, said=said)


def machine(methods: str, roles: frozenset[Role], *, technicians: bool = False) -> Rule:
    return Rule(methods, roles, About.MACHINE, technicians)


ADDRESSES: dict[str, Rule] = {
    # the queues
    "crm:dashboard": listing("GET"),
    "crm:queue": listing("GET"),
    "crm:take_next": listing("POST", queue="URGENT"),
    "crm:search": listing("GET POST", q="Zebedee Quagmire"),
    "crm:watch": listing("GET"),
    "crm:news": listing("GET"),
    "crm:requests": listing("GET", ANSWERING),
    "crm:board": listing("GET"),
    "crm:save_view": listing("POST", name="Mine", tab="urgent"),
    "crm:delete_view": ours("POST"),
    "crm:bulk": listing("POST", action="SNOOZE", minutes="60", reason="TRY_AGAIN"),
    "crm:batch": own("GET"),
    "crm:undo_batch": own("POST"),
    "crm:tags": listing("GET POST", MANAGING),
    "crm:retire_tag": ours("POST", MANAGING),
    "crm:call_backs": listing("GET"),
    "crm:lowerings": listing("GET"),
    "crm:first_cadences": listing("GET", MANAGING),
    "crm:cadences": ours("GET", MANAGING),
    "crm:cadence": ours("GET POST", MANAGING),
    "crm:orders": listing("GET", MANAGING),
    "crm:order": ours("GET POST", MANAGING),
    "crm:alert_policies": listing("GET", MANAGING),
    "crm:alert_policy": ours("GET", MANAGING),
    "crm:alert_level": ours("GET POST", MANAGING),
    "crm:summary_time": ours("GET POST", MANAGING),
    # a lead
    "crm:lead": ours("GET"),
    "crm:claim": ours("POST"),
    "crm:acknowledge": ours("POST"),
    "crm:release": ours("POST"),
    "crm:keep": ours("POST"),
    "crm:ask": ours("POST"),
    "crm:hand_over": ours("POST", asked="00000000-0000-7000-8000-000000000000"),
    "crm:decline_ask": ours("POST", asked="00000000-0000-7000-8000-000000000000"),
    "crm:take_over": ours("POST", reason="They rang me directly."),
    "crm:attempt": ours("POST", method="CALL", outcome="NO_ANSWER"),
    "crm:note": ours("POST", text="Words"),
    "crm:contact_rules": ours("POST"),
    "crm:settle_request": ours("POST"),
    "crm:resume_contact": ours("POST"),
    "crm:close_page": ours("POST"),
    "crm:pause": ours("POST"),
    "crm:bring_back": ours("POST"),
    "crm:raise": ours("POST", level="E2", reason_code="TOLD_ON_CALL"),
    "crm:lower": ours("POST"),
    "crm:confirm_lowering": ours("POST", LEADING),
    "crm:decline_lowering": ours("POST"),
    "crm:clear_hold": ours("POST", CLINICAL),
    "crm:stage": ours("POST"),
    "crm:stage_back": ours("POST"),
    "crm:close": ours("POST", disposition="NOT_NOW"),
    "crm:reopen": ours("POST", reason="They rang again."),
    "crm:change_tags": ours("POST"),
    "crm:board_move": ours("POST", to="CLOSED"),
    "intake:rule_flag": ours("POST"),
    "crm:set_call_back": ours("POST"),
    "crm:cancel_call_back": ours("POST"),
    "crm:new_plan": ours("POST", ANSWERING),
    "crm:write": ours("GET"),
    "crm:send_letter": ours("POST"),
    "crm:pack": ours("GET"),
    "crm:sharing": ours("POST"),
    "crm:find_pair": ours("GET"),
    "crm:compare": ours("GET"),
    "crm:merge": ours("POST", ANSWERING),
    "crm:unmerge": ours("POST", ANSWERING),
    "crm:apart": ours("POST"),
    # people and shifts
    "crm:away": listing("POST", reason="BREAK"),
    "crm:back": listing("POST"),
    "crm:my_shifts": listing("GET"),
    "crm:my_alerts": listing("GET"),
    "crm:add_number": listing("POST", number="+447700900123", how="SMS"),
    "crm:add_browser": listing("POST"),
    "crm:add_webhook": listing("POST", url="https://hooks.example/1", shape="slack"),
    "crm:quiet_hours": listing("POST", begins="22:00", ends="07:00"),
    "crm:test_my_alerts": listing("POST"),
    "crm:my_summaries": listing("POST"),
    "crm:test_came": own("POST"),
    "crm:new_code": own("POST"),
    "crm:way_code": own("POST"),
    "crm:new_secret": own("POST"),
    "crm:remove_way": own("POST"),
    "crm:first_rota": listing("GET"),
    "crm:rota": ours("GET"),
    "crm:add_shift": ours("POST", MANAGING),
    "crm:copy_week": ours("POST", MANAGING),
    "crm:shift": ours("GET POST", MANAGING),
    "crm:remove_shift": ours("POST", MANAGING),
    "crm:mark_away": ours("POST", MANAGING, reason="BREAK"),
    "crm:mark_back": ours("POST", MANAGING),
    "crm:first_handover": listing("GET"),
    "crm:handover": ours("GET"),
    "crm:handover_note": ours("POST", text="Words"),
    # the phone
    "crm:calls": listing("GET", ANSWERING),
    "crm:settle_call": ours("POST", ANSWERING, ending="GAVE_UP"),
    "crm:read_text": ours("POST", ANSWERING),
    "crm:call_logs": listing("GET POST", ANSWERING),
    "crm:call_log": ours("GET POST", ANSWERING),
    "crm:read_call_log": ours("POST", ANSWERING),
    "crm:drop_call_log": ours("POST", ANSWERING),
    "intake:phone_enquiry": listing("GET POST"),
    "intake:call_enquiry": ours("POST", ANSWERING),
    # enquiries in doubt
    "intake:stranded": listing("GET"),
    "intake:working": machine("GET", MANAGING, technicians=True),
    "intake:review_accept": ours("POST"),
    "intake:review_reject": ours("POST"),
    # lists from elsewhere
    "intake:imports": listing("GET POST", MANAGING),
    "intake:lead_import": ours("GET POST", MANAGING),
    "intake:start_import": ours("POST", MANAGING),
    "intake:drop_import": ours("POST", MANAGING),
    # the rules
    "intake:rule_versions": ours("GET", EDITING),
    "intake:rules": ours("GET", EDITING),
    "intake:rules_draft": ours("POST", EDITING),
    "intake:rules_publish": ours("POST", LEADING),
    "intake:rules_discard": ours("POST", EDITING),
    "intake:rules_roll_back": ours("POST", LEADING),
    "intake:rules_phrases": ours("GET POST", EDITING),
    "intake:rule_new": ours("GET POST", EDITING),
    "intake:rule_edit": ours("GET POST", EDITING),
    "intake:rule_remove": ours("POST", EDITING),
    "intake:rules_check": ours("GET", EDITING),
    "intake:rules_expect": ours("POST", EDITING),
    "intake:rules_replay": ours("POST", EDITING),
    "intake:rules_replayed": ours("GET", EDITING),
    "intake:rule_flags": listing("GET", RULING),
    "intake:rule_flag_settle": ours("POST", RULING),
    # alarms and stuck work
    "crm:alarms": listing("GET", MANAGING),
    "crm:jobs": listing("GET", MANAGING),
    "crm:retry_job": machine("POST", MANAGING),
    "crm:discard_job": machine("POST", MANAGING),
    "crm:resend_messages": listing("POST", MANAGING),
    "crm:resend_message": ours("POST", MANAGING),
    "crm:discard_message": ours("POST", MANAGING),
    # reports
    "crm:reports": listing("GET", MANAGING),
    "crm:report_leads": listing("GET", MANAGING, group="every"),
    "crm:report_funnel": listing("GET", MANAGING),
    "crm:report_response_times": listing("GET", MANAGING),
    "crm:report_sources": listing("GET", MANAGING),
    "crm:report_closed": listing("GET", MANAGING),
    "crm:report_alerts": listing("GET", MANAGING),
    "crm:report_file": listing("GET", MANAGING),
    # words and numbers for the public
    "intake:website": listing("GET", MANAGING),
    "intake:desk_lines": ours("GET", MANAGING),
    "intake:desk_line_confirm": ours("POST", MANAGING),
    "intake:desk_line_hide": ours("POST", MANAGING),
    "intake:desk_guides": ours("GET", EDITING),
    "intake:desk_guide": ours("GET", EDITING),
    "intake:desk_guide_preview": ours("GET", EDITING),
    "intake:desk_guide_edit": ours("GET POST", EDITING),
    "intake:desk_guide_approve": ours("POST", CLINICAL),
    "intake:desk_texts": ours("GET", EDITING),
    "intake:desk_text": ours("GET POST", EDITING),
    "intake:desk_text_approve": ours("POST", CLINICAL),
    "intake:desk_messages": ours("GET", EDITING),
    "intake:desk_message": ours("GET POST", EDITING),
    "intake:desk_message_preview": ours("GET", EDITING),
    "intake:desk_message_approve": ours("POST", RULING),
    "intake:desk_message_test": ours("POST", EDITING),
}

# Addresses of crm that no person signs in for, and what guards them.
NOT_FOR_PEOPLE = {
    "crm:phone_event": "the phone system's signature: tests/crm/test_webhooks.py",
    "notifications:receipts": "the provider's signature: tests/notifications/test_webhooks.py",
    "notifications:short_link": "the seal of the link: tests/notifications/test_short_links.py",
    "crm:answer_call": "Twilio's signature and the call's own token: tests/crm/views/test_answer_call.py",
    "crm:push_worker": "nothing: it holds nothing of anybody: tests/crm/views/test_my_alerts.py",
    "crm:came_call": "Twilio's signature and the test's own token: tests/crm/views/test_came.py",
    "crm:came": "the signed link in a test: tests/crm/views/test_came.py",
    "crm:ack_many": "the signed link in a summary of alerts: tests/crm/views/test_ack_many.py",
    "crm:ack": "the signed link in an alert: tests/crm/views/test_acknowledge.py",
}

# What the URL conf hands over to, and where that is tested.
ROOTS = {
    "accounts/": "sign-in: tests/crm/views/test_sign_in.py",
    "admin/": "superusers: tests/crm/test_admin.py",
    "api/v1/": "OPERATIONS below",
    "": "ADDRESSES above, and the public pages: tests/journeys/front_door.py",
}

OPERATIONS: dict[str, Rule] = {
    "list_queue": listing("GET"),
    "read_lead": ours("GET"),
    "claim_lead": ours("POST"),
    "log_contact_attempt": ours("POST", method="call", outcome="no_answer"),
    "change_level": ours("POST", level="E2", reason_code="told_on_call"),
    "close_lead": ours("POST", disposition="not_now"),
}
PUBLIC_OPERATIONS = {"send_enquiry": "anybody may ask for help: tests/intake/api"}
