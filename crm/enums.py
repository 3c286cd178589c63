"""The desk's vocabulary, and the allowed moves between stages, listed once."""

from django.db.models import IntegerChoices, TextChoices


class Role(TextChoices):
    COORDINATOR = "COORDINATOR", "Intake coordinator"
    CLINICIAN = "CLINICIAN", "Clinician"
    CLINICAL_LEAD = "CLINICAL_LEAD", "Clinical lead"
    MANAGER = "MANAGER", "Manager"


class Queue(TextChoices):
    URGENT = "URGENT", "Urgent"
    PREBOOKED = "PREBOOKED", "Pre-booked"
    UNROUTED = "UNROUTED", "Not yet routed"
    REVIEW = "REVIEW", "In review"


class Level(TextChoices):
    """How soon a person must call, most urgent first (triage/SPEC section 2)."""

    E1 = "E1", "Emergency, call within 5 minutes"
    E2 = "E2", "Emergency, call within 15 minutes"
    U1 = "U1", "Urgent, call within 30 minutes"
    U2 = "U2", "Urgent, call within 2 hours"
    U3 = "U3", "Urgent, call within 4 hours"
    P1 = "P1", "Pre-booked, call within 1 day"
    P2 = "P2", "Pre-booked, call within 2 days"

    @property
    def rank(self) -> int:
        """Return 0 for the most urgent level, 6 for the least."""
        return list(Level).index(self)

    @property
    def queue(self) -> Queue:
        return Queue.PREBOOKED if self in {Level.P1, Level.P2} else Queue.URGENT

    @property
    def is_emergency(self) -> bool:
        return self in {Level.E1, Level.E2}

    @property
    def band(self) -> "Band":
        """Return where a lead of this level stands while somebody waits to hear from us."""
        return _BANDS.get(self.value, Band.WAITING)


class Band(IntegerChoices):
    """The parts of every list of leads, from the top down; no weight and no deadline leads out of one.

    A person who has not heard from us stands above every follow-up, however late that is. Inside a band,
    whatever is due first stands first, moved a little by the weights (crm.ordering).
    """

    TOP = 0, "Life in danger (E1), above every deadline"
    EMERGENCY = 1, "Emergency (E2)"
    WAITING = 2, "Urgent, waiting to hear from us"
    PREBOOKED_FIRST = 3, "Pre-booked (P1), above every later one"
    PREBOOKED = 4, "Pre-booked (P2)"
    FOLLOW_UP = 5, "Follow-up"


_BANDS = {
    "E1": Band.TOP,
    "E2": Band.EMERGENCY,
    "P1": Band.PREBOOKED_FIRST,
    "P2": Band.PREBOOKED,
}
AWAITING = tuple(band for band in Band if band != Band.FOLLOW_UP)


def most_severe(*levels: Level) -> Level:
    return min(levels, key=lambda level: level.rank)


def more_severe_than(level: Level | None) -> list[Level]:
    """Return the levels to which a person may raise; out of none (not placed yet), the urgent ones."""
    return [each for each in Level if (each.rank < level.rank if level else each.queue == Queue.URGENT)]


def raised_once(level: Level) -> Level:
    """Return the level one step up, never above E2: a repeat enquiry alone is no life-threatening sign."""
    return level if level.is_emergency else list(Level)[level.rank - 1]


class Stage(TextChoices):
    NEW = "NEW", "New"
    CONTACTED = "CONTACTED", "Contacted"
    ASSESSING = "ASSESSING", "Assessing"
    OFFERED = "OFFERED", "Offered"
    BOOKED = "BOOKED", "Booked"
    ADMITTED = "ADMITTED", "Admitted"
    CLOSED = "CLOSED", "Closed"


ALLOWED_MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.NEW: frozenset({Stage.CONTACTED, Stage.CLOSED}),
    Stage.CONTACTED: frozenset({Stage.ASSESSING, Stage.CLOSED}),
    Stage.ASSESSING: frozenset({Stage.OFFERED, Stage.CLOSED}),
    Stage.OFFERED: frozenset({Stage.BOOKED, Stage.CLOSED}),
    Stage.BOOKED: frozenset({Stage.ADMITTED, Stage.CLOSED}),
    Stage.ADMITTED: frozenset({Stage.CLOSED}),
    Stage.CLOSED: frozenset(),
}


# The funnel's steps after "received". A lead that got to a later one counts for the earlier ones, too.
FUNNEL = (Stage.CONTACTED, Stage.ASSESSING, Stage.OFFERED, Stage.BOOKED, Stage.ADMITTED)


