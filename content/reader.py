"""YAML to a plain tree that knows where each node stands; with `syntax` the only user of the YAML library.

Plain scalars are read by YAML 1.2's core schema, so that `no`, `18:30` and `2026-06-01` stay words. The events are
walked first, because the library's composer dies on deep nesting and hangs on aliases; composing only follows when
nothing is too deep, too many, aliased or tagged.
"""

import re
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import yaml
from yaml.events import AliasEvent, DocumentStartEvent, MappingStartEvent, ScalarEvent, SequenceStartEvent

from content import hidden, syntax
from content.problems import Problem
from content.syntax import Place, place_of

BYTES_AT_MOST = 1_000_000
DEPTH_AT_MOST = 40
NODES_AT_MOST = 50_000
INTEGER_AT_MOST = 2**31 - 1
HIDDEN_TOLD_AT_MOST = 100

Path = tuple[str | int, ...]

TRUE, FALSE, NULL = {"true", "True", "TRUE"}, {"false", "False", "FALSE"}, {"", "~", "null", "Null", "NULL"}
INTEGER = re.compile(r"[-+]?[0-9]+", re.ASCII)
OTHER_INTEGER = re.compile(r"0x[0-9a-fA-F]+|0o[0-7]+", re.ASCII)
FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?", re.ASCII)
BREAKING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]|\r(?!\n)")
"""Letters that YAML refuses, or counts lines by and we do not."""
TAG_DIRECTIVE = re.compile("^%TAG", re.MULTILINE)
"""The library takes minutes over many of them."""
YAML_TAG = "tag:yaml.org,2002:"
PLAIN_STYLES = (None, "", ":")


@dataclass(slots=True)
class Tree:
    """A document as plain data. `values` tells where the value at a path stands, `keys` where its key does."""

    data: Any = None
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path, *, of_key: bool = False) -> Place:
        """Where a path stands, or the nearest thing above it that is there."""
        first, second = (self.keys, self.values) if of_key else (self.values, self.keys)
        while path:
            if path in first:
                return first[path]
            if path in second:
                return second[path]
            path = path[:-1]
        return self.values.get((), (1, 1))


