"""Answers about the person: age, pregnancy, whether they know, how they live, what they would like."""

from django.db.models import TextChoices


class PersonAware(TextChoices):
    YES = "yes", "Yes, they have agreed"
    NO = "no", "No"
    UNKNOWN = "unknown", "I do not know"


class AgeBand(TextChoices):
    UNDER_16 = "under_16", "Under 16"
    AGE_16_17 = "16_17", "16 or 17"
    AGE_18_64 = "18_64", "18 to 64"
    AGE_65_PLUS = "65_plus", "65 or over"
    UNKNOWN = "unknown", "I do not know, or prefer not to say"


MINORS = frozenset({AgeBand.UNDER_16, AgeBand.AGE_16_17})


class Pregnancy(TextChoices):
    NO = "no", "No"
    YES = "yes", "Yes"
    POSTNATAL_12M = "postnatal_12m", "Had a baby in the last 12 months"
    UNKNOWN = "unknown", "I do not know, or prefer not to say"
    NOT_APPLICABLE = "not_applicable", "Does not apply"


class Situation(TextChoices):
    ALONE = "alone", "Alone"
    NO_SAFE_PLACE = "no_safe_place", "Nowhere safe to stay"
    LIVES_WITH_CHILDREN = "lives_with_children", "Lives with children"
    CHILDREN_AT_RISK = "children_at_risk", "A child may be at risk"
    CHILD_DANGER_NOW = "child_danger_now", "A child is in danger now"
    ABUSE_OR_COERCION = "abuse_or_coercion", "Abuse or control by another person"
    DANGER_NOW = "danger_now", "Someone is in danger now"
    DRIVES = "drives", "Drives"
    VOCATIONAL_DRIVER = "vocational_driver", "Drives for work"
    MOBILITY_NEEDS = "mobility_needs", "Needs help to get around"


class Programme(TextChoices):
    """What somebody would like: a wish, never a promise. A clinician looks at what is safe."""

    DETOX = "detox", "Detox"
    RESIDENTIAL = "residential", "A residential programme"
    DAY = "day", "A day programme"
    UNSURE = "unsure", "Not sure yet"


class Timing(TextChoices):
    NOW = "now", "Today"
    WITHIN_72H = "within_72h", "Within 3 days"
    WITHIN_2_WEEKS = "within_2_weeks", "Within 2 weeks"
    FLEXIBLE = "flexible", "No rush"
