"""A person at a terminal chats with a bot through the stand-in."""

import re
import subprocess
import sys
import urllib.parse
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_a_person_can_chat_at_the_terminal() -> None:
    command = [sys.executable, "-m", "tests.platforms.telegram", "--port", "0", "--token", "7:T", "--name", "Ida"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT) as terminal:
        assert terminal.stdin is not None
        assert terminal.stdout is not None
        found = re.search(r"http://\S+:\d+", terminal.stdout.readline())
        assert found is not None

        def ask(method: str, **params: object) -> str:
            query = urllib.parse.urlencode(params)
            with urllib.request.urlopen(f"{found.group()}/bot7:T/{method}?{query}", timeout=10) as answer:
                return str(answer.read())

        terminal.stdin.write("hello bot\n")
        terminal.stdin.flush()
        heard = ask("getUpdates", timeout=10)
        assert "hello bot" in heard
        assert "Ida" in heard
        chat = re.search(r'"chat": {"id": (\d+)', heard)
        number = re.search(r'"update_id": (\d+)', heard)
        assert chat is not None
        assert number is not None
        markup = '{"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}'
        ask("sendMessage", chat_id=chat.group(1), text="hello Ida", reply_markup=markup)
        lines = list(iter(terminal.stdout.readline, "     [1] Yes\n"))
        assert lines[-1] == "bot: hello Ida\n"
        terminal.stdin.write("/press 1\n/block\n")
        terminal.stdin.flush()
        assert '"data": "y"' in ask("getUpdates", offset=int(number.group(1)) + 1, timeout=10)
        terminal.stdin.write("/quit\n")
        terminal.stdin.flush()
        assert terminal.wait(10) == 0
