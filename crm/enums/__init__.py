"""The desk's vocabulary, by subject."""

from crm.enums.alarms import AlarmKind, alarm_kinds
from crm.enums.alerts import AlertLevel, Who
from crm.enums.contact import (
    CallBackKind,
    ContactDisposition,
    ContactMethod,
    ContactOutcome,
    PackWay,
    PartOfDay,
)
from crm.enums.events import EventKind, event_kinds
from crm.enums.handling import BulkAction, EndOfLease, LeadChannel, PauseKind, PauseReason
from crm.enums.people import AwayReason, CallerRole, Party, RequestKind, Role
from crm.enums.phone import CallDirection, CallEnding, CallState, PhoneProvider, TextKeyword
from crm.enums.queues import (
    AWAITING,
    Band,
    Level,
    Queue,
    ReasonCode,
    more_severe_than,
    most_severe,
    raised_once,
)
from crm.enums.reports import (
    AlertEnding,
    CohortGrain,
    Duty,
    FigureGroup,
    MessageFate,
    PromiseState,
    StepsNeeded,
)
from crm.enums.stages import ALLOWED_MOVES, FUNNEL, Disposition, Stage
from crm.enums.ways import LossOfWay, WayCheckKind

__all__ = [
    "ALLOWED_MOVES",
    "AWAITING",
    "FUNNEL",
    "AlarmKind",
    "AlertEnding",
    "AlertLevel",
    "AwayReason",
    "Band",
    "BulkAction",
    "CallBackKind",
    "CallDirection",
    "CallEnding",
    "CallState",
    "CallerRole",
    "CohortGrain",
    "ContactDisposition",
    "ContactMethod",
    "ContactOutcome",
    "Disposition",
    "Duty",
    "EndOfLease",
    "EventKind",
    "FigureGroup",
    "LeadChannel",
    "Level",
    "LossOfWay",
    "MessageFate",
    "PackWay",
    "PartOfDay",
    "Party",
    "PauseKind",
    "PauseReason",
    "PhoneProvider",
    "PromiseState",
    "Queue",
    "ReasonCode",
    "RequestKind",
    "Role",
    "Stage",
    "StepsNeeded",
    "TextKeyword",
    "WayCheckKind",
    "Who",
    "alarm_kinds",
    "event_kinds",
    "more_severe_than",
    "most_severe",
    "raised_once",
]
