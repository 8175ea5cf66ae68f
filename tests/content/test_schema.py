"""The schema that editors use: every key explained, and what the packs hold is taken."""

import re
from typing import Any

from content.schema import MEANINGS, json_schema

SCHEMA = json_schema()
SHAPES: dict[str, dict[str, Any]] = {"Pack": SCHEMA} | SCHEMA["$defs"]


def test_every_key_is_explained_and_nothing_else() -> None:
    assert {name: set(shape["properties"]) for name, shape in SHAPES.items()} == {
        name: set(meanings) for name, meanings in MEANINGS.items()
    }


def test_no_other_key_is_taken() -> None:
    assert all(shape["additionalProperties"] is False for shape in SHAPES.values())


def test_days_may_be_written_as_people_write_them() -> None:
    within = SHAPES["Reach"]["properties"]["within"]["anyOf"][0]["anyOf"]

    assert {"type": "integer"} in within
    assert any(re.fullmatch(way.get("pattern", ""), "60d") for way in within)
