"""A body without a length, as the server hands it on."""

from io import BytesIO
from typing import Any

import pytest

from config.chunked import with_length


def received(**environ: Any) -> tuple[str, bytes]:
    """Return the length and the body that the application sees."""

    def application(environ: dict[str, Any], start_response: Any) -> list[bytes]:
        return [environ.get("CONTENT_LENGTH", ""), environ["wsgi.input"].read()]

    given = {"wsgi.input": BytesIO(b"abcdef"), "wsgi.input_terminated": True} | environ
    length, body = with_length(application)(given, lambda *_: None)
    return length, body


@pytest.mark.parametrize("coding", ["chunked", "Chunked "])
def test_a_body_in_chunks_gets_its_length(coding: str) -> None:
    assert received(HTTP_TRANSFER_ENCODING=coding) == ("6", b"abcdef")


def test_one_that_is_too_large_is_read_no_further_than_needed_to_refuse_it(settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 3
    assert received(HTTP_TRANSFER_ENCODING="chunked") == ("4", b"abcd")


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"CONTENT_LENGTH": "3"},
        {"CONTENT_LENGTH": "3", "HTTP_TRANSFER_ENCODING": "chunked"},
        {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": False},
        {"HTTP_TRANSFER_ENCODING": "gzip"},
    ],
)
def test_everything_else_is_left_to_django(environ: dict[str, Any]) -> None:
    assert received(**environ)[0] == environ.get("CONTENT_LENGTH", "")
