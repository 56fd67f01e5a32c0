"""The parts of an Office package, of which some are changed and all others kept byte by byte."""

import io
import posixpath
import zlib
from collections.abc import Iterable, Iterator
from copy import copy
from dataclasses import dataclass
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from schemas.errors import WorkbookError
from schemas.formats.package import open_package, part, refuse_entities
from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.ooxml.elements import Maker, remove

_LARGEST = 64 * 2**20  # bytes of a part that is taken apart: seconds, and some hundred megabytes
_EPOCH = (1980, 1, 1, 0, 0, 0)
_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "[Content_Types].xml"
_SIGNATURES = "_xmlsignatures/"
_OF_MANY_TYPES = ("xml", "bin")
"""Extensions that do not say the type of a part."""
_NO_RELATIONS = (
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
)


@dataclass(frozen=True)
class Relation:
    """How a part refers to another: `kind` is the last word of the type."""

    id: str
    kind: str
    target: str


class Package:
    """An Office package under change. Raises CannotMark where it is none, or is signed."""

    def __init__(self, content: bytes) -> None:
        try:
            self._source = open_package(content)
        except WorkbookError as error:
            raise CannotMark(str(error)) from error
        self._names = {name.casefold(): name for name in self._source.namelist()}
        if any(name.startswith(_SIGNATURES) for name in self._names):
            raise CannotMark("it is signed")
        self._written: dict[str, bytes] = {}
        self._trees: dict[str, etree._Element] = {}
        self._dropped: set[str] = set()

    @property
    def names(self) -> Iterator[str]:
        """The names of all parts."""
        yield from (name for name in self._names.values() if name not in self._dropped)

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.casefold() in self._names and self._name(name) not in self._dropped

    def read(self, name: str) -> bytes:
        """The bytes of a part. Raises CannotMark where it is missing or damaged."""
        name = self._name(name)
        if name in self._trees:
            return written(self._trees[name])
        if name in self._written:
            return self._written[name]
        try:
            content = part(self._source, name)
            if name.endswith((".xml", ".rels")):
                refuse_entities(content)
            return content
        except WorkbookError as error:
            raise CannotMark(f"{name}: {error}") from error
        except (KeyError, BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
            raise CannotMark(f"{name} is missing or damaged") from error

    def write(self, name: str, content: bytes) -> None:
        """Put other bytes into a part."""
        self._trees.pop(self._name(name), None)
        self._written[self._name(name)] = content

    def look(self, name: str) -> etree._Element:
        """The root of a part, to be looked at."""
        name = self._name(name)
        return self._trees[name] if name in self._trees else _root(name, self.read(name))

    def edit(self, name: str) -> etree._Element:
        """The root of a part, to be changed."""
        return self._trees.setdefault(self._name(name), self.look(name))

    def free(self, pattern: str) -> str:
        """A name of which there is no part: `xl/comments{}.xml` with the first number free."""
        number = 1
        while self.has(pattern.format(number)):
            number += 1
        return pattern.format(number)

    def add(self, name: str, content: bytes, content_type: str) -> None:
        """Add a part; where its extension says its type, that is how it is declared."""
        self._names[name.casefold()] = name
        self._dropped.discard(name)
        self._written[name] = content
        types = self.edit(_TYPES)
        make, extension = _maker(types), name.rpartition(".")[2]
        if extension in _OF_MANY_TYPES:
            types.append(make("Override", PartName=f"/{name}", ContentType=content_type))
        elif not any(_is_default(entry, extension) for entry in types):
            types.insert(0, make("Default", Extension=extension, ContentType=content_type))

    def drop(self, name: str) -> None:
        """Take out a part, with what it says about others."""
        for each in (self._name(name), self._name(_relations_of(name))):
            if not self.has(each):
                continue
            self._trees.pop(each, None)
            self._dropped.add(each)
            for entry in self.edit(_TYPES).findall("{*}Override"):
                if entry.get("PartName", "").casefold() == f"/{each}".casefold():
                    remove(entry)

    def drop_with_own(self, name: str, others: Iterable[str]) -> None:
        """Take out a part with those that it refers to and no other of its kind does."""
        needed = {relation.target for other in others for relation in self.relations(other)}
        own = {relation.target for relation in self.relations(name)}
        for part_name in (name, *sorted(own - needed)):
            self.drop(part_name)

    def relations(self, source: str) -> tuple[Relation, ...]:
        """What a part, or with "" the package, refers to inside of the package."""
        name = _relations_of(source)
        if not self.has(name):
            return ()
        folder = posixpath.dirname(source)
        return tuple(
            Relation(
                each.get("Id", ""),
                posixpath.basename(each.get("Type", "")),
                self._name(_resolved(folder, each.get("Target", ""))),
            )
            for each in self.look(name).findall("{*}Relationship")
            if each.get("TargetMode") != "External"
        )

    def related(self, source: str, kind: str) -> str | None:
        """The first part of a kind that a part, or with "" the package, refers to."""
        return next((each.target for each in self.relations(source) if each.kind == kind), None)

    def relate(self, source: str, relation_type: str, target: str) -> str:
        """Let a part refer to another; the id by which it does."""
        name = _relations_of(source)
        if not self.has(name):
            self._names[name.casefold()] = name
            self._dropped.discard(name)
            self._written[name] = _NO_RELATIONS
        root = self.edit(name)
        taken = {each.get("Id") for each in root}
        number = next(n for n in range(1, len(taken) + 2) if f"rId{n}" not in taken)
        relative = posixpath.relpath(target, posixpath.dirname(source) or ".")
        values = {"Id": f"rId{number}", "Type": relation_type, "Target": relative}
        root.append(_maker(root)("Relationship", **values))
        return f"rId{number}"

    def unrelate(self, source: str, relation: str) -> None:
        """Let a part no longer refer to another."""
        for each in self.edit(_relations_of(source)).findall("{*}Relationship"):
            if each.get("Id") == relation:
                remove(each)

    def saved(self) -> bytes:
        """The package: its parts in their order and with their dates, new ones at the end."""
        target = io.BytesIO()
        with ZipFile(target, "w", ZIP_DEFLATED) as archive:
            entries = {entry.filename: copy(entry) for entry in self._source.infolist()}
            for name in self.names:
                entry = entries.get(name) or _new(name)
                archive.writestr(entry, self.read(name))
        return target.getvalue()

    def _name(self, name: str) -> str:
        """A name as the package writes it: parts are known by it whatever its case."""
        return self._names.get(name.casefold(), name)


def _root(name: str, xml: bytes) -> etree._Element:
    if len(xml) > _LARGEST:
        raise CannotMark(f"{name} is too large")
    try:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False)
        return etree.fromstring(xml, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise CannotMark(f"{name} is no sound XML") from error


def _new(name: str) -> ZipInfo:
    entry = ZipInfo(name, _EPOCH)
    entry.compress_type = ZIP_DEFLATED
    return entry


def written(root: etree._Element) -> bytes:
    """A part as Excel writes it: UTF-8, declared between double quotes."""
    return _DECLARATION + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _relations_of(source: str) -> str:
    folder, file = posixpath.split(source)
    return posixpath.join(folder, "_rels", f"{file}.rels")


def _resolved(folder: str, target: str) -> str:
    return posixpath.normpath(posixpath.join("/", folder, target))[1:]


def _maker(like: etree._Element) -> Maker:
    return Maker(etree.QName(like).namespace or "")


def _is_default(entry: etree._Element, extension: str) -> bool:
    return entry.get("Extension", "").casefold() == extension
