"""What the documentation says is there, and what is there is documented."""

import re
from pathlib import Path

import pytest

from bot.cli import COMMANDS, GROUPS
from bot.conversation.router import COMMANDS as CHAT_COMMANDS
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
ALL = "\n".join(page.read_text(encoding="utf-8") for page in PAGES)


@pytest.mark.parametrize("name", sorted(Settings.model_fields))
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name.upper()}`" in ALL


@pytest.mark.parametrize(
    "name", [*COMMANDS, *(f"{group} {name}" for group, (_, table) in GROUPS.items() for name in table)]
)
def test_every_command_is_documented(name: str) -> None:
    assert f"`{name}`" in ALL


@pytest.mark.parametrize("name", sorted(CHAT_COMMANDS.keys() - {"claim"}))
def test_every_chat_command_is_documented(name: str) -> None:
    assert f"`/{name}`" in ALL


def test_every_command_in_the_pages_exists() -> None:
    for words in re.findall(r"^\./run ([a-z-]+)(?: ([a-z-]+))?", ALL, re.MULTILINE):
        first, second = words
        assert first in {*COMMANDS, *GROUPS, "test", "lint", "setup"}
        assert first not in GROUPS or second in GROUPS[first][1]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_inside_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)", page.read_text(encoding="utf-8")):
        assert "://" in target or (page.parent / target).exists(), target


def test_the_readme_opens_with_the_two_commands() -> None:
    block = re.search(r"```sh\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    assert block is not None
    assert [line.split("#")[0].strip() for line in block[1].strip().splitlines()] == ["./run", "./run test"]
