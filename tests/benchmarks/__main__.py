"""`python -m tests.benchmarks [--sizes 10000,100000]`: every figure, from one run on this machine."""

import argparse

from tests.benchmarks import planning, slack, updates


def main() -> None:
    """Print the figures for each size."""
    words = argparse.ArgumentParser()
    words.add_argument("--sizes", default="10000,100000")
    sizes = [int(size) for size in words.parse_args().sizes.split(",")]
    for size in sizes:
        print(f"\n{size:,} subscribers")
        for name, value in (*planning.figures(size), *updates.figures(size), *slack.figures(size)):
            print(f"  {name:<40} {value}")


if __name__ == "__main__":
    main()
