"""How the platform refuses a call."""

from typing import Any


class RefusedError(Exception):
    """The platform refuses this call."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(f"{code} {description}")
        self.code = code
        self.description = description
        self.parameters = parameters

    def as_json(self) -> dict[str, Any]:
        """Return the body the platform answers with."""
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        if self.parameters:
            body["parameters"] = self.parameters
        return body


def bad_request(text: str, **parameters: Any) -> RefusedError:
    """Return the refusal of a call that asks for something impossible."""
    return RefusedError(400, f"Bad Request: {text}", **parameters)


def forbidden(text: str) -> RefusedError:
    """Return the refusal of a call to somebody who does not want it."""
    return RefusedError(403, f"Forbidden: {text}")


def conflict(text: str) -> RefusedError:
    """Return the refusal of a poll that stands in another's way."""
    return RefusedError(409, f"Conflict: {text}")


def too_many(seconds: int) -> RefusedError:
    """Return the refusal of a call that came too early."""
    return RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
