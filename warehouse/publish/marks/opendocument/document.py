"""An OpenDocument spreadsheet as its trees: of a package (.ods), or of a single file (.fods)."""

from io import BytesIO
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile, ZipInfo

from lxml import etree

from schemas.formats.archive import ZIP
from schemas.formats.package import open_package, part, refuse_entities
from warehouse.publish.marks.marking import CannotMark
from warehouse.publish.marks.opendocument.names import SPACES, added, made, q

_LARGEST = 64 * 2**20  # bytes of XML, of which a tree takes some ten times as many
_MIMETYPE, _MANIFEST, _CONTENT = "mimetype", "META-INF/manifest.xml", "content.xml"
_SIGNATURE = "META-INF/documentsignatures.xml"
_HEAD = 4096  # bytes within which a document that is a single file says what it is
_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


class Flat:
    """A document that is a single XML file."""

    def __init__(self, content: bytes) -> None:
        self.content = self.styles = self.settings = _tree(content)

    def written(self) -> bytes:
        """The document with what was changed in its tree."""
        return _xml(self.content)


class Package:
    """A document in parts; those that are trees here are written anew, all others as they came."""

    def __init__(self, content: bytes) -> None:
        self._package = open_package(content)
        self._names = self._package.namelist()
        self._trees: dict[str, etree._Element] = {}
        if len(self._names) != len(set(self._names)):
            raise CannotMark("two of its parts have the same name")
        if _SIGNATURE in self._names:
            raise CannotMark("it is signed")
        if b"encryption-data" in part(self._package, _MANIFEST):
            raise CannotMark("it is encrypted")
        self.content = self._opened(_CONTENT)
        self.styles = self._ensured("styles.xml", "office:document-styles")
        self.settings = self._ensured("settings.xml", "office:document-settings")

    def written(self) -> bytes:
        """The package with what was changed in its trees; its media type is in front."""
        added = [name for name in self._trees if name not in self._names]
        target = BytesIO()
        with ZipFile(target, "w") as package:
            for name in sorted([*self._names, *added], key=lambda name: name != _MIMETYPE):
                package.writestr(self._entry(name), self._bytes(name))
        return target.getvalue()

    def _opened(self, name: str) -> etree._Element:
        if name not in self._trees:
            self._trees[name] = _tree(part(self._package, name))
        return self._trees[name]

    def _ensured(self, name: str, root: str) -> etree._Element:
        """A part, which is made and listed where the package has none."""
        if name in self._names:
            return self._opened(name)
        entry = {"manifest:full-path": name, "manifest:media-type": "text/xml"}
        added(self._opened(_MANIFEST), "manifest:file-entry", entry)
        version = self.content.get(q("office:version"), "1.2")
        self._trees[name] = made(root, {"office:version": version})
        return self._trees[name]

    def _entry(self, name: str) -> ZipInfo:
        """How a part is packed: as it was, and the media type plainly."""
        if name not in self._names:
            entry = ZipInfo(name)
            entry.compress_type = ZIP_DEFLATED
            return entry
        was = self._package.getinfo(name)
        entry = ZipInfo(name, was.date_time)
        entry.external_attr = was.external_attr
        if name != _MIMETYPE:
            entry.compress_type = was.compress_type
        return entry

    def _bytes(self, name: str) -> bytes:
        return _xml(self._trees[name]) if name in self._trees else part(self._package, name)


def is_open_document(content: bytes) -> bool:
    """Whether these bytes begin like an OpenDocument of any kind, or are a package like one."""
    if not content.startswith(ZIP):
        return SPACES["office"].encode() in content[:_HEAD]
    try:
        with ZipFile(BytesIO(content)) as package:
            return _CONTENT in package.namelist()
    except (BadZipFile, EOFError, ValueError, NotImplementedError):
        return False


def opened(content: bytes) -> Flat | Package:
    """The document in these bytes. Raises CannotMark where it is none that may be changed."""
    try:
        return Package(content) if content.startswith(ZIP) else Flat(content)
    except CannotMark:
        raise
    except Exception as error:  # nobody vouches for these bytes
        raise CannotMark("it is no sound OpenDocument") from error


def _tree(xml: bytes) -> etree._Element:
    if len(xml) > _LARGEST:
        raise CannotMark("it is too large")
    refuse_entities(xml)
    root = etree.fromstring(xml, _PARSER)
    if root.getroottree().docinfo.internalDTD is not None:  # in an encoding not seen through before
        raise CannotMark("it declares entities")
    return root


def _xml(root: etree._Element) -> bytes:
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=True)
