"""Rules of the desk that say no, as problems: 403 for a role, 422 for a field, 409 for how things stand."""

import re

from crm import refusals
from crm.api.problems import ApiProblem, Kind, invalid
from crm.refusals import Refusal

NOT_FOR_YOU = (refusals.NeedsClinicalLead, refusals.NeedsSecondPerson)
AT_FAULT: dict[type[Refusal], str] = {
    refusals.ReasonTooShort: "reason",
    refusals.DestinationMissing: "destination",
    refusals.NotTwoWay: "two_way",
}


def refused(refusal: Refusal) -> ApiProblem:
    """Return the problem, named after the rule: `lead-already-claimed`."""
    if field := AT_FAULT.get(type(refusal)):
        return invalid({field: [str(refusal)]})
    kind = Kind.FORBIDDEN if isinstance(refusal, NOT_FOR_YOU) else Kind.CONFLICT
    return ApiProblem(kind, str(refusal), name=_kebab(type(refusal).__name__))


def _kebab(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "-", name).lower()
