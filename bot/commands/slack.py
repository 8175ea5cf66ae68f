"""`kindling slack manifest`: what Slack must know of the app, ready to paste."""

import json
from typing import Annotated, Literal

import typer
import yaml

from bot import settings as settings_module
from bot.channels.slack import manifest as manifests
from bot.wording import menu
from bot.wording.tongue import nearest

Mode = Literal["auto", "socket", "http"]
Form = Literal["json", "yaml"]


def manifest(
    mode: Annotated[Mode, typer.Option(help="socket, http, or auto: http when there is a public address.")] = "auto",
    url: Annotated[str, typer.Option(help="The public address, instead of KINDLING_PUBLIC_URL.")] = "",
    name: Annotated[str, typer.Option(help="What the app is called in Slack.")] = "Kindling",
    lang: Annotated[str, typer.Option(help="The language of descriptions: en, es or de.")] = "en",
    form: Annotated[Form, typer.Option("--format", help="Slack takes both.")] = "json",
) -> None:
    """Print the app's manifest for this host and way in."""
    public = (url or settings_module.read().kindling_public_url).rstrip("/")
    if mode == "http" and not public:
        raise typer.BadParameter("requests need a public address: set KINDLING_PUBLIC_URL, or give --url https://…")
    if mode != "socket" and public and not public.startswith("https://"):
        raise typer.BadParameter(f"Slack calls https addresses only, not {public}")
    if not 1 <= len(name.strip()) <= manifests.NAME_AT_MOST:
        raise typer.BadParameter(f"a name has 1 to {manifests.NAME_AT_MOST} characters", param_hint="--name")
    language = nearest(lang)
    made = manifests.manifest(name.strip(), "" if mode == "socket" else public, menu.entries(language), language)
    if form == "json":
        typer.echo(json.dumps(made, ensure_ascii=False, indent=2))
    else:
        typer.echo(yaml.safe_dump(made, allow_unicode=True, sort_keys=False, width=120).rstrip())
