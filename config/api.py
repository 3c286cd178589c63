"""The API: routers of the apps under one roof, and one shape for whatever goes wrong."""

import json
from typing import Any, NoReturn

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.parser import Parser

from config.openapi import honest
from crm.api.actions import router as actions
from crm.api.problems import ApiProblem, Kind, invalid, unavailable
from crm.api.queues import router as queues
from crm.api.records import router as records
from crm.api.refusing import refused
from crm.models import Site
from crm.refusals import Refusal
from intake.api.enquiries import router as enquiries
from intake.selectors import known_phone

log = structlog.get_logger(__name__)


class StrictParser(Parser):
    """JSON without NaN and without a key twice, of which one would be lost."""

    def parse_body(self, request: HttpRequest) -> Any:
        return json.loads(request.body, parse_constant=_no_number, object_pairs_hook=_once_each)


def _no_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")


def _once_each(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is given twice")
    return found


class ThresholdAPI(NinjaAPI):
    def get_openapi_schema(self, **options: Any) -> Any:
        return honest(super().get_openapi_schema(**options))


api = ThresholdAPI(
    title="Threshold",
    version="1",
    description=(
        "Send an enquiry, and work on the leads that come of them. Errors are problem documents (RFC 9457). "
        "An unknown key in a body is ignored; null is the same as absent."
    ),
    docs_url=None,  # the ready-made pages load third-party scripts
    parser=StrictParser(),
    urls_namespace="api",
)
for router in (enquiries, queues, records, actions):
    api.add_router("", router)


@api.exception_handler(ApiProblem)
def _problem(request: HttpRequest, error: ApiProblem) -> HttpResponse:
    return error.to_response()


@api.exception_handler(Refusal)
def _refused(request: HttpRequest, error: Refusal) -> HttpResponse:
    return refused(error).to_response()


@api.exception_handler(ValidationError)
def _invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer field by field; an address that cannot exist is simply not found."""
    if any(each["loc"][0] == "path" for each in error.errors):
        return ApiProblem(Kind.NOT_FOUND).to_response()
    errors: dict[str, list[str]] = {}
    for each in error.errors:
        errors.setdefault(_field(each["loc"]), []).append(f"{each['msg']}.")
    return invalid(errors).to_response()


def _field(location: tuple[str | int, ...]) -> str:
    """Return the field's name without what the framework puts before it: the source, the body's parameter."""
    source, *rest = location
    return ".".join(str(part) for part in (rest[1:] if source == "body" else rest)) or "body"


@api.exception_handler(Http404)
def _not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return ApiProblem(Kind.NOT_FOUND).to_response()


@api.exception_handler(PermissionDenied)
def _forbidden(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    return ApiProblem(Kind.FORBIDDEN).to_response()


@api.exception_handler(AuthenticationError)
def _no_token(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return ApiProblem(Kind.NO_TOKEN, headers={"WWW-Authenticate": "Bearer"}).to_response()


@api.exception_handler(HttpError)
def _unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    return ApiProblem(
        Kind.of_status(error.status_code), "The body is not JSON that we can read."
    ).to_response()


@api.exception_handler(UnreadablePostError)
def _interrupted(request: HttpRequest, error: UnreadablePostError) -> HttpResponse:
    return ApiProblem(Kind.MALFORMED, "The connection ended before the body did.").to_response()


@api.exception_handler(RequestDataTooBig)
def _too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return ApiProblem(Kind.TOO_LARGE, "Send at most 1 MB, or ring us.", phone=known_phone()).to_response()


@api.exception_handler(OperationalError)
@api.exception_handler(InterfaceError)
@api.exception_handler(Site.DoesNotExist)
def _unavailable(request: HttpRequest, error: Exception) -> HttpResponse:
    """Answer without a database, or before the clinic is set up."""
    log.error("api_unavailable", error=type(error).__name__)
    return unavailable(known_phone()).to_response()
