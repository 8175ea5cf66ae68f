"""Words: which language to show, CommonMark as neutral spans, escaping, cleaning, shortening."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.token import Token

from content.model import Text

BlockKind = Literal["paragraph", "item", "quote", "code"]
BARE = re.compile(r"\bhttps?://[^\s<>\"\u00ab\u00bb]+", re.IGNORECASE)
LINK = re.compile(r"^(https?|tg)://", re.IGNORECASE)
SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>~&=])")
HIDDEN = re.compile(
    "[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\U000e0000-\U000e007f\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
)
MARKS_IN_A_ROW = 4
NAME_LENGTH = 64


@dataclass(frozen=True, slots=True)
class Span:
    """A run of letters of one look; a newline is a line break."""

    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    link: str | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a list item with its marker, a quoted paragraph, or code."""

    kind: BlockKind
    spans: tuple[Span, ...]
    marker: str = ""


def choose(text: Text, language: str, fallback: str) -> str:
    """The words in a language, else in its base language, else in the pack's first one, else in any."""
    if isinstance(text, str):
        return text
    for wished in (language, language.partition("-")[0], fallback):
        if wished in text:
            return text[wished]
    return next(iter(text.values()), "")


def utf16(words: str) -> int:
    """The length in UTF-16 units, as the platforms count."""
    return len(words) + sum(1 for letter in words if ord(letter) > 0xFFFF)


def escape(words: str) -> str:
    """Words on one line, kept from being read as CommonMark."""
    return SPECIAL.sub(r"\\\1", " ".join(words.splitlines()).strip())


def clean(words: str) -> str:
    """What people type, without what hides or misleads: NFC, no control, no bidi override, no invisible letters."""
    composed = unicodedata.normalize("NFC", words.replace("\r\n", "\n").replace("\r", "\n"))
    kept, marks = [], 0
    for letter in HIDDEN.sub("", composed):
        marks = marks + 1 if unicodedata.combining(letter) else 0
        if marks <= MARKS_IN_A_ROW:
            kept.append(letter)
    return "".join(kept)


def isolate(name: str) -> str:
    """A name cut to a decent length and kept from turning the words around it."""
    one_line = " ".join(clean(name).split())
    return f"\u2068{one_line[:NAME_LENGTH].rstrip()}\u2069"


def shorten(words: str, limit: int) -> str:
    """Words cut at a space, with an ellipsis, to at most `limit` UTF-16 units."""
    if utf16(words) <= limit:
        return words
    if limit < 1:
        return ""
    kept, length = 0, 1
    for letter in words:
        length += utf16(letter)
        if length > limit:
            break
        kept += 1
    head = words[:kept]
    at_space = head.rsplit(None, 1)[0] if " " in head.strip() else head
    return (at_space if len(at_space) > len(head) // 2 else head).rstrip() + "…"


def plain(markdown: str) -> str:
    """The words alone, as a screen reader or a notification has them."""
    parts = []
    for block in document(markdown):
        words = "".join(span.text for span in block.spans)
        parts.append(f"{block.marker} {words}" if block.marker else words)
    return "\n".join(parts)


@lru_cache(maxsize=1024)
def document(markdown: str) -> tuple[Block, ...]:
    """CommonMark as blocks of spans; HTML stays literal, images become their words, only web links survive."""
    return tuple(_Reader().read(_parser().parse(markdown)))


def links(markdown: str) -> tuple[tuple[str, str], ...]:
    """Each link as its words and where it leads, whatever that is; bare addresses too, as platforms link them."""
    found: list[tuple[str, str]] = []
    for token in _parser(_Markdown).parse(markdown):
        found += _links_in(token.children or [])
    return tuple(found)


def _links_in(tokens: list[Token]) -> Iterator[tuple[str, str]]:
    target: str | None = None
    words = ""
    for token in tokens:
        if token.type == "link_open":
            target, words = str(token.attrs.get("href", "")), ""
        elif token.type == "link_close" and target is not None:
            yield words, target
            target = None
        elif target is not None:
            words += _words(token)
        elif token.type == "text":
            yield from (("", match[0].rstrip(".,;:!?)\u2019\u201d")) for match in BARE.finditer(token.content))


class _Markdown(MarkdownIt):
    """Reads every link as one, so that those which would not reach the chat can be told."""

    def validateLink(self, url: str) -> bool:  # noqa: N802 (the library's name)
        """Take any."""
        return url is not None


@lru_cache(maxsize=2)
def _parser(kind: type[MarkdownIt] = MarkdownIt) -> MarkdownIt:
    return kind("commonmark", {"html": False}).disable(["html_block", "html_inline"])


@dataclass
class _Reader:
    """Walks markdown-it's tokens once."""

    blocks: list[Block] = field(default_factory=list)
    lists: list[int | None] = field(default_factory=list)
    quotes: int = 0
    heading: bool = False
    first_of_item: bool = False

    def read(self, tokens: list[Token]) -> list[Block]:
        for token in tokens:
            self._take(token)
        return self.blocks

    def _take(self, token: Token) -> None:
        if token.type.endswith(("_list_open", "_list_close")):
            self._enter_or_leave_list(token)
            return
        match token.type:
            case "list_item_open":
                self.first_of_item = True
            case "blockquote_open" | "blockquote_close":
                self.quotes += 1 if token.nesting > 0 else -1
            case "heading_open" | "heading_close":
                self.heading = token.nesting > 0
            case "fence" | "code_block":
                self.blocks.append(Block("code", (Span(token.content.rstrip("\n"), code=True),)))
            case "inline":
                self._paragraph(spans_of(token.children or [], strong=self.heading))

    def _enter_or_leave_list(self, token: Token) -> None:
        if token.nesting < 0:
            self.lists.pop()
        else:
            self.lists.append(int(token.attrs.get("start", 1)) if token.type.startswith("ordered") else None)

    def _paragraph(self, spans: tuple[Span, ...]) -> None:
        if self.lists:
            self.blocks.append(Block("item", spans, self._marker()))
        else:
            self.blocks.append(Block("quote" if self.quotes else "paragraph", spans))

    def _marker(self) -> str:
        number = self.lists[-1]
        if not self.first_of_item:
            return ""
        self.first_of_item = False
        if number is None:
            return "•"
        self.lists[-1] = number + 1
        return f"{number}."


def spans_of(tokens: list[Token], *, strong: bool = False) -> tuple[Span, ...]:
    """Inline tokens as spans; neighbours of one look are joined."""
    found: list[Span] = []
    bold, slanted = int(strong), 0
    link: str | None = None
    for token in tokens:
        if token.type in ("strong_open", "strong_close"):
            bold += token.nesting
        elif token.type in ("em_open", "em_close"):
            slanted += token.nesting
        elif token.type == "link_open":
            target = str(token.attrs.get("href", ""))
            link = target if LINK.match(target) else None
        elif token.type == "link_close":
            link = None
        elif words := _words(token):
            span = Span(words, bold > 0, slanted > 0, token.type == "code_inline", link)
            found.append(span)
    return tuple(found)


def _words(token: Token) -> str:
    if token.type in ("softbreak", "hardbreak"):
        return "\n"
    if token.type == "image":
        return "".join(_words(child) for child in token.children or [])
    return token.content
