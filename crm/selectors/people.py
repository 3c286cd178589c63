"""Finding a lead by what somebody says on the phone: its reference, a number, an address, a name."""

from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet

from crm.models import Lead, LeadReference, Person, User
from crm.phone_numbers import international
from crm.references import half_a_reference, parse_reference
from crm.selectors.leads import leads_visible_to
from vault.tokens import PREFIX_LENGTHS, email_search, name_search, name_words, phone_end_search, phone_search

UNREAD = tuple(  # encrypted columns that no result shows
    f"{person}__{column}"
    for person in ("caller", "patient")
    for column in (
        "phone",
        "phone_e164",
        "postal_address",
        "safe_times",
        "ask_for",
        "say_instead",
        "contact_note",
    )
)
MOST_FOUND = 50
LEAST_DIGITS = 6
WHOLE_NUMBER = 10  # digits: whoever has so many has a number to compare with
LEAST_LETTERS = PREFIX_LENGTHS.start


def find_leads(*, user: User, query: str) -> list[Lead]:
    """Return the leads that the user may see and that match, newest first, 50 at most.

    A name is found from its third letter on; every word of it must match. Where nothing does, a reference is
    found by its first half, a name without its shortest words, a number by its last six digits. What is too
    short finds nothing.
    """
    for wanted in _readings(query):
        if found := _matching(user, wanted()):
            return found
    return []


def _readings(query: str) -> list[Callable[[], Q | None]]:
    """Return how a query can be meant, the closest reading first. Each costs a search of its own."""
    return [
        lambda: _by_reference(query) or _of(_people(query)),
        lambda: _by_half_a_reference(query),
        lambda: _of(_by_longer_words(query)),
        lambda: _of(_by_end_of_number(query)),
    ]


def _matching(user: User, wanted: Q | None) -> list[Lead]:
    if wanted is None:
        return []
    found = leads_visible_to(user).filter(wanted).order_by("-received_at", "-id").values("pk")[:MOST_FOUND]
    with_people = ("caller", "patient", "owner", "site", "merged_into")
    leads = Lead.objects.filter(pk__in=found).select_related(*with_people).defer(*UNREAD)
    return list(leads.order_by("-received_at", "-id"))


def is_too_short(query: str) -> bool:
    """Return whether nothing can be searched for: fewer than three letters, or six digits."""
    return _by_reference(query) is None and _people(query) is None


def _by_reference(query: str) -> Q | None:
    reference = parse_reference(query)
    return Q(pk__in=LeadReference.objects.filter(reference=reference).values("lead")) if reference else None


def _by_half_a_reference(query: str) -> Q | None:
    half = half_a_reference(query)
    begins = LeadReference.objects.filter(reference__startswith=half)
    return Q(pk__in=begins.values("lead")) if half else None


def _of(people: QuerySet[Person] | None) -> Q | None:
    """Return the condition that one of these is the caller or the patient."""
    if people is None:
        return None
    ids = people.values("pk")
    # By way of ids: PostgreSQL follows an index for each part of a union, and reads every lead for an OR.
    as_caller = Lead.objects.filter(caller__in=ids).values("pk")
    return Q(pk__in=as_caller.union(Lead.objects.filter(patient__in=ids).values("pk")))


def _people(query: str) -> QuerySet[Person] | None:
    if "@" in query:
        return _with_each([email_search(query)])
    if sum(character.isdigit() for character in query) >= LEAST_DIGITS:
        return _with_each([_phone_tokens(query)])
    if not any(len(word) >= LEAST_LETTERS and not word.isdigit() for word in name_words(query)):
        return None
    return _with_each(name_search(query))


def _by_longer_words(query: str) -> QuerySet[Person] | None:
    """Return people without regard to "Dr", or to the two letters of a name that is not typed to its end."""
    words = name_words(query)
    longer = [word for word in words if len(word) >= LEAST_LETTERS and not word.isdigit()]
    return _with_each(name_search(" ".join(longer))) if longer and len(longer) < len(words) else None


def _by_end_of_number(query: str) -> QuerySet[Person] | None:
    digits = sum(character.isdigit() for character in query)
    return _with_each([phone_end_search(query)]) if LEAST_DIGITS <= digits < WHOLE_NUMBER else None


def _phone_tokens(query: str) -> list[int]:
    """Return the tokens of the number as libphonenumber reads it and as it was typed: one is stored."""
    return phone_search(query) + phone_search(international(query))


def _with_each(groups: Sequence[list[int]]) -> QuerySet[Person]:
    """Return the people who have at least one token of every group."""
    people = Person.objects.all()
    for tokens in groups:
        people = people.filter(search_tokens__overlap=tokens)
    return people
