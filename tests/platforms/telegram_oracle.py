"""A judge of what the bot sends to Telegram, written by others: aiogram's models of every method.

The models know each parameter and each nested object; anything they do not know lands in `model_extra`,
and that is what is complained about. They know nothing of lengths: the stand-in refuses those itself.
"""

import json
from collections.abc import Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, get_args

if TYPE_CHECKING:
    from pydantic import BaseModel


def complaints(method: str, params: Mapping[str, Any]) -> list[str]:
    """Return what is wrong with the parameters of a call, nothing if they are right."""
    from pydantic import ValidationError

    model = _methods().get(method)
    if model is None:
        return [f"{method}: no such method"]
    try:
        parsed = model.model_validate({name: _given(model, name, value) for name, value in params.items()})
    except ValidationError as error:
        return [f"{method}: {_path(each['loc'])}: {each['msg']}" for each in error.errors(include_url=False)]
    return [f"{method}: {path}: unknown parameter" for path in unknown_fields(parsed)]


def unknown_fields(value: Any, path: str = "") -> Iterator[str]:
    """Yield where a parsed object holds something its model does not know, at any depth."""
    from pydantic import BaseModel

    if isinstance(value, BaseModel):
        yield from (f"{path}{name}" for name in value.model_extra or {})
        for name in value.model_fields_set & set(type(value).model_fields):
            yield from unknown_fields(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from unknown_fields(item, f"{path}{index}.")


def load() -> None:
    """Import the models now, so that no call has to wait for it."""
    _methods()


@cache
def _methods() -> "dict[str, type[BaseModel]]":
    """Return aiogram's models by the name of the method; importing them takes seconds, hence late and once."""
    from aiogram import methods

    models = (getattr(methods, name) for name in methods.__all__)
    return {model.__api_method__: model for model in models if isinstance(getattr(model, "__api_method__", None), str)}


@cache
def _is_nested(model: "type[BaseModel]", name: str) -> bool:
    """Return whether a parameter takes an object or a list, which then arrives as a JSON string."""
    from pydantic import BaseModel

    field = model.model_fields.get(name)
    kinds = list(_leaves(field.annotation)) if field is not None else []
    return any(kind is list or (isinstance(kind, type) and issubclass(kind, BaseModel)) for kind in kinds)


def _leaves(annotation: Any) -> Iterator[Any]:
    origin = getattr(annotation, "__origin__", None)
    if origin is list:
        yield list
        return
    if origin is None and not get_args(annotation):
        yield annotation
    for argument in get_args(annotation):
        yield from _leaves(argument)


def _given(model: "type[BaseModel]", name: str, value: Any) -> Any:
    from aiogram.types import BufferedInputFile

    if isinstance(value, str) and _is_nested(model, name):
        try:
            return json.loads(value)
        except ValueError:
            return value
    if value is None or isinstance(value, str | int | float | list | dict):
        return value
    return BufferedInputFile(b"", filename=str(getattr(value, "name", "file")))


def _path(place: tuple[int | str, ...]) -> str:
    return ".".join(str(part) for part in place)
