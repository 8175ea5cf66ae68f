"""One delivery of Slack, by either way in: whose it is, what makes it the same one twice, how it is answered."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import parse_qs

Kind = Literal["event", "command", "press", "form", "closed", "other"]
_KINDS: Mapping[str, Kind] = {
    "block_actions": "press",
    "shortcut": "press",
    "message_action": "press",
    "view_submission": "form",
    "view_closed": "closed",
}
FIELDS_AT_MOST = 100


@dataclass(frozen=True, slots=True)
class Envelope:
    """A delivery: `owner` is the workspace (or the organization, when the app was installed for all of it), `key`
    what it is known by when it is delivered again, `raw` its JSON as the inbox keeps it.
    """

    kind: Kind
    owner: str
    key: str
    tree: Mapping[str, Any]
    raw: str

    @property
    def event_type(self) -> str:
        """The type of an event; empty for everything else."""
        event = self.tree.get("event")
        return str(event.get("type", "")) if self.kind == "event" and isinstance(event, dict) else ""

    @property
    def response_url(self) -> str:
        """Where a word can be said to the person past everything else."""
        found = self.tree.get("response_url")
        return found if isinstance(found, str) else ""

    @property
    def first_field(self) -> str:
        """The first field of a form that was handed in; empty when it has none."""
        found = _inner(self.tree, "view").get("blocks")
        blocks = [block for block in found if isinstance(block, dict)] if isinstance(found, list) else []
        return next((str(block.get("block_id", "")) for block in blocks if block.get("type") == "input"), "")


def from_body(content_type: str, body: bytes) -> Mapping[str, Any] | None:
    """The tree in a request's body: JSON, a form with a `payload`, or a slash command's form; None when it is odd."""
    try:
        words = body.decode("utf-8")
        if content_type.partition(";")[0].strip() == "application/json":
            tree = json.loads(words)
        else:
            fields = {name: values[0] for name, values in parse_qs(words, max_num_fields=FIELDS_AT_MOST).items()}
            tree = json.loads(fields["payload"]) if "payload" in fields else fields
    except (ValueError, RecursionError):
        return None
    return tree if isinstance(tree, dict) else None


def sort(tree: Mapping[str, Any]) -> Envelope:
    """Find out what a delivery is."""
    raw = json.dumps(tree, separators=(",", ":"))
    return Envelope(_kind(tree), _owner(tree), _key(tree, raw), tree, raw)


def _kind(tree: Mapping[str, Any]) -> Kind:
    if tree.get("type") == "event_callback":
        return "event"
    if "type" not in tree and isinstance(tree.get("command"), str):
        return "command"
    return _KINDS.get(str(tree.get("type")), "other")


def _owner(tree: Mapping[str, Any]) -> str:
    if _is_true(tree.get("is_enterprise_install")) or _authorized(tree).get("is_enterprise_install") is True:
        return (
            _id(tree.get("enterprise")) or _id(tree.get("enterprise_id")) or _id(_authorized(tree).get("enterprise_id"))
        )
    own = _id(_authorized(tree).get("team_id"))
    return own or _id(tree.get("team")) or _id(tree.get("team_id")) or _id(_inner(tree, "user").get("team_id"))


def _is_true(found: object) -> bool:
    return found is True or found == "true"


def _authorized(tree: Mapping[str, Any]) -> Mapping[str, Any]:
    found = tree.get("authorizations")
    first = found[0] if isinstance(found, list) and found else None
    return first if isinstance(first, dict) else {}


def _inner(tree: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = tree.get(name)
    return found if isinstance(found, dict) else {}


def _id(found: object) -> str:
    if isinstance(found, dict):
        found = found.get("id")
    return found if isinstance(found, str) and found.isascii() and found.isalnum() and len(found) <= 32 else ""


def _key(tree: Mapping[str, Any], raw: str) -> str:
    """Slack's own id of a delivery, else what is particular to it: nothing but events is ever delivered again."""
    for name in ("event_id", "trigger_id"):
        found = tree.get(name)
        if isinstance(found, str) and 0 < len(found) <= 90:
            return found
    return f"sha:{hashlib.sha256(raw.encode()).hexdigest()[:40]}"
