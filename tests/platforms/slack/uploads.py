"""Files: a URL to upload to, then the message that shows them."""

from typing import Any
from urllib.parse import quote

from tests.platforms.slack.chat import compose
from tests.platforms.slack.errors import RefusedError, invalid
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.places import address
from tests.platforms.slack.world import Json, Team, World


def get_url(world: World, team: Team, asked: Asked) -> Json:
    """Serve files.getUploadURLExternal."""
    name, length = asked.required("filename"), asked.required("length")
    if not length.isdigit() or int(length) < 1:
        raise RefusedError("missing_argument")
    id_ = world.number("F")
    world.files[id_] = {"id": id_, "name": name, "title": name, "size": int(length), "team": team.id, "data": None}
    world.files[id_]["alt_txt"] = asked.text("alt_txt")
    return {"upload_url": f"{world.url}/upload/v1/{id_}", "file_id": id_}


def take(world: World, id_: str, data: bytes) -> bool:
    """Keep what was uploaded; return whether it was expected and complete."""
    with world.lock:
        file = world.files.get(id_)
        if file is None or file["data"] is not None or len(data) != file["size"]:
            return False
        file["data"] = data
        return True


def complete(world: World, team: Team, asked: Asked) -> Json:
    """Serve files.completeUploadExternal."""
    given: Any = asked.tree("files")
    if not isinstance(given, list) or not given:
        raise invalid("invalid_arguments", "missing required field: files")
    files = [_uploaded(world, team, each) for each in given]
    where = asked.text("channel_id") or asked.text("channels")
    if where:
        channel = address(world, team, where)
        inside: Json = {"text": asked.text("initial_comment"), "files": [_as_json(file) for file in files]}
        message = compose(world, team, channel, inside, thread_ts=asked.text("thread_ts"), subtype="file_share")
        world.post(channel, message)
    return {"files": [_as_json(file) for file in files]}


def info(world: World, team: Team, asked: Asked) -> Json:
    """Serve files.info."""
    file = world.files.get(asked.required("file"))
    if file is None or file["team"] != team.id:
        raise RefusedError("file_not_found")
    return {"file": _as_json(file)}


def share(world: World, team: Team, user: str, data: bytes, name: str, mimetype: str) -> Json:
    """Keep a file that a person shares; return it as its event tells it."""
    id_ = world.number("F")
    place = f"{world.url}/files-pri/{team.id}-{id_}"
    file: Json = {"id": id_, "created": int(world.clock.unix()), "timestamp": int(world.clock.unix()), "name": name}
    file |= {
        "title": name,
        "mimetype": mimetype,
        "filetype": name.rpartition(".")[2],
        "user": user,
        "user_team": team.id,
    }
    file |= {"size": len(data), "mode": "hosted", "is_external": False, "is_public": False, "editable": False}
    file |= {"url_private": f"{place}/{quote(name, safe='')}", "file_access": "visible"}
    file |= {"url_private_download": f"{place}/download/{quote(name, safe='')}", "team": team.id, "data": data}
    world.files[id_] = file | {"manner": ""}
    return _as_json(file)


def may_read(world: World, header: str, team_id: str) -> bool:
    """Return whether a request proves that it may see the files of a workspace."""
    token = header.removeprefix("Bearer ")
    team = world.teams[team_id]
    alive = header.startswith("Bearer ") and token == team.bot_token and token not in world.dead_tokens
    return alive and "files:read" in team.scopes


def _uploaded(world: World, team: Team, given: Json) -> Json:
    file = world.files.get(str(given.get("id")))
    if file is None or file["team"] != team.id or file["data"] is None:
        raise RefusedError("file_not_found")
    file["title"] = given.get("title") or file["title"]
    return file


def _as_json(file: Json) -> Json:
    return {key: value for key, value in file.items() if key not in ("data", "team", "manner")}
