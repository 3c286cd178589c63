"""What is wrong with a condition, in words, for the person who edits it."""

import re
from collections.abc import Iterator
from functools import lru_cache

import cel
from django.db.models import TextChoices

from crm.enums import CallerRole, Level
from intake import enums
from intake.triage.answers import Answers
from intake.triage.facts import NAMES, facts_of
from intake.triage.samples import random_answers, single_sign_answers

BOUND = re.compile(r"\.(?:all|exists|exists_one|filter|map)\(\s*(\w+)\s*,")
LITERAL = re.compile(r"""(?<![\w.])(?:"([^"]*)"|'([^']*)')""")
PLACE = re.compile(r"ERROR: <input>:(\d+):(\d+): Syntax error: (.*)")
ANSWERS: tuple[type[TextChoices], ...] = (
    CallerRole,
    *(
        each
        for each in vars(enums).values()
        if isinstance(each, type) and issubclass(each, TextChoices) and each is not TextChoices
    ),
)


def problems_with(condition: str, *, rule_ids: frozenset[str] = frozenset()) -> list[str]:
    """Return everything that is wrong with a condition; none: it can be used.

    `rule_ids` are the rules that it may ask about in `fired`.
    """
    try:
        program = cel.compile(condition)
    except ValueError as error:
        return _cannot_be_read(str(error), condition)
    names = set(program.variables()) - set(BOUND.findall(condition)) - NAMES
    if names:
        return [f"There is no “{name}” to ask about." for name in sorted(names)]
    return list(dict.fromkeys([*_unknown_words(condition, rule_ids), *_trial_runs(program)]))


def _cannot_be_read(error: str, condition: str) -> list[str]:
    found = PLACE.search(error)
    if not found:
        return ["The condition cannot be read."]
    line, column, problem = int(found[1]), int(found[2]), found[3]
    rest = (condition.splitlines() or [""])[line - 1][max(column - 1, 0) :].strip()
    near = f"Line {line}, at “{rest[:30]}”: " if rest else f"Line {line}, at the end: "
    return [near + _in_words(problem)]


def _in_words(problem: str) -> str:
    if missing := re.match(r"missing '(.+?)' at", problem):
        return f"“{missing[1]}” is missing."
    if "input '<EOF>'" in problem:
        return "something is missing."
    if "token recognition error at: '= " in problem or "token recognition error at: '='" in problem:
        return "one “=” means nothing here. To compare, write “==”."
    if problem.startswith(("extraneous input", "mismatched input", "no viable alternative")):
        return "this is not expected here. Is an “&&”, an “||” or a quotation mark missing before it?"
    return "this sign means nothing here. Is a quotation mark missing?"


def _unknown_words(condition: str, rule_ids: frozenset[str]) -> Iterator[str]:
    """A misspelt answer is no error to CEL: its rule would never fire, and nobody would know."""
    known = {value for choices in ANSWERS for value in choices.values} | rule_ids | set(Level.values)
    for double, single in LITERAL.findall(condition):
        if (word := double or single) not in known:
            yield f"No answer and no rule above is ever “{word}”."


def _trial_runs(program: cel.Program) -> Iterator[str]:
    for answers in _samples():
        try:
            held = program.execute(cel.Context(facts_of(answers, phrases=()) | {"fired": [], "asked": []}))
        except KeyError as error:
            yield f"A substance has no “{error.args[0]}”."
        except (RuntimeError, TypeError, ValueError) as error:
            yield f"It cannot be asked: {_plainly(str(error))}."
        else:
            if not isinstance(held, bool):
                yield "It must be true or false. Compare with “==”, or ask “in”."


def _plainly(error: str) -> str:
    if found := re.search(r"Undefined variable or function: '(\w+)'", error):
        return f"there is no “{found[1]}”"
    return "it compares things of different kinds"


@lru_cache(maxsize=1)
def _samples() -> tuple[Answers, ...]:
    return (Answers(), *single_sign_answers(), *random_answers(40))