class Disposition(TextChoices):
    """Why a lead was closed."""

    COMPLETED_STAY = "COMPLETED_STAY", "Stay completed"
    REFERRED_ON = "REFERRED_ON", "Referred to another service"
    CHOSE_ANOTHER = "CHOSE_ANOTHER", "Chose another service"
    NOT_NOW = "NOT_NOW", "Not ready at the moment"
    NO_FUNDING = "NO_FUNDING", "Could not fund a stay"
    NOT_SUITABLE = "NOT_SUITABLE", "Needs a service that we do not offer"
    UNREACHABLE = "UNREACHABLE", "Could not be reached"
    ASKED_NO_CONTACT = "ASKED_NO_CONTACT", "Asked us not to contact them"
    DUPLICATE = "DUPLICATE", "The same episode as another lead"
    NOT_AN_ENQUIRY = "NOT_AN_ENQUIRY", "Not an enquiry"

    @property
    def needs_destination(self) -> bool:
        return self in {Disposition.REFERRED_ON, Disposition.NOT_SUITABLE}


class EventKind(TextChoices):
    ENQUIRY_RECEIVED = "ENQUIRY_RECEIVED", "Enquiry received"
    REPEAT_ENQUIRY = "REPEAT_ENQUIRY", "Enquired again"
    ANSWERED_MORE = "ANSWERED_MORE", "Answered more questions"
    PLACED = "PLACED", "Placed in a queue"
    NOT_PLACED_IN_TIME = "NOT_PLACED_IN_TIME", "Not routed within a minute, treated as urgent"
    REVIEW_WAITING = "REVIEW_WAITING", "Almost a quarter of an hour in review"
    LEVEL_RAISED = "LEVEL_RAISED", "Level raised"
    LOWERING_ASKED = "LOWERING_ASKED", "Asked a clinical lead to lower the level"
    LEVEL_LOWERED = "LEVEL_LOWERED", "Level lowered"
    MORE_SEVERE = "MORE_SEVERE", "New answers are more severe than the level a person chose"
    CLAIMED = "CLAIMED", "Taken"
    RELEASED = "RELEASED", "Given back"
    LEASE_ENDED = "LEASE_ENDED", "Returned to the queue by itself"
    LEASE_KEPT = "LEASE_KEPT", "Still being worked on"
    ASKED_FOR = "ASKED_FOR", "A colleague asked for it"
    ASK_DECLINED = "ASK_DECLINED", "Kept, although a colleague asked for it"
    HANDED_OVER = "HANDED_OVER", "Handed over to a colleague who asked for it"
    TAKEN_OVER = "TAKEN_OVER", "Taken over from a colleague"
    CLOCK_STOPPED = "CLOCK_STOPPED", "Clock stopped"
    CLOCK_GOES_ON = "CLOCK_GOES_ON", "Clock goes on"
    SNOOZED = "SNOOZED", "Snoozed"
    SNOOZE_ENDED = "SNOOZE_ENDED", "Back from a snooze"
    CONTACT_ATTEMPTED = "CONTACT_ATTEMPTED", "Contact attempt"
    CALL_BACK_SET = "CALL_BACK_SET", "Call-back set"
    CALL_BACK_DUE = "CALL_BACK_DUE", "Call-back due"
    CALL_BACK_CANCELLED = "CALL_BACK_CANCELLED", "Call-back no longer needed"
    PLAN_USED_UP = "PLAN_USED_UP", "Tried as often as planned: somebody decides"
    PLAN_BEGUN = "PLAN_BEGUN", "New plan of calls"
    FIRST_CONTACT = "FIRST_CONTACT", "First two-way contact"
    STAGE_MOVED = "STAGE_MOVED", "Stage moved"
    CLOSED = "CLOSED", "Closed"
    REOPENED = "REOPENED", "Opened again"
    ASSIGNED = "ASSIGNED", "Assigned"
    TAGGED = "TAGGED", "Tagged"
    UNTAGGED = "UNTAGGED", "Tag taken off"
    MERGED = "MERGED", "Merged into another lead"
    DUPLICATE_JOINED = "DUPLICATE_JOINED", "Another lead of the same episode was merged into this one"
    UNMERGED = "UNMERGED", "Parted again from another lead"
    REVIEW_ACCEPTED = "REVIEW_ACCEPTED", "Accepted from review"
    REVIEW_REJECTED = "REVIEW_REJECTED", "Rejected in review"
    NOTE_ADDED = "NOTE_ADDED", "Note"
    SHARING_ASKED = "SHARING_ASKED", "Asked whether the caller may be told"
    SIGNPOSTED = "SIGNPOSTED", "Given a signpost pack"
    GOT_WORSE = "GOT_WORSE", "The caller says that it has got worse"
    ASKED_SOONER = "ASKED_SOONER", "The caller asks to be called sooner"
    ASKED_TO_STOP = "ASKED_TO_STOP", "The caller asked us to stop contacting them"
    MAY_CONTACT_AGAIN = "MAY_CONTACT_AGAIN", "The caller may be contacted again"
    ASKED_TO_ERASE = "ASKED_TO_ERASE", "The caller asks to be erased"
    WAYS_CHANGED = "WAYS_CHANGED", "The caller changed how to reach them"
    COPY_ASKED = "COPY_ASKED", "The caller asked for a copy"
    PAGE_CLOSED = "PAGE_CLOSED", "The caller's page was closed"
    REQUEST_SETTLED = "REQUEST_SETTLED", "Request settled"
    ALERTED = "ALERTED", "Staff alerted"
    CALL_MISSED = "CALL_MISSED", "They rang and nobody answered"
    CALL_CONNECTED = "CALL_CONNECTED", "A phone call was connected"
    TEXT_RECEIVED = "TEXT_RECEIVED", "Text message from them"


