"""python -m bench.watchdog FOLDER: end what a stack leaves behind when whoever started it was killed.

It reads its standard input, which closes when the other end is gone, in whatever way.
"""

import shutil
import sys
from pathlib import Path

from config.run.leftovers import end_leftovers
from config.servers.postgres import Postgres
from config.servers.valkey import Valkey


def main() -> None:
    folder = Path(sys.argv[1])
    sys.stdin.read()
    servers = [kind(folder=folder / kind.name, port=0, password="") for kind in (Postgres, Valkey)]
    end_leftovers(folder, servers)
    shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
