from typing import Any

import pytest
from django.template import Engine
from django.template.base import VariableNode
from django.template.defaulttags import IfNode

from notifications.catalogue import ALERTS, CATALOGUE, ContextRefused, Entry
from notifications.enums import Audience, MessageKind

GIVEN = {"sender"}  # by notifications.services.rendering
TELLING = [
    "rehab",
    "detox",
    "addict",
    "alcohol",
    "drug",
    "ketamine",
    "clinic",
    "treatment",
    "admission",
    "threshold",
]
ENTRY = Entry(
    audience=Audience.STAFF, needs=frozenset({"reference", "link"}), may_have=frozenset({"respond_by"})
)
FULL = {"reference": "7KX3-9QF2", "link": "/desk/leads/7KX3-9QF2/"}


def template(kind: MessageKind) -> Any:
    return Engine.get_default().get_template(f"notifications/{kind.lower()}.txt")


def printed(nodes: Any) -> set[str]:
    """Return the names that template nodes print."""
    return {node.filter_expression.token for node in nodes.get_nodes_by_type(VariableNode)}


@pytest.mark.parametrize("kind", MessageKind)
def test_every_kind_prints_all_that_it_needs_and_nothing_else(kind: MessageKind) -> None:
    entry = CATALOGUE[kind]
    assert entry.needs <= printed(template(kind).nodelist) <= entry.needs | entry.may_have | GIVEN


@pytest.mark.parametrize("kind", MessageKind)
def test_what_may_be_absent_is_printed_only_if_present(kind: MessageKind) -> None:
    nodes = template(kind).nodelist
    conditional = [printed(condition) for condition in nodes.get_nodes_by_type(IfNode)]
    assert printed(nodes) & CATALOGUE[kind].may_have == set().union(*conditional)


@pytest.mark.parametrize("kind", [kind for kind in MessageKind if CATALOGUE[kind].audience != Audience.STAFF])
def test_a_callers_message_gives_nothing_away(kind: MessageKind) -> None:
    text = template(kind).source.lower()
    assert not [word for word in TELLING if word in text]
    assert not any(digit in text for digit in "0123456789")  # numbers are dated content, never in a template
    assert text.startswith("a message from {{ sender }}\n")


@pytest.mark.parametrize("kind", ALERTS)
def test_staff_alerts_carry_reference_and_link_and_at_most_level_and_queue(kind: MessageKind) -> None:
    assert {"reference", "link"} <= CATALOGUE[kind].needs <= {"reference", "level", "queue", "link"}


@pytest.mark.parametrize("extra", [{}, {"respond_by": "14:25 on Tuesday 3 March"}])
def test_a_context_of_allowed_keys_passes(extra: dict[str, str]) -> None:
    ENTRY.check_context(FULL | extra)
    ENTRY.check_context(FULL | {"link": "https://desk.example.org/leads/7KX3-9QF2/"})


@pytest.mark.parametrize(
    ("context", "named"),
    [
        ({"reference": "7KX3-9QF2"}, "link"),
        (FULL | {"name": "Robin"}, "name"),
        (FULL | {"reference": "Robin Sample"}, "reference"),
        (FULL | {"link": "/desk/?name=Robin"}, "link"),
        (FULL | {"link": "javascript:alert(1)"}, "link"),
        (FULL | {"respond_by": "robin@example.org"}, "respond_by"),
        (FULL | {"respond_by": "14:25\nBcc: x"}, "respond_by"),
        (FULL | {"respond_by": "soon " * 100}, "respond_by"),
    ],
)
def test_any_other_context_is_refused_by_the_name_of_its_key(context: dict[str, str], named: str) -> None:
    with pytest.raises(ContextRefused, match=named) as caught:
        ENTRY.check_context(context)
    assert "Robin" not in str(caught.value)
