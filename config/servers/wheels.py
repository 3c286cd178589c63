"""Where the wheels that bring the servers are installed."""

from importlib.util import find_spec
from pathlib import Path

from config.servers.account import CannotRunServers


def wheel_folder(package: str) -> Path:
    """Return the folder of an installed package without importing it (importing has side effects).

    Raises CannotRunServers when it is not installed, as in production.
    """
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise CannotRunServers(
            f"The package {package} is not installed. Run `make run`, which installs requirements/local.txt, "
            "or set DATABASE_URL and REDIS_URL."
        )
    return Path(spec.origin).parent
