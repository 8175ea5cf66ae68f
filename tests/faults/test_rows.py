"""The fault matrix is complete, and what it points to is there."""

import ast
from pathlib import Path

import pytest

from tests.faults.rows import ROWS

ROOT = Path(__file__).parents[2]
LEFT = {
    "D3": "a power cut: SQLite's synchronous=FULL is trusted, no device that forgets stands here",
    "D5": "an input/output error: only a traced process could show it",
    "D12": "a pool run dry, a deadlock, a failover: no test of their own",
    "D19": "an erasure while a message flies: shown by no test of its own",
    "D22": "a memory limit: exports stream, and no test limits them",
}
"""Rows on data that no test shows yet, and why."""


def test_every_row_has_its_test() -> None:
    wanted = [f"T{n}" for n in range(1, 35)] + [f"C{n}" for n in range(1, 15)] + [f"D{n}" for n in range(1, 24)]

    assert sorted(ROWS.keys() | LEFT.keys()) == sorted(wanted)


@pytest.mark.parametrize("place", sorted({place for places in ROWS.values() for place in places}))
def test_what_a_row_points_to_is_there(place: str) -> None:
    file, _, name = place.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
