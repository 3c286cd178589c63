from crm.models.alarms import Alarm, AlarmNotice, AlarmSign
from crm.models.alerts import AlertPolicy, AlertStep
from crm.models.api_token import ApiToken
from crm.models.batch import Batch, BatchItem
from crm.models.contact import CallBack, ContactAttempt, ContactCadence, ContactPlan
from crm.models.lead import Lead, LeadReference, Placement
from crm.models.merging import LeadMerge, NotDuplicate
from crm.models.opening import ClosedDate, OpeningTime
from crm.models.person import Person
from crm.models.phone import CallLog, PhoneCall, PhoneEvent, PhoneLine, PhoneText
from crm.models.policy import QueuePolicy
from crm.models.requests import CallerRequest
from crm.models.rota import Absence, HandoverNote, Presence, Shift
from crm.models.saved_view import SavedView
from crm.models.sending import Sending
from crm.models.staff import Membership, Site, User
from crm.models.summaries import SummaryTime
from crm.models.tags import LeadTag, Tag
from crm.models.timeline import LeadAccess, LeadEvent
from crm.models.ways import QuietHours, RemovedWay, StaffChannel, WayCheck

__all__ = [
    "Absence",
    "Alarm",
    "AlarmNotice",
    "AlarmSign",
    "AlertPolicy",
    "AlertStep",
    "ApiToken",
    "Batch",
    "BatchItem",
    "CallBack",
    "CallLog",
    "CallerRequest",
    "ClosedDate",
    "ContactAttempt",
    "ContactCadence",
    "ContactPlan",
    "HandoverNote",
    "Lead",
    "LeadAccess",
    "LeadEvent",
    "LeadMerge",
    "LeadReference",
    "LeadTag",
    "Membership",
    "NotDuplicate",
    "OpeningTime",
    "Person",
    "PhoneCall",
    "PhoneEvent",
    "PhoneLine",
    "PhoneText",
    "Placement",
    "Presence",
    "QueuePolicy",
    "QuietHours",
    "RemovedWay",
    "SavedView",
    "Sending",
    "Shift",
    "Site",
    "StaffChannel",
    "SummaryTime",
    "Tag",
    "User",
    "WayCheck",
]
