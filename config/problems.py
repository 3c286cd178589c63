"""Whatever refuses a request before or around the API's own code: under /api/ it answers as a problem, too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from crm.api.problems import MEDIA_TYPE, ApiProblem, Kind

API = "/api/"
KEPT = ("Allow", "Retry-After", "WWW-Authenticate")


class ProblemsInTheApi:
    """Middleware, the first of all. Nothing of the API belongs in a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API):
            return response
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            response = _as_problem(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _as_problem(response: HttpResponse) -> HttpResponse:
    headers = {name: response.headers[name] for name in KEPT if name in response.headers}
    return ApiProblem(Kind.of_status(response.status_code), headers=headers).to_response()
