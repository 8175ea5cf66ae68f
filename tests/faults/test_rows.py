"""The fault matrix is complete, and what it points to is there."""

import ast
from pathlib import Path

import pytest

from tests.faults.rows import ROWS

ROOT = Path(__file__).parents[2]


def test_every_row_has_its_test() -> None:
    wanted = [f"T{n}" for n in range(1, 35)] + [f"C{n}" for n in range(1, 15)] + [f"D{n}" for n in range(1, 24)]

    assert sorted(ROWS) == sorted(wanted)


@pytest.mark.parametrize("place", sorted({place for places in ROWS.values() for place in places}))
def test_what_a_row_points_to_is_there(place: str) -> None:
    file, _, name = place.partition("::")
    tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))

    assert name in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}
