"""Values from outside: bounded, of plain signs, and about nobody."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from crm.enums import LeadChannel
from intake.sources import LONGEST, arrival, as_query, cleaned, source_name

NUMBERS = st.from_regex(r"\+?\d{3,5}[ ()-]{0,2}\d{3}[ .-]{0,2}\d{3,4}", fullmatch=True)
ADDRESSES = st.emails()


def found(query: str) -> dict[str, str]:
    return arrival({"via": query}, page="/urgent/", referrer="", own_host="help.example")


@given(st.text(max_size=300))
@example("123#456#789")
@example("ada%40example.org")
@example("İ" * 80)
@example("\x00\x1f\u202e")
def test_whatever_comes_in_comes_out_short_and_plain(value: str) -> None:
    text = cleaned(value)
    assert len(text) <= LONGEST
    assert not re.search(r"[^\w .+/&:()'-]", text)
    assert "@" not in text
    assert len(re.sub(r"\D", "", max(re.findall(r"[\d ()./:+_-]+", text), key=len, default=""))) < 60
    assert cleaned(text) == text


@given(before=st.text("abc -", max_size=20), address=ADDRESSES, after=st.text("abc -", max_size=20))
def test_an_e_mail_address_is_dropped_with_all_around_it(before: str, address: str, after: str) -> None:
    assert cleaned(f"{before}{address}{after}") == ""


@given(NUMBERS)
def test_a_phone_number_is_dropped(number: str) -> None:
    assert cleaned(f"ring {number}") == "" or sum(each.isdigit() for each in number) < 9


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("Spring Leaflet", "spring leaflet"),
        ("spring-2026-03-01", "spring-2026-03-01"),
        ("  a\t\nb  ", "a b"),
        ("pomoc w uzależnieniu", "pomoc w uzależnieniu"),
        ("<b>bold</b>", "b bold /b"),
        ("c%C3%A9zanne", "cézanne"),
        ("EAIaIQobChMI9vTx5Lq8gQMVk4BQBh0v3gLsEAAYASAAEgK", ""),
    ],
)
def test_what_campaigns_are_called_stays_readable(value: str, kept: str) -> None:
    assert cleaned(value) == kept


@given(
    st.dictionaries(st.sampled_from(["utm_source", "campaign", "landing"]), st.text(min_size=1, max_size=60))
)
def test_what_a_link_carries_arrives_as_it_was(known: dict[str, str]) -> None:
    carried = as_query(known).removeprefix("?via=")
    assert found(carried) == (known or {"landing": "/urgent/"})


def test_a_campaign_that_is_named_beside_a_link_takes_the_place_of_the_whole_one_in_it() -> None:
    carried = as_query({"utm_source": "snippet", "utm_medium": "frame", "landing": "/embed/urgent/"})
    query = {"via": carried.removeprefix("?via="), "utm_source": "Leaflet"}
    known = arrival(query, page="", referrer="", own_host="help.example")
    assert known == {"utm_source": "leaflet", "landing": "/embed/urgent/"}


@given(st.text(max_size=80))
def test_a_made_up_word_carries_nothing(word: str) -> None:
    assert found(word) == {"landing": "/urgent/"}


@pytest.mark.parametrize(
    ("referrer", "host"),
    [
        ("https://search.example/?q=secret", "search.example"),
        ("https://User:pass@Search.example:8443/", "search.example"),
        ("https://203.0.113.7/", ""),
        ("https://[2001:db8::1]/", ""),
        ("https://a_b.example/", ""),
        (f"https://{'a' * 70}.example/", ""),
        ("http://[", ""),
        ("android-app://com.example.app/", "com.example.app"),
        ("about:blank", ""),
    ],
)
def test_of_the_page_before_only_a_host_is_kept(referrer: str, host: str) -> None:
    known = arrival({}, page="/", referrer=referrer, own_host="help.example")
    assert known.get("referrer_host", "") == host


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ({"utm_source": "leaflet", "campaign": "x", "referrer_host": "a.example"}, "leaflet"),
        ({"campaign": "spring", "referrer_host": "a.example"}, "spring"),
        ({"referrer_host": "a.example", "landing": "/"}, "a.example"),
        ({"line": "Leaflets"}, "Phone: Leaflets"),
        ({"landing": "/"}, "Phone"),
    ],
)
def test_reports_group_by_the_most_telling(source: dict[str, str], name: str) -> None:
    assert source_name(source, LeadChannel.PHONE) == name
