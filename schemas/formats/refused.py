"""What a file is that is no workbook, so that it can be named to whoever sent it."""

import re

from schemas.text import Text

WEB_PAGE = Text(zh="没有表格的网页", en="a web page without a table")
TEXT = Text(zh="文本文件", en="a text file")
UNKNOWN = Text(zh="无法识别的文件", en="a file of unknown kind")
WORD = Text(zh="Word文档", en="a Word document")
POWERPOINT = Text(zh="PowerPoint演示文稿", en="a PowerPoint presentation")
OTHER_OFFICE = Text(zh="其他Office文件", en="another Office file")

_PDF = Text(zh="PDF文件", en="a PDF file")
_PICTURE = Text(zh="图片", en="a picture")
_OLD_EXCEL = Text(zh="Excel 4或更早版本的文件", en="a file of Excel 4 or older")
_RICH_TEXT = Text(zh="RTF文档", en="a document in RTF")
_PROGRAM = Text(zh="程序文件", en="a program")
_SHORTCUT = Text(zh="快捷方式", en="a shortcut to a file")
_LOCK = Text(
    zh="Excel打开工作簿时的临时锁定文件(~$…)",
    en="the lock file that Excel keeps beside an open workbook (~$…)",
)

_MAGICS = (
    (b"%PDF", _PDF),
    (b"\x89PNG", _PICTURE),
    (b"\xff\xd8\xff", _PICTURE),
    (b"GIF8", _PICTURE),
    (b"BM", _PICTURE),
    (b"II*\0", _PICTURE),
    (b"MM\0*", _PICTURE),
    (b"\x09\0\x04\0", _OLD_EXCEL),
    (b"\x09\x02\x06\0", _OLD_EXCEL),
    (b"\x09\x04\x06\0", _OLD_EXCEL),
    (b"{\\rtf", _RICH_TEXT),
    (b"MZ", _PROGRAM),
    (b"\x7fELF", _PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", _SHORTCUT),
)
_LOCK_SIZE, _LOCK_NAME = 165, 55
_LIBREOFFICE_LOCK = re.compile(rb",[^,\r\n]*,[^,\r\n]*,[^,\r\n]*,file:///[^\r\n]*;\s*")


def named_by_magic(content: bytes) -> Text | None:
    """What a file is by its first bytes, where these tell."""
    if _is_lock(content):
        return _LOCK
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return _PICTURE
    return next((kind for magic, kind in _MAGICS if content.startswith(magic)), None)


def _is_lock(content: bytes) -> bool:
    """Excel writes the user's name twice, each after its count: as bytes and as UTF-16."""
    if len(content) == _LOCK_SIZE and 0 < content[_LOCK_NAME] <= content[0] < _LOCK_NAME:
        return content[_LOCK_NAME + 1] == 0
    return _LIBREOFFICE_LOCK.fullmatch(content) is not None
