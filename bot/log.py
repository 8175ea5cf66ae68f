"""Structured logs, one line an event, with every secret taken out."""

import contextlib
import logging
import re
import sys
from collections.abc import Iterable
from typing import Any, TextIO

import structlog

SHAPES = re.compile(
    r"\d{6,}:[A-Za-z0-9_-]{30,}|xox[abeprs]-[A-Za-z0-9-]+|xapp-[A-Za-z0-9-]+|whsec_\w+|sk_(?:live|test)_\w+"
)
MASK = "[secret]"
QUIET = (
    "httpx", "httpcore", "telegram", "slack_sdk", "aiohttp.access", "uvicorn.access", "apscheduler", "aiosqlite",
    "procrastinate", "psycopg",
    "alembic",
)  # fmt: skip


class Redact(logging.Filter):
    """Takes secrets out of a finished log line, by their shape and by their actual value."""

    def __init__(self, values: Iterable[str]) -> None:
        super().__init__()
        self.values = sorted({value for value in values if len(value) >= 6}, key=len, reverse=True)

    def clean(self, words: str) -> str:
        """The same words with every secret masked."""
        for value in self.values:
            words = words.replace(value, MASK)
        return SHAPES.sub(MASK, words)

    def filter(self, record: logging.LogRecord) -> bool:
        """Mask secrets in the record's message and traceback."""
        record.msg = self.clean(record.getMessage())
        record.args = None
        if record.exc_info:
            record.exc_text = self.clean(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


class Unfailing:
    """A stream whose full disk, or whose reader that went away, ends nothing: a line of the log is lost."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, words: str) -> int:
        """Write what can be written."""
        with contextlib.suppress(OSError):
            self._stream.write(words)
        return len(words)

    def flush(self) -> None:
        """Hand over what can be handed over."""
        with contextlib.suppress(OSError):
            self._stream.flush()


def configure(style: str, secrets: Iterable[str] = (), level: int = logging.INFO) -> Redact:
    """Send all logs, ours and the libraries', to standard error in one style, without secrets."""
    redact = Redact(secrets)

    def mask(_logger: object, _name: str, event: Any) -> Any:
        return redact.clean(event) if isinstance(event, str) else event

    json = style == "json"
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    last: Any = (
        structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, last, mask],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(Unfailing(sys.stderr)),  # type: ignore[arg-type]
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(redact)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(processors=[_forget_record, last], foreign_pre_chain=shared[1:])
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    return redact


def _forget_record(logger: object, name: str, event: Any) -> Any:
    return structlog.stdlib.ProcessorFormatter.remove_processors_meta(logger, name, event)
