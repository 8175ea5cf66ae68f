"""The views methods."""

from tests.platforms.slack.errors import RefusedError, invalid
from tests.platforms.slack.parameters import Asked
from tests.platforms.slack.places import user_in
from tests.platforms.slack.screens import Screens, View
from tests.platforms.slack.world import Json, Team, World


class ViewMethods:
    """views.open, push, update and publish."""

    def __init__(self, screens: Screens) -> None:
        self._screens = screens

    def open(self, world: World, team: Team, asked: Asked) -> Json:
        """Serve views.open."""
        return self._answer(world, self._screens.open(team, _trigger(asked), asked.tree("view")))

    def push(self, world: World, team: Team, asked: Asked) -> Json:
        """Serve views.push."""
        return self._answer(world, self._screens.push(team, _trigger(asked), asked.tree("view")))

    def update(self, world: World, team: Team, asked: Asked) -> Json:
        """Serve views.update."""
        if not asked.text("view_id") and not asked.text("external_id"):
            raise invalid("invalid_arguments", "missing required field: view_id or external_id")
        view = self._screens.find(team, asked.text("view_id"), asked.text("external_id"))
        return self._answer(world, self._screens.update(view, asked.tree("view"), asked.text("hash")))

    def publish(self, world: World, team: Team, asked: Asked) -> Json:
        """Serve views.publish."""
        user = user_in(world, team, asked.required("user_id"))
        if user.is_bot:
            raise RefusedError("user_is_bot")
        return self._answer(world, self._screens.publish(team, user.id, asked.tree("view"), asked.text("hash")))

    def _answer(self, world: World, view: View) -> Json:
        return {"view": view.as_json(world.app_id)}


def _trigger(asked: Asked) -> str:
    return asked.text("trigger_id") or asked.required("trigger_id")
