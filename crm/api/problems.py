"""Errors of the API as problem documents (RFC 9457): one shape, whatever went wrong."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.http import JsonResponse
from pydantic import BaseModel, Field

MEDIA_TYPE = "application/problem+json"
TYPE_PREFIX = "tag:threshold.example,2026:problem/"  # a name, not an address: nothing is to be fetched

RETRY_AFTER = 5  # seconds; a database that restarts is back by then
NOTHING_STORED = (
    "Nothing was stored and nothing is promised. "
    "Send it again with the same Idempotency-Key, or ring the number."
)


class Kind(Enum):
    """The kinds that any part of the API may answer: name, status, title."""

    MALFORMED = "malformed", 400, "This request could not be read"
    NO_TOKEN = "token-needed", 401, "A valid bearer token is needed"
    FORBIDDEN = "forbidden", 403, "Your role does not allow this"
    NOT_FOUND = "not-found", 404, "There is nothing here that you may see"
    METHOD_NOT_ALLOWED = "method-not-allowed", 405, "This address does not do that"
    CONFLICT = "conflict", 409, "This is not possible at the moment"
    TOO_LARGE = "too-large", 413, "The body is too large"
    INVALID = "invalid", 422, "Some of what was sent makes no sense"
    ERROR = "error", 500, "Something went wrong on our side"
    UNAVAILABLE = "unavailable", 503, "We cannot take anything in at the moment"

    def __init__(self, slug: str, status: int, title: str) -> None:
        self.slug, self.status, self.title = slug, status, title

    @classmethod
    def of_status(cls, status: int) -> "Kind":
        """Return the kind of a status; any other client error counts as a request that could not be read."""
        known = {kind.status: kind for kind in cls}
        return known.get(status) or (cls.ERROR if status >= 500 else cls.MALFORMED)


class Problem(BaseModel):
    """What went wrong (RFC 9457). `type` names the kind and never changes; `detail` is for people."""

    type: str = Field(examples=[f"{TYPE_PREFIX}not-found"])
    title: str
    status: int
    detail: str = ""


class InvalidProblem(Problem):
    """What went wrong, field by field. A field in a list carries its place: `substances.0.name`."""

    errors: dict[str, list[str]] = Field(
        examples=[{"contact.phone": ["Give a phone number or an e-mail address."]}]
    )


class PhoneProblem(Problem):
    """What went wrong, and whom to ring instead: nothing was stored."""

    phone: str = Field(description="The clinic's public phone number.", examples=["020 7946 0000"])


class ApiProblem(Exception):
    """Raised anywhere in the API; becomes a problem document. `more` holds members of its own."""

    def __init__(
        self,
        kind: Kind,
        detail: str = "",
        *,
        name: str = "",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(detail or kind.title)
        self.kind, self.detail, self.name = kind, detail, name or kind.slug
        self.headers, self.more = headers or {}, more

    def to_response(self) -> JsonResponse:
        body = {"type": TYPE_PREFIX + self.name, "title": self.kind.title, "status": self.kind.status}
        return JsonResponse(
            body | {"detail": self.detail} | self.more,
            status=self.kind.status,
            content_type=MEDIA_TYPE,
            headers=dict(self.headers),
            encoder=DjangoJSONEncoder,
        )


def invalid(errors: dict[str, list[str]], **more: Any) -> ApiProblem:
    """Return the problem of fields that make no sense."""
    return ApiProblem(Kind.INVALID, "See the errors of each field.", errors=errors, **more)


def unavailable(phone: str, **more: Any) -> ApiProblem:
    """Return the problem of a database that is away: nothing was stored."""
    headers = {"Retry-After": str(RETRY_AFTER)}
    return ApiProblem(Kind.UNAVAILABLE, NOTHING_STORED, headers=headers, phone=phone, **more)
