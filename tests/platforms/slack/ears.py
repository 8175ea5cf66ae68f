"""What people hear: the messages they can see, each version once."""

import time
from collections.abc import Callable

from tests.platforms.slack.messages import Message
from tests.platforms.slack.stage import Stage


class Ears:
    """Somebody or some place where messages are seen."""

    def __init__(self, stage: Stage, title: str) -> None:
        self._stage = stage
        self._title = title
        self._heard: set[tuple[str, int]] = set()

    def can_see(self) -> list[Message]:
        """Return the visible messages, oldest first."""
        raise NotImplementedError

    def is_own(self, message: Message) -> bool:
        """Return whether a message is one's own, which is never news."""
        return False

    @property
    def messages(self) -> list[Message]:
        """Return all messages that can be seen, newest last."""
        with self._stage.world.lock:
            return self.can_see()

    @property
    def last(self) -> Message:
        """Return the newest message."""
        return self.messages[-1]

    @property
    def news(self) -> list[Message]:
        """Return what was not heard yet, as it stands now."""
        return [each for each in self.messages if not self.is_own(each) and self._key(each) not in self._heard]

    def hears(self, part: str, timeout: float = 5) -> Message:
        """Wait for a message, new or changed, that contains these words."""
        found = self._stage.wait(lambda: self._find(part), timeout, lambda: self._problem(part))
        assert found is not None
        self._heard.add(self._key(found))
        return found

    def hears_nothing(self, seconds: float = 0.3) -> None:
        """Check that nothing comes for a while."""
        until = time.monotonic() + seconds
        over: Callable[[], bool] = lambda: bool(self.news) or time.monotonic() >= until  # noqa: E731
        self._stage.wait(over, seconds + 1, lambda: "time stands still")
        assert not self.news, f"heard {self.news}"

    def listens(self) -> None:
        """Take everything so far as heard."""
        self._heard |= {self._key(each) for each in self.messages}

    def _find(self, part: str) -> Message | None:
        return next((each for each in self.news if each.contains(part)), None)

    def _problem(self, part: str) -> str:
        return f"{part!r} not heard by {self._title} among {self.messages[-10:]}, {self._stage.world.last_calls()}"

    @staticmethod
    def _key(message: Message) -> tuple[str, int]:
        return message.ts, message.version
