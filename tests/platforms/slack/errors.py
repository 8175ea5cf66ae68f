"""The refusals of the Web API, in Slack's words."""

from typing import Any


class RefusedError(Exception):
    """A call is refused; `more` lands beside `ok` and `error` in the answer."""

    def __init__(self, error: str, *, status: int = 200, retry_after: int | None = None, **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.status = status
        self.retry_after = retry_after
        self.more = more

    def as_json(self) -> dict[str, Any]:
        """Return the body of the answer."""
        return {"ok": False, "error": self.error, **self.more}


def invalid(error: str, *problems: str) -> RefusedError:
    """Return a refusal that lists what is wrong."""
    lines = [f"[ERROR] {problem}" for problem in problems]
    return RefusedError(error, errors=list(problems), response_metadata={"messages": lines})


def missing_scope(needed: str, provided: list[str]) -> RefusedError:
    """Return the refusal for a token that may not do this."""
    return RefusedError("missing_scope", needed=needed, provided=",".join(provided))
