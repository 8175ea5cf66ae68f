"""What Kindling costs, as figures and ratios from one run: `python -m tests.benchmarks`."""
