"""`python -m tests.benchmarks [--only delivery] [--sizes 10000,100000]`: every figure, from one run on this machine."""

import argparse
from collections.abc import Callable, Iterator

from tests.benchmarks import delivery, fleet, hooks, jobqueue, planning, slack, updates

PARTS: dict[str, Callable[[int], Iterator[tuple[str, str]]]] = {
    "planning": planning.figures,
    "jobqueue": jobqueue.figures,
    "updates": updates.figures,
    "slack": slack.figures,
    "hooks": hooks.figures,
}


def main() -> None:
    """Print the figures for each size, then those of delivery for each rate, then those of several processes."""
    words = argparse.ArgumentParser()
    words.add_argument("--sizes", default="10000,100000")
    words.add_argument("--rates", default="30:8,1000:128", help="messages a second : lanes")
    words.add_argument("--only", default="", help=f"one of {', '.join(PARTS)}, delivery, fleet")
    asked = words.parse_args()
    parts = {name: part for name, part in PARTS.items() if asked.only in ("", name)}
    for size in map(int, asked.sizes.split(",") if parts else []):
        for part in parts.values():
            show(f"{size:,} subscribers", part(size))
    if asked.only in ("", "delivery"):
        for rate, lanes in (map(int, pair.split(":")) for pair in asked.rates.split(",")):
            show("Delivery", delivery.figures(rate, lanes))
    if asked.only in ("", "fleet"):
        show("Several processes on one PostgreSQL", fleet.figures())


def show(title: str, figures: Iterator[tuple[str, str]]) -> None:
    """Print figures as they come."""
    print(f"\n{title}")
    for name, value in figures:
        print(f"  {name:<48} {value}", flush=True)


if __name__ == "__main__":
    main()
