"""What the hub needs of the database, as awaitable questions."""

from datetime import datetime

from storage import addresses, workspaces
from storage.store import Store
from storage.workspaces import Install


class Records:
    """Installs, known people, workspaces that left."""

    def __init__(self, store: Store, secret: str) -> None:
        self._store = store
        self._secret = secret

    async def installs(self, client: str, owner: str = "") -> list[Install]:
        """The newest install of each workspace, or of one."""
        return await self._store.read(workspaces.installs, client, self._secret, owner) if client else []

    async def known(self, account: str, people: list[str]) -> set[str]:
        """Which of these people of an account we have met."""
        return await self._store.write(addresses.known, account, people)

    async def leave(self, client: str, owner: str, account: str, now: datetime) -> None:
        """Note that a workspace removed us, and erase its tokens."""
        await self._store.write(workspaces.forget_tokens, client, owner)
        await self._store.write(workspaces.leave, account, now)
        await self._store.settle()

    async def come_back(self, account: str) -> None:
        """Note that a workspace has us again."""
        await self._store.write(workspaces.come_back, account)