class ContactMethod(TextChoices):
    CALL = "CALL", "Phone call"
    VOICEMAIL = "VOICEMAIL", "Voicemail"
    TEXT = "TEXT", "Text message"
    EMAIL = "EMAIL", "E-mail"
    POST = "POST", "Letter"
    VISIT = "VISIT", "In person"


class ContactOutcome(TextChoices):
    SPOKE = "SPOKE", "Spoke with them"
    REPLIED = "REPLIED", "They wrote back"
    NO_ANSWER = "NO_ANSWER", "No answer"
    LEFT_MESSAGE = "LEFT_MESSAGE", "Left a message"
    SENT = "SENT", "Sent"
    WRONG_NUMBER = "WRONG_NUMBER", "Wrong number"
    ASKED_TO_CALL_LATER = "ASKED_TO_CALL_LATER", "Asked us to call later"


class PauseKind(TextChoices):
    """How a lead is set aside for a while: with its clock standing still, or running on."""

    CLOCK = "CLOCK", "Clock stopped"
    SNOOZE = "SNOOZE", "Snoozed"


class PauseReason(TextChoices):
    """Why a lead is set aside."""

    ASKED_LATER = "ASKED_LATER", "They asked for another time"
    WAITS_FOR_OTHERS = "WAITS_FOR_OTHERS", "It waits for somebody else's answer"
    NOT_SAFE_NOW = "NOT_SAFE_NOW", "They cannot be contacted safely before"
    TRY_AGAIN = "TRY_AGAIN", "Nobody answered: try again later"

    @property
    def stops_the_clock(self) -> bool:
        """Return whether it may stop the clock: that nobody answers is no reason to."""
        return self != PauseReason.TRY_AGAIN


class ContactDisposition(TextChoices):
    """What was agreed when a contact ended."""

    CALL_BACK = "CALL_BACK", "We call back"
    THEY_CALL = "THEY_CALL", "They will call us"
    THINKING = "THINKING", "They want time to think"
    ASSESSMENT = "ASSESSMENT", "They want an assessment"
    OTHER_HELP = "OTHER_HELP", "They were told of other help"
    ELSEWHERE = "ELSEWHERE", "They go elsewhere"
    NO_MORE = "NO_MORE", "They want to hear no more from us"
    CUT_OFF = "CUT_OFF", "Nothing: the call was cut short"


class PackWay(TextChoices):
    """How somebody gets the numbers of other help."""

    EMAIL = "EMAIL", "By e-mail: help lines only, because others may read an e-mail"
    PAPER = "PAPER", "Printed, or read out on the phone"


class CallBackKind(TextChoices):
    """Why we call again at a time."""

    AGREED = "AGREED", "Agreed with them"
    PLANNED = "PLANNED", "Next try of the plan"
    SAFETY = "SAFETY", "Safety call after closing"


class PartOfDay(TextChoices):
    """When in the day, by the site's clock, a try is made: people are reached at different hours."""

    MORNING = "MORNING", "in the morning"
    AFTERNOON = "AFTERNOON", "in the afternoon"
    EVENING = "EVENING", "in the evening"


class RequestKind(TextChoices):
    """What a caller can ask of us from their own page."""

    WORSE = "WORSE", "To be helped: it has got worse"
    SOONER = "SOONER", "To be called sooner"
    STOP = "STOP", "Not to be contacted any more"
    ERASE = "ERASE", "To be erased"


