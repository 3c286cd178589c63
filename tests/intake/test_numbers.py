"""Numbers in a text become links, if and only if they are help lines."""

from intake.frame import Line, fallback_frame
from intake.templatetags.numbers import with_links

LINES = (Line("Emergency", "999", "tel:999", "", ""), Line("999 quietly", "999 then 55", "tel:999", "", ""))


def test_a_help_line_becomes_a_link() -> None:
    assert with_links("Call 999 now.", LINES) == 'Call <a class="nowrap" href="tel:999">999</a> now.'


def test_part_of_another_number_is_left_alone() -> None:
    assert with_links("0999, 9990 and 1-999", LINES) == "0999, 9990 and 1-999"


def test_the_longest_number_wins() -> None:
    assert with_links("Dial 999 then 55.", LINES).count("<a ") == 1


def test_anything_else_is_escaped() -> None:
    assert with_links("<b>999</b>", LINES).startswith("&lt;b&gt;<a ")
    assert with_links("<b>", ()) == "&lt;b&gt;"


def test_the_shipped_lines_link_the_shipped_numbers() -> None:
    linked = with_links("Samaritans on 116 123, or 0808 2000 247", fallback_frame().every_line)
    assert 'href="tel:116123"' in linked
    assert 'href="tel:08082000247"' in linked