class RefusedError(Exception):
    """A document that is not read any further."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place
        self.message = message


def read(raw: bytes, file: str) -> tuple[Tree, list[Problem]]:
    """Read one YAML document; whatever is wrong with it is returned, nothing is raised."""
    try:
        text = _decode(raw)
    except RefusedError as refusal:
        return Tree(), [Problem(file, *refusal.place, refusal.message)]
    trail: deque[yaml.Event] = deque(maxlen=2)
    try:
        _walk(text, trail)
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
        builder = Builder(file, text=text)
        if node is None:
            raise RefusedError((1, 1), "the file is empty; a pack begins with `pack: its-name`")
        builder.look_for_hidden()
        builder.tree.data = builder.build(node, ())
    except RefusedError as refusal:
        return Tree(), [Problem(file, *refusal.place, refusal.message)]
    except yaml.MarkedYAMLError as error:
        place, message = syntax.told(error, trail, text)
        return Tree(), [Problem(file, *place, message)]
    except yaml.YAMLError as error:
        return Tree(), [Problem(file, *_reader_place(text, error), "a character that YAML does not allow here")]
    return builder.tree, builder.problems


def _decode(raw: bytes) -> str:
    if len(raw) > BYTES_AT_MOST:
        raise RefusedError((1, 1), f"the file is larger than 1 MB ({len(raw):,} bytes); split it or shorten it")
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise RefusedError((1, 1), "the file is UTF-16; save it as UTF-8")
    body = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError as error:
        head = body[: error.start].decode("utf-8")
        raise RefusedError(_end_of(head), "a byte that is not UTF-8; save the file as UTF-8") from None
    if found := BREAKING.search(text):
        code = f"U+{ord(found[0]):04X}"
        raise RefusedError(_end_of(text[: found.start()]), f"an invisible control character ({code}); remove it")
    if found := TAG_DIRECTIVE.search(text):
        raise RefusedError(_end_of(text[: found.start()]), "a tag directive (`%TAG`); remove it")
    return text


def _end_of(head: str) -> Place:
    line = head.count("\n") + 1
    return line, len(head) - (head.rfind("\n") + 1) + 1


def _walk(text: str, trail: deque[yaml.Event]) -> None:
    """Look at the events one by one and stop at the first thing that may not be composed."""
    depth = nodes = documents = 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        trail.append(event)
        place = place_of(event.start_mark)
        nodes += isinstance(event, ScalarEvent | MappingStartEvent | SequenceStartEvent)
        documents += isinstance(event, DocumentStartEvent)
        depth += _step(event)
        _refuse_special(event, place)
        if depth > DEPTH_AT_MOST:
            raise RefusedError(place, f"nested deeper than {DEPTH_AT_MOST} levels")
        if nodes > NODES_AT_MOST:
            raise RefusedError(place, f"more than {NODES_AT_MOST:,} entries; split the pack")
        if documents > 1:
            raise RefusedError(place, "a second document begins here (`---`); one file holds one pack")


def _step(event: yaml.Event) -> int:
    if isinstance(event, yaml.CollectionStartEvent):
        return 1
    return -1 if isinstance(event, yaml.CollectionEndEvent) else 0


def _refuse_special(event: yaml.Event, place: Place) -> None:
    anchor = getattr(event, "anchor", None)
    if isinstance(event, AliasEvent):
        raise RefusedError(place, f"an alias (`*{anchor}`); write the words out instead")
    if anchor:
        raise RefusedError(place, f"an anchor (`&{anchor}`); write the words out instead")
    tag = getattr(event, "tag", None)
    if tag:
        told = str(tag).replace(YAML_TAG, "!!")
        raise RefusedError(place, f"a tag (`{told}`); packs hold plain text, numbers, lists and maps only")


@dataclass
class Builder:
    """Turns composed nodes into plain data, noting places, and every problem on the way."""

    file: str
    text: str = ""
    tree: Tree = field(default_factory=Tree)
    problems: list[Problem] = field(default_factory=list)

    def look_for_hidden(self) -> None:
        """Note every letter of the file that hides or misleads, where it stands."""
        for offset, message in islice(hidden.found_in(self.text), HIDDEN_TOLD_AT_MOST):
            self._note(_end_of(self.text[:offset]), message)

    def build(self, node: yaml.Node, path: Path) -> Any:
        """The plain value of a node."""
        self.tree.values[path] = place_of(node.start_mark)
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, number)) for number, child in enumerate(node.value)]
        return self._scalar(node) if isinstance(node, yaml.ScalarNode) else None

    def _mapping(self, node: yaml.MappingNode, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        first: dict[str, Place] = {}
        for key_node, value_node in node.value:
            place = place_of(key_node.start_mark)
            key = self._key(key_node, place)
            if key is None:
                continue
            if key in first:
                self._note(place, f"duplicate key '{key}'; it stands in line {first[key][0]} already")
                continue
            first[key] = place
            self.tree.keys[*path, key] = place
            found[key] = self.build(value_node, (*path, key))
        return found

    def _key(self, node: yaml.Node, place: Place) -> str | None:
        if not isinstance(node, yaml.ScalarNode):
            self._note(place, "a key must be a word")
            return None
        if node.value == "<<" and node.style in PLAIN_STYLES:
            self._note(place, "a merge key (`<<`); write the entries out instead")
            return None
        if node.style in PLAIN_STYLES and not isinstance(plain_value(node.value, lambda _: None), str):
            self._note(place, f"a key must be a word; put '{node.value[:20]}' in quotes if it is one")
        return str(node.value)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        if node.style not in PLAIN_STYLES:
            self._look_for_escaped(node)
            return node.value
        return plain_value(node.value, lambda message: self._note(place_of(node.start_mark), message))

    def _look_for_escaped(self, node: yaml.ScalarNode) -> None:
        # Written as an escape, "\\u202e", it is nowhere in the file and yet in the words.
        if node.style == '"' and "\\" in self.text[node.start_mark.index : node.end_mark.index]:
            for _, message in list(hidden.found_in(node.value))[:1]:
                self._note(place_of(node.start_mark), message)

    def _note(self, place: Place, message: str) -> None:
        self.problems.append(Problem(self.file, *place, message))


def plain_value(words: str, note: Callable[[str], None]) -> Any:
    """What a plain scalar means by YAML 1.2's core schema."""
    if words in NULL:
        return None
    if words in TRUE or words in FALSE:
        return words in TRUE
    if INTEGER.fullmatch(words) or OTHER_INTEGER.fullmatch(words):
        if len(words) > 12 or abs(value := _integer(words)) > INTEGER_AT_MOST:
            note(f"a number larger than {INTEGER_AT_MOST:,}; put it in quotes if it is a word")
            return 0
        return value
    if FLOAT.fullmatch(words) and len(words) < 40:
        return float(words)
    return words


def _integer(words: str) -> int:
    return int(words, 0) if OTHER_INTEGER.fullmatch(words) else int(words)


def _reader_place(text: str, error: yaml.YAMLError) -> Place:
    position = getattr(error, "position", None)
    if not isinstance(position, int):
        return (1, 1)
    return _end_of(text[:position])
