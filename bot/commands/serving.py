"""A web server inside our own loop, stopped by our own signals."""

import asyncio
import contextlib
import signal
import socket
from collections.abc import AsyncIterator, Iterator

import uvicorn
from starlette.applications import Starlette

GRACE_SECONDS = 5


class Server(uvicorn.Server):
    """A uvicorn server that leaves the signals to us."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signal handlers as they are."""
        yield


@contextlib.asynccontextmanager
async def web_server(app: Starlette, sock: socket.socket) -> AsyncIterator[Server]:
    """Serve an application on a bound socket for the length of the block."""
    config = uvicorn.Config(
        app, log_config=None, access_log=False, lifespan="off", timeout_graceful_shutdown=GRACE_SECONDS,
        timeout_keep_alive=10, server_header=False,
    )  # fmt: skip
    server = Server(config)
    task = asyncio.create_task(server.serve(sockets=[sock]))
    # uvicorn has a flag for having started, and no event.
    while not server.started and not task.done():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    try:
        yield server
    finally:
        server.should_exit = True
        await task


def bind(host: str, port: int) -> socket.socket:
    """A listening socket.

    Raises `OSError` when the address is taken or not ours.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind((host, port))
        sock.listen(512)
    except OSError:
        sock.close()
        raise
    return sock


async def until_stopped() -> None:
    """Wait for SIGTERM or SIGINT; the second one ends the process at once."""
    stopped = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopped.is_set():
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            signal.raise_signal(signal.SIGTERM)
        stopped.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    await stopped.wait()
