"""The desk's vocabulary, by subject."""

from crm.enums.contact import (
    CallBackKind,
    ContactDisposition,
    ContactMethod,
    ContactOutcome,
    PackWay,
    PartOfDay,
)
from crm.enums.events import EventKind
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
from crm.enums.reports import CohortGrain, FigureGroup, PromiseState
from crm.enums.stages import ALLOWED_MOVES, FUNNEL, Disposition, Stage

__all__ = [
    "ALLOWED_MOVES",
    "AWAITING",
    "FUNNEL",
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
    "EndOfLease",
    "EventKind",
    "FigureGroup",
    "LeadChannel",
    "Level",
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
    "TextKeyword",
    "more_severe_than",
    "most_severe",
    "raised_once",
]
