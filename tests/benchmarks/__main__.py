"""`python -m tests.benchmarks [--only delivery] [--sizes 10000,100000]`: every figure, from one run on this machine."""

import argparse
from collections.abc import Callable, Iterator

from tests.benchmarks import delivery, jobqueue, planning, slack, updates

PARTS: dict[str, Callable[[int], Iterator[tuple[str, str]]]] = {
    "planning": planning.figures,
    "jobqueue": jobqueue.figures,
    "updates": updates.figures,
    "slack": slack.figures,
}


def main() -> None:
    """Print the figures for each size, then those of delivery for each rate."""
    words = argparse.ArgumentParser()
    words.add_argument("--sizes", default="10000,100000")
    words.add_argument("--rates", default="30:8,1000:128", help="messages a second : lanes")
    words.add_argument("--only", default="", help=f"one of {', '.join(PARTS)}, delivery")
    asked = words.parse_args()
    parts = {name: part for name, part in PARTS.items() if asked.only in ("", name)}
    for size in map(int, asked.sizes.split(",") if parts else []):
        print(f"\n{size:,} subscribers")
        for part in parts.values():
            for name, value in part(size):
                print(f"  {name:<48} {value}", flush=True)
    if asked.only in ("", "delivery"):
        print("\nDelivery")
        for rate, lanes in (map(int, pair.split(":")) for pair in asked.rates.split(",")):
            for name, value in delivery.figures(rate, lanes):
                print(f"  {name:<48} {value}", flush=True)


if __name__ == "__main__":
    main()
