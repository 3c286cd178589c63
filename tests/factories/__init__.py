"""Fictional staff, people and leads, each in a state that the desk could really be in."""

from tests.factories.alarms import AlarmFactory
from tests.factories.leads import (
    ContactAttemptFactory,
    LeadEventFactory,
    LeadFactory,
    PlacementFactory,
)
from tests.factories.people import PersonFactory
from tests.factories.rota import ShiftFactory
from tests.factories.staff import MembershipFactory, SiteFactory, UserFactory
from tests.factories.ways import StaffChannelFactory

__all__ = [
    "AlarmFactory",
    "ContactAttemptFactory",
    "LeadEventFactory",
    "LeadFactory",
    "MembershipFactory",
    "PersonFactory",
    "PlacementFactory",
    "ShiftFactory",
    "SiteFactory",
    "StaffChannelFactory",
    "UserFactory",
]
