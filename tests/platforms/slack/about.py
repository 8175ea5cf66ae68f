"""The methods about who is who: auth, users, bots and the workspace."""

from tests.platforms.slack.conversations import page_of
from tests.platforms.slack.errors import RefusedError
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.places import user_in
from tests.platforms.slack.world import Json, Team, User, World


def auth_test(world: World, team: Team, asked: Asked) -> Json:
    """Serve auth.test."""
    about = {"url": f"https://{team.domain}.slack.com/", "team": team.name, "user": "kindling", "team_id": team.id}
    grid = {"enterprise_id": team.enterprise} if team.enterprise else {}
    return about | {"user_id": team.bot_user, "bot_id": team.bot_id, "is_enterprise_install": False} | grid


def revoke(world: World, team: Team, asked: Asked) -> Json:
    """Serve auth.revoke."""
    if not asked.flag("test"):
        world.kill_token(team, "token_revoked")
    return {"revoked": not asked.flag("test")}


def user_info(world: World, team: Team, asked: Asked) -> Json:
    """Serve users.info."""
    return {
        "user": _as_json(team, user_in(world, team, asked.required("user")), with_locale=asked.flag("include_locale"))
    }


def users(world: World, team: Team, asked: Asked) -> Json:
    """Serve users.list."""
    found = [user for (where, _), user in world.users.items() if where == team.id and not user.gone]
    every = [_as_json(team, user, with_locale=asked.flag("include_locale")) for user in found]
    page, more = page_of(every, asked)
    return {"members": page, "cache_ts": int(world.clock.unix())} | more


def bot_info(world: World, team: Team, asked: Asked) -> Json:
    """Serve bots.info."""
    if asked.text("bot", team.bot_id) != team.bot_id:
        raise RefusedError("bot_not_found")
    about = {"id": team.bot_id, "deleted": False, "name": "kindling", "app_id": world.app_id, "user_id": team.bot_user}
    return {"bot": about | {"updated": 1700000000, "icons": {}}}


def team_info(world: World, team: Team, asked: Asked) -> Json:
    """Serve team.info."""
    grid = {"enterprise_id": team.enterprise, "enterprise_name": team.enterprise} if team.enterprise else {}
    about = {"id": team.id, "name": team.name, "domain": team.domain, "email_domain": "", "icon": {}}
    return {"team": about | grid}


def _as_json(team: Team, user: User, *, with_locale: bool) -> Json:
    handle = user.name.lower().replace(" ", ".")
    profile = {"real_name": user.name, "display_name": user.name, "team": team.id, "image_48": ""}
    about: Json = {"id": user.id, "team_id": team.id, "name": handle, "deleted": user.deactivated, "profile": profile}
    if user.deactivated:
        return about | {"is_bot": user.is_bot}
    about |= {"real_name": user.name, "tz": user.tz, "tz_label": user.tz, "tz_offset": 0, "is_bot": user.is_bot}
    about |= {"is_admin": False, "is_owner": False, "is_restricted": user.is_restricted, "is_ultra_restricted": False}
    about |= {"is_app_user": False, "updated": 1700000000}
    if team.enterprise:
        about["enterprise_user"] = {"id": user.id, "enterprise_id": team.enterprise, "teams": [team.id]}
    return about | ({"locale": user.locale} if with_locale else {})


def uninstall(world: World, team: Team, asked: Asked) -> Json:
    """Serve apps.uninstall; the events about it follow as after any uninstall."""
    asked.required("client_id")
    asked.required("client_secret")
    world.on_uninstall(team)
    return {}
