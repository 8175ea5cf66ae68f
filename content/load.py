"""From paths to packs, or to every problem they have: the only place here that opens files."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from content import check, shape
from content.model import Pack
from content.problems import Problem
from content.reader import BYTES_AT_MOST, Tree, read

SAMPLES = Path(__file__).parent / "packs"
ENDINGS = (".yaml", ".yml")
PACK_FILES = ("pack.yaml", "pack.yml")
IMAGE_BYTES_AT_MOST = 5_000_000


@dataclass(frozen=True, slots=True)
class PackFile:
    """A pack that passed every check, as one document, with its pictures by the names it gives them."""

    pack: Pack
    document: str
    images: Mapping[str, bytes]
    folder: Path


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of some paths."""

    packs: tuple[PackFile, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a pack from being loaded."""
        return tuple(problem for problem in self.problems if problem.level == "error")


@dataclass
class Source:
    """The file or the files of one pack."""

    folder: Path
    files: list[Path] = field(default_factory=list)
    named: bool = False


def load(paths: Sequence[Path]) -> Loaded:
    """Read and check every pack at the paths: a YAML file, a folder of one pack, or a folder of such folders."""
    packs: list[PackFile] = []
    problems: list[Problem] = []
    first: dict[str, Path] = {}
    for path in paths:
        try:
            sources = list(_sources(Path(path)))
            nothing = "" if sources else _nothing_at(Path(path))
        except OSError as error:
            sources, nothing = [], _unreadable(error)
        if nothing:
            problems.append(Problem(str(path), 1, 1, nothing))
        for source in sources:
            pack, found = _load_one(source, first)
            problems += found
            if pack is None:
                continue
            name = pack.pack.pack
            first[name] = source.files[0]
            packs.append(pack)
    return Loaded(tuple(packs), tuple(sorted(set(problems))))


def _nothing_at(path: Path) -> str:
    if not path.exists():
        return "there is no such file or folder"
    return "no pack is here: a pack is a .yaml file, or a folder with pack.yaml in it"


def _sources(path: Path) -> Iterator[Source]:
    if path.is_file() or (path.is_dir() and path.suffix in ENDINGS):
        yield Source(path.parent, [path], named=True)
    elif path.is_dir():
        yield from _sources_in(path)


def _sources_in(folder: Path) -> Iterator[Source]:
    whole = [folder / name for name in PACK_FILES if (folder / name).is_file()]
    parts = sorted(entry for entry in folder.iterdir() if entry.suffix in ENDINGS)
    if whole:
        yield Source(
            folder, [whole[0]] if len(parts) == 1 else [whole[0], *(part for part in parts if part != whole[0])]
        )
    elif parts:
        yield Source(folder, parts)
    else:
        for entry in sorted(folder.iterdir()):
            if entry.is_dir() and not entry.is_symlink():
                yield from _sources_in(entry)


def _load_one(source: Source, loaded: Mapping[str, Path]) -> tuple[PackFile | None, list[Problem]]:
    trees: list[tuple[Tree, str]] = []
    problems: list[Problem] = []
    for path in source.files:
        tree, found = _read_file(path, None if source.named else source.folder)
        problems += found
        trees.append((tree, str(path)))
    if any(tree.data is None for tree, _ in trees):
        return None, problems or [Problem(trees[0][1], 1, 1, "there is nothing in this file")]
    merged, found = _merge(trees)
    problems += found
    pack, found = shape.shaped(merged.tree, merged.file)
    problems += [merged.home(problem) for problem in found]
    images, found = _images(source.folder, merged)
    problems += found
    if pack is not None and pack.pack in loaded:
        place = merged.tree.place(("pack",))
        told = f"the pack '{pack.pack}' is in {loaded[pack.pack]} too"
        problems.append(merged.home(Problem(merged.file, *place, told)))
    problems += [merged.home(problem) for problem in check.check(pack, merged.tree, merged.file)]
    if pack is None or any(problem.level == "error" for problem in problems):
        return None, problems
    document = pack.model_dump_json(by_alias=True, exclude_none=True)
    return PackFile(pack, document, images, source.folder), problems


def _read_file(path: Path, folder: Path | None) -> tuple[Tree, list[Problem]]:
    try:
        if folder is not None and not path.resolve().is_relative_to(folder.resolve()):
            return Tree(), [Problem(str(path), 1, 1, "this is a link to a file outside the pack's folder")]
        if path.exists() and not path.is_file():
            return Tree(), [Problem(str(path), 1, 1, "cannot be read: it is not a file")]
        with path.open("rb") as file:
            raw = file.read(BYTES_AT_MOST + 1)
    except (OSError, RuntimeError) as error:
        return Tree(), [Problem(str(path), 1, 1, _unreadable(error))]
    return read(raw, str(path))


def _unreadable(error: Exception) -> str:
    return f"cannot be read: {(getattr(error, 'strerror', None) or 'unknown reason').lower()}"


@dataclass
class Merged:
    """Several files as one tree: every place says which file it is in by a line far beyond any real one."""

    tree: Tree
    files: list[str]

    STRIDE = 10_000_000

    @property
    def file(self) -> str:
        """The first file, for what is about the whole."""
        return self.files[0]

    def home(self, problem: Problem) -> Problem:
        """The problem in the file and line it is really in."""
        number, line = divmod(problem.line, self.STRIDE)
        return replace(problem, file=self.files[number], line=line) if number else problem


def _merge(trees: list[tuple[Tree, str]]) -> tuple[Merged, list[Problem]]:
    merged = Merged(trees[0][0], [file for _, file in trees])
    problems: list[Problem] = []
    for number, (tree, file) in enumerate(trees[1:], start=1):
        if not isinstance(tree.data, dict) or not isinstance(merged.tree.data, dict):
            problems.append(Problem(file, *tree.place(()), "a part of a pack is a map of keys"))
            continue
        shift = number * Merged.STRIDE
        for key, value in tree.data.items():
            problems += _merge_key(merged, tree, file, key, value)
        for there, here in ((merged.tree.values, tree.values), (merged.tree.keys, tree.keys)):
            there.update({path: (line + shift, column) for path, (line, column) in here.items() if path not in there})
    return merged, problems


def _merge_key(merged: Merged, tree: Tree, file: str, key: str, value: Any) -> Iterator[Problem]:
    data = merged.tree.data
    if key not in data:
        data[key] = value
        return
    if not isinstance(value, dict) or not isinstance(data[key], dict):
        if data[key] != value:
            line, column = tree.place((key,), of_key=True)
            yield Problem(file, line, column, f"'{key}' stands in another file of this pack already")
        return
    for name, entry in value.items():
        if name in data[key]:
            line, column = tree.place((key, name), of_key=True)
            first = merged.home(Problem(merged.file, *merged.tree.place((key, name), of_key=True), ""))
            yield Problem(file, line, column, f"'{name}' stands in {first.file}:{first.line} already")
        else:
            data[key][name] = entry


def _images(folder: Path, merged: Merged) -> tuple[dict[str, bytes], list[Problem]]:
    """The bytes of every picture the pack names, and what is wrong with the names or the files."""
    seen: dict[str, tuple[bytes | None, str]] = {}
    problems: list[Problem] = []
    for path, name in _image_names(merged.tree.data):
        if name not in seen:
            seen[name] = _image(folder, name)
        if complaint := seen[name][1]:
            problems.append(merged.home(Problem(merged.file, *merged.tree.place(path), complaint)))
    return {name: content for name, (content, _) in seen.items() if content is not None}, problems


def _image_names(data: Any) -> Iterator[tuple[tuple[str, ...], str]]:
    for section in check.WITH_PICTURES:
        items = data.get(section) if isinstance(data, dict) else None
        for slug, item in items.items() if isinstance(items, dict) else ():
            image = item.get("image") if isinstance(item, dict) else None
            if isinstance(image, str) and "://" not in image:
                yield (section, slug, "image"), image


def _image(folder: Path, name: str) -> tuple[bytes | None, str]:
    complaint = check.image_name(name)
    if complaint:
        return None, complaint
    path = folder / name
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return None, f"the picture {name} lies outside the pack's folder"
        if not path.is_file():
            return None, f"there is no picture {name} beside the pack"
        with path.open("rb") as file:
            content = file.read(IMAGE_BYTES_AT_MOST + 1)
    except (OSError, RuntimeError):
        return None, f"the picture {name} cannot be read"
    if len(content) > IMAGE_BYTES_AT_MOST:
        return None, f"the picture {name} is larger than 5 MB"
    return content, check.image_content(name, content)
