"""Whatever refuses a request around the API's own code: under /api/ it answers as a problem, too."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from crm.api.problems import MEDIA_TYPE, ApiProblem, Kind

API = "/api/"


class ProblemsInTheApi:
    """Middleware, the first of all. Nothing of the API belongs in a cache."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if not request.path.startswith(API):
            return response
        if response.status_code >= 400 and response.headers.get("Content-Type") != MEDIA_TYPE:
            _become_problem(response)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


def _become_problem(response: HttpResponse) -> None:
    """Replace the body; the headers stay: what is allowed, and all that protects a browser."""
    problem = ApiProblem(Kind.of_status(response.status_code)).to_response()
    response.content = problem.content
    response.headers["Content-Type"] = MEDIA_TYPE
    if "Content-Length" in response.headers:
        response.headers["Content-Length"] = str(len(problem.content))
