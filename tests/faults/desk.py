"""A member of staff at the desk of a stack, over HTTP."""

import http.client
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from urllib.parse import urlencode

CSRF = "x" * 32  # any 32 letters, as cookie and as header


@dataclass
class Desk:
    """A browser that is signed in by a session cookie."""

    port: int
    session: str
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str) -> str:
        """Return a page."""
        response, body = self._send("GET", path)
        assert response.status == 200, (path, response.status)
        return body.decode()

    def post(self, path: str, **said: str) -> str:
        """Send a form and return where it leads."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-CSRFToken": CSRF}
        response, _ = self._send("POST", path, urlencode(said), headers)
        assert response.status == 302, (path, response.status)
        return response.headers["Location"]

    def _send(
        self, method: str, path: str, body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, bytes]:
        cookies = {"sessionid": self.session, "csrftoken": CSRF, **self.cookies}
        own = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        try:
            connection.request(method, path, body, own | (headers or {}))
            response = connection.getresponse()
            self._keep(response)
            return response, response.read()
        finally:
            connection.close()

    def _keep(self, response: http.client.HTTPResponse) -> None:
        for line in response.headers.get_all("Set-Cookie", []):
            self.cookies |= {name: morsel.coded_value for name, morsel in SimpleCookie(line).items()}
