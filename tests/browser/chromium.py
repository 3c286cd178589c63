"""The Chromium that browser tests drive: found where it is installed, or installed when that is possible.

`python -m tests.browser.chromium` makes sure that there is one; `make test` and `make screenshots` run it.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

COMMANDS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
# Where Playwright puts the browsers that it downloads, and the program in there: Linux and macOS.
DOWNLOADS = ("~/.cache/ms-playwright", "~/Library/Caches/ms-playwright")
PROGRAMS = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
DEBIAN_PACKAGES = ("chromium", "fonts-liberation")
ABSENT = (
    "Browser tests need Chromium, and it could not be installed by itself. Install Chromium or Google Chrome "
    "(Debian: `apt-get install chromium`), or set CHROMIUM to the path of its program."
)
QUIET = (
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launch_options() -> dict[str, object]:
    """Return what Playwright's `chromium.launch` needs here. Raises FileNotFoundError without a Chromium."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # Chromium refuses to sandbox itself as root
    return {"executable_path": chromium_path(), "args": [*QUIET, *sandbox]}


def chromium_path() -> str:
    """Return the program of a Chromium that starts. Raises FileNotFoundError that says what to install."""
    for path in _candidates():
        if _starts(path):
            return path
    raise FileNotFoundError(ABSENT)


def ensure_chromium() -> str:
    """Return a Chromium that starts, installing one when there is none. Raises FileNotFoundError."""
    for install in (_nothing, _install_with_playwright, _install_with_apt):
        install()
        try:
            return chromium_path()
        except FileNotFoundError:
            continue
    raise FileNotFoundError(ABSENT)


def _candidates() -> Iterator[str]:
    if chosen := os.environ.get("CHROMIUM"):
        yield chosen
        return
    yield from filter(None, map(shutil.which, COMMANDS))
    for folder in (os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""), *DOWNLOADS):
        for program in PROGRAMS:
            yield from map(
                str, sorted(Path(folder).expanduser().glob(program), reverse=True) if folder else ()
            )


def _starts(path: str) -> bool:
    """Tell whether it runs: a download may lack system libraries, and a command may only point to a snap."""
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def _nothing() -> None:
    """Use what is there."""


def _install_with_playwright() -> None:
    print("Downloading Chromium with Playwright", flush=True)
    _try([sys.executable, "-m", "playwright", "install", "chromium"], errors=subprocess.DEVNULL)


def _install_with_apt() -> None:
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print("Installing Chromium with apt-get", flush=True)
        _try(["apt-get", "update", "-qq"])
        _try(["apt-get", "install", "-y", "-qq", "--no-install-recommends", *DEBIAN_PACKAGES])


def _try(command: list[str], *, errors: int | None = None) -> None:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(
        command, stdout=subprocess.DEVNULL, stderr=errors, timeout=900, env=environment, check=False
    )


if __name__ == "__main__":
    try:
        print(f"Browser tests use {ensure_chromium()}")
    except FileNotFoundError as error:
        sys.exit(str(error))
