"""crm.ordering in SQL: how the weights move leads that stay in the database."""

from django.db.models import Case, Exists, Expression, F, IntegerField, QuerySet, Value, When
from django.db.models.functions import Greatest, Least

from crm.enums import Level, RequestKind
from crm.models import Lead
from crm.models.policy import MOST
from crm.ordering import MOST_REPEATS, MOST_TRIES, SOON, TODAY, URGENT_WAY, Weights, seconds_a_percent
from crm.selectors.requests import is_asked

ASKED = {"wants_sooner": is_asked(RequestKind.SOONER), "is_worse": is_asked(RequestKind.WORSE)}


def shift_by(weights: Weights) -> Expression:
    """Return the expression of a lead's shift in seconds. It says what crm.ordering.shift_of says."""
    percent = (
        Value(weights.tried) * Least(F("attempt_count"), Value(MOST_TRIES))
        - Value(weights.repeat) * Least(F("enquiry_count") - 1, Value(MOST_REPEATS))
        - _if(ASKED["wants_sooner"], weights.sooner)
        - _if(ASKED["is_worse"], weights.worse)
        - Case(
            When(timing__in=(TODAY, URGENT_WAY), then=Value(weights.today)),
            When(timing=SOON, then=Value(weights.soon)),
            default=Value(0),
        )
    )
    bounded = Greatest(Value(-MOST), Least(Value(MOST), percent), output_field=IntegerField())
    return bounded * _seconds_a_percent()


def moved_by(leads: QuerySet[Lead], weights: Weights) -> QuerySet[Lead]:
    """Return the leads that do not stand where these weights put them, with `target_shift`."""
    return leads.alias(target_shift=shift_by(weights)).exclude(shift=F("target_shift"))


def _if(condition: Exists, percent: int) -> Case:
    return Case(When(condition, then=Value(percent)), default=Value(0), output_field=IntegerField())


def _seconds_a_percent() -> Case:
    return Case(
        *(When(level=level, then=Value(seconds_a_percent(level))) for level in Level),
        default=Value(seconds_a_percent(None)),
        output_field=IntegerField(),
    )
