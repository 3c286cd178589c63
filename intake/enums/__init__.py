"""The front door's vocabulary: every answer's values as triage/SPEC section 5 has them, with human labels.

Stored values are UPPER_CASE in this house; the answers keep the lower-case values that the API takes.
Level and CallerRole (the answer `enquirer`) belong to the desk too, so they live in crm.enums.
"""

from intake.enums.guides import NEEDED_SECTIONS, GuideSection, GuideSubject, NextStep
from intake.enums.health import History, Medical, Suicide, Symptom
from intake.enums.imports import ImportState
from intake.enums.person import MINORS, AgeBand, PersonAware, Pregnancy, Programme, Situation, Timing
from intake.enums.substances import (
    Behaviour,
    Frequency,
    Route,
    Source,
    SubstanceName,
    ToleranceBreak,
    Unit,
    UseStatus,
)
from intake.enums.texts import Slot, Voice
from intake.enums.triage import Hold, Outcome
from intake.enums.watch import AuditCheck, CanaryStage

__all__ = [
    "MINORS",
    "NEEDED_SECTIONS",
    "AgeBand",
    "AuditCheck",
    "Behaviour",
    "CanaryStage",
    "Frequency",
    "GuideSection",
    "GuideSubject",
    "History",
    "Hold",
    "ImportState",
    "Medical",
    "NextStep",
    "Outcome",
    "PersonAware",
    "Pregnancy",
    "Programme",
    "Route",
    "Situation",
    "Slot",
    "Source",
    "SubstanceName",
    "Suicide",
    "Symptom",
    "Timing",
    "ToleranceBreak",
    "Unit",
    "UseStatus",
    "Voice",
]
