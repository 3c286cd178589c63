"""python -m bench: measure, print a table, write bench/results.json. Ratios and medians; never a test."""

import argparse
import json
import os
import platform
import time
from collections.abc import Iterator
from pathlib import Path

from bench.stack import Stack

RESULTS = Path(__file__).with_name("results.json")


def main() -> None:
    options, began = _options(), time.monotonic()
    with Stack() as stack:
        os.environ.update(stack.environment)
        import django

        django.setup()
        stack.start_processes()
        rows = []
        for row in _measure(stack, options):
            rows.append(row)
            print(f"{row.name:<52}{row.figure:>12,.1f} {row.unit:<9} {row.asked}", flush=True)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes in all")
    _write(rows)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="turns of the capacity measure (default 5)")
    parser.add_argument("--seconds", type=float, default=4, help="length of one turn (default 4)")
    parser.add_argument(
        "--leads", type=int, default=100_000, help="leads for the large desk (default 100000)"
    )
    parser.add_argument(
        "--sent", type=int, default=1_000_000, help="sent rows for the sweeps (default 1000000)"
    )
    return parser.parse_args()


def _measure(stack: Stack, options: argparse.Namespace) -> Iterator[object]:
    from bench import measures, outbox, screens
    from bench.desk import sign_in

    yield from measures.capacity(stack, rounds=options.rounds, seconds=options.seconds)
    yield from measures.latency(stack, per_second=50, seconds=5 * options.seconds)
    stack.answer_alerts()
    yield from outbox.throughput(messages=3000)
    yield from measures.phone(stack, times=options.rounds)
    cookie = sign_in()
    for leads in (1_000, options.leads):
        stack.manage("demo_data", "--leads", str(leads), "--add")
        yield from measures.desk(stack, leads=leads, cookie=cookie, times=100)
        yield from measures.search(stack, leads=leads, cookie=cookie, times=50)
        yield from screens.open_screens(stack, leads=leads, cookie=cookie, times=500)
        yield from screens.take_next(stack, leads=leads, seconds=options.seconds)
    yield from measures.refresh(stack, cookie=cookie, seconds=options.seconds)
    stack.answer_alerts()
    yield from outbox.sweeps(few=10_000, many=options.sent, times=20)


def _write(rows: list[object]) -> None:
    machine = {"machine": platform.machine(), "cores": os.cpu_count(), "python": platform.python_version()}
    RESULTS.write_text(
        json.dumps(machine | {"rows": [vars(row) for row in rows]}, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
