"""The pack's shape as JSON Schema, for editors that complete and check while one writes."""

from typing import Any

from content.model import Pack


def json_schema() -> dict[str, Any]:
    """JSON Schema (draft 2020-12) of a pack in YAML."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **Pack.model_json_schema(by_alias=True),
        "title": "Kindling content pack",
    }