class BulkAction(TextChoices):
    """What can be done to many leads at once. Each has a service of its own (crm.services.bulk)."""

    ASSIGN = "ASSIGN", "Assign"
    TAG = "TAG", "Tag"
    UNTAG = "UNTAG", "Take a tag off"
    SNOOZE = "SNOOZE", "Snooze"
    CLOSE = "CLOSE", "Close"


class AwayReason(TextChoices):
    """Why somebody on shift does not answer to callers for a while."""

    BREAK = "BREAK", "On a break"
    MEETING = "MEETING", "In a meeting or training"
    WITH_SOMEBODY = "WITH_SOMEBODY", "With a patient or a visitor"
    OTHER_WORK = "OTHER_WORK", "On other work"
    LEFT = "LEFT", "Had to leave"


class EndOfLease(TextChoices):
    """Why a lead went back to its queue without its holder giving it back."""

    RAN_OUT = "RAN_OUT", "No attempt was logged in time."
    SIGNED_OUT = "SIGNED_OUT", "They signed out."
    SHIFT_ENDED = "SHIFT_ENDED", "Their shift ended."
    AWAY = "AWAY", "They were marked as away."


class CallerRole(TextChoices):
    """Who is asking, as the caller said (triage/SPEC section 5, `enquirer`)."""

    SELF = "self", "For themselves"
    LOVED_ONE = "loved_one", "For someone they care about"
    PROFESSIONAL = "professional", "A professional"
    PHONE = "phone", "Taken down by phone"


class Party(TextChoices):
    """One of the two people of a lead."""

    CALLER = "caller", "The caller"
    PATIENT = "patient", "The prospective patient"


class LeadChannel(TextChoices):
    WEB = "WEB", "Web form"
    REFERRAL = "REFERRAL", "Professional referral"
    API = "API", "API"
    PHONE = "PHONE", "Phone"
    IMPORT = "IMPORT", "Imported list"


class ReasonCode(TextChoices):
    """Why a person changed a level."""

    TOLD_ON_CALL = "TOLD_ON_CALL", "Said on the call"
    CLINICAL_JUDGEMENT = "CLINICAL_JUDGEMENT", "Clinical judgement"
    SITUATION_CHANGED = "SITUATION_CHANGED", "The situation changed"
    ANSWER_WRONG = "ANSWER_WRONG", "An answer was wrong"
    RULE_WRONG = "RULE_WRONG", "The rule looks wrong"


class CohortGrain(TextChoices):
    """How a report groups enquiries by the time at which they came."""

    WEEK = "week", "By week"
    MONTH = "month", "By month"


class FigureGroup(TextChoices):
    """Which leads a report's figure is about."""

    CONVERSION = "conversion", "Enquiries"
    EMERGENCY = "emergency", "Emergencies"
    COUNTED = "counted", "Enquiries and emergencies"
    REVIEW = "review", "In review"
    DROPPED = "dropped", "Duplicates and not an enquiry"
    EVERY = "every", "All leads"


class PromiseState(TextChoices):
    """What became of the promise to call by a certain time."""

    KEPT = "KEPT", "spoken with in time"
    LATE = "LATE", "spoken with too late"
    BROKEN = "BROKEN", "not reached although the promised time has passed"
    RUNNING = "RUNNING", "not reached yet, the promised time is still to come"


class PhoneProvider(TextChoices):
    """Who tells us of calls and texts, and so how it signs them."""

    TWILIO = "TWILIO", "Twilio"
    SIGNED = "SIGNED", "Another one, signed as Standard Webhooks say"


class CallDirection(TextChoices):
    IN = "IN", "They rang"
    OUT = "OUT", "We rang"


class CallState(TextChoices):
    RINGING = "RINGING", "Ringing"
    MISSED = "MISSED", "Not answered"
    CONNECTED = "CONNECTED", "Answered"

    @property
    def rank(self) -> int:
        """A call only ever moves up, in whatever order its events arrive."""
        return list(CallState).index(self)


class CallEnding(TextChoices):
    """What came of a missed call. PAIRED is written by the product, the rest by a person."""

    PAIRED = "PAIRED", "Spoken with later"
    ENQUIRY = "ENQUIRY", "Taken down as an enquiry"
    REACHED = "REACHED", "Reached in another way"
    GAVE_UP = "GAVE_UP", "Called back, nobody answered"
    NOT_SAFE = "NOT_SAFE", "Calling back is not safe"
    NOT_AN_ENQUIRY = "NOT_AN_ENQUIRY", "Wrong number, or not an enquiry"


class TextKeyword(TextChoices):
    STOP = "STOP", "Stop contacting me"
    START = "START", "You may contact me again"
