"""The conversations on the cells of a sheet, in which a comment of ours is one more reply."""

from collections.abc import Mapping
from datetime import UTC, datetime
from uuid import NAMESPACE_URL, uuid5

from lxml import etree

from schemas.grid import OWN_AUTHOR, OWN_RULE, Place
from schemas.layout import address
from warehouse.publish.marks.ooxml.elements import Maker, remove
from warehouse.publish.marks.ooxml.package import Package


def _guid(name: str) -> str:
    return f"{{{uuid5(NAMESPACE_URL, name)}}}".upper()


_OURSELVES = _guid(OWN_AUTHOR)


class Threads:
    """The conversations on the sheet of a part, if it has any; `people` says who takes part."""

    def __init__(self, package: Package, people: str | None, sheet: str) -> None:
        self._package, self._people = package, people
        self._part = package.related(sheet, "threadedComment")

    def clean(self) -> None:
        """Take our replies out."""
        if self._part is None or _OURSELVES.encode() not in self._package.read(self._part):
            return
        for said in list(self._package.edit(self._part)):
            if said.get("personId") == _OURSELVES:
                remove(said)

    def put(self, texts: Mapping[Place, str], at: datetime) -> None:
        """Reply in the conversations on some cells."""
        replies = {address(*place): text for place, text in texts.items()}
        if self._part is None or self._people is None:
            return
        if replies.keys().isdisjoint(e.get("ref") for e in self._package.look(self._part)):
            return
        root = self._package.edit(self._part)
        for said in [each for each in root if each.get("parentId") is None]:
            if (text := replies.get(said.get("ref", ""))) is not None:
                self._reply(root, said, text, at)
        self._introduce(self._people)

    def _reply(self, root: etree._Element, to: etree._Element, text: str, at: datetime) -> None:
        """Say something below the last of a conversation, given by the first."""
        key, make = to.get("id", ""), Maker(etree.QName(root).namespace or "")
        reply = make(
            "threadedComment",
            # In the comment that stands for it in older programs our words are known by the rule.
            make.saying("text", f"{OWN_RULE}\n{text}"),
            ref=to.get("ref", ""),
            dT=f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.00",
            personId=_OURSELVES,
            id=_guid(f"{OWN_AUTHOR}{key}"),
            parentId=key,
        )
        thread = [each for each in root if key in (each.get("id"), each.get("parentId"))]
        thread[-1].addnext(reply)

    def _introduce(self, people: str) -> None:
        """Say who we are, where it is not said already."""
        if _OURSELVES.encode() in self._package.read(people):
            return
        root = self._package.edit(people)
        who = {"displayName": OWN_AUTHOR, "id": _OURSELVES, "userId": OWN_AUTHOR}
        root.append(Maker(etree.QName(root).namespace or "")("person", providerId="None", **who))
