"""Workbooks put under a password, in the ways that no library encrypts any more."""

import io
from collections.abc import Callable
from hashlib import sha1
from struct import pack, unpack_from

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from msoffcrypto.format.ooxml import OOXMLFile
from msoffcrypto.method.ecma376_standard import ECMA376Standard
from msoffcrypto.method.rc4_cryptoapi import DocumentRC4CryptoAPI
from msoffcrypto.method.xor_obfuscation import DocumentXOR

from schemas.formats.ole import CompoundFile
from warehouse.publish.marks.biff import kinds
from warehouse.publish.marks.biff.compound import replaced
from warehouse.publish.marks.biff.records import parsed, written

_SALT, _VERIFIER = b"0123456789abcdef", b"fedcba9876543210"
_PLAIN = (kinds.BOF, kinds.FILE_PASS)
_RC4, _AES_128, _SHA_1 = 0x6801, 0x660E, 0x8004
_PLACE = 4  # bytes of the place of a sheet, which stay


def xor(content: bytes, password: str) -> bytes:
    """An .xls obfuscated as Excel 95 and WPS do it."""
    key = DocumentXOR.create_xor_key_method1(password)
    check = next(n for n in range(2**16) if DocumentXOR.verifypw(password, n))
    array = DocumentXOR.create_xor_array_method1(password)

    def obfuscated(data: bytes, at: int) -> bytes:
        turned = (byte << 5 & 0xFF | byte >> 3 for byte in data)
        return bytes(byte ^ array[n % 16] for n, byte in enumerate(turned, at + len(data)))

    return _with_records(content, pack("<3H", 0, key, check), obfuscated)


def rc4(content: bytes, password: str) -> bytes:
    """An .xls encrypted as Excel 2002 does it where a provider is chosen."""

    def stream(data: bytes) -> bytes:
        source = io.BytesIO(data)
        return bytes(DocumentRC4CryptoAPI.decrypt(password, _SALT, 128, source, 1024).read())

    def encrypted(data: bytes, at: int) -> bytes:
        return stream(bytes(at) + data)[at:]

    checked = stream(_VERIFIER + sha1(_VERIFIER).digest())
    header = pack("<8I", 4, 0, _RC4, _SHA_1, 128, 1, 0, 0) + "RC4\0".encode("utf-16-le")
    info = pack("<3H2I", 1, 2, 2, 4, len(header)) + header + pack("<I", 16) + _SALT
    return _with_records(content, info + checked[:16] + pack("<I", 20) + checked[16:], encrypted)


def _with_records(content: bytes, info: bytes, encrypted: Callable[[bytes, int], bytes]) -> bytes:
    whole = parsed(CompoundFile(content).stream("Workbook"))
    whole.head.insert(1, (kinds.FILE_PASS, info))
    stream = bytearray(written(whole))
    at = 0
    while at < len(stream):
        kind, length = unpack_from("<2H", stream, at)
        start, at = at + 4, at + 4 + length
        if kind not in _PLAIN:
            kept = _PLACE if kind == kinds.BOUND_SHEET else 0
            data = encrypted(bytes(stream[start:at]), start)
            stream[start + kept : at] = data[kept:]
    return replaced(content, "Workbook", bytes(stream))


def agile(content: bytes, password: str) -> bytes:
    """An .xlsx encrypted as Excel does it from 2010 on."""
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, target)
    return target.getvalue()


def standard(content: bytes, password: str) -> bytes:
    """An .xlsx encrypted as Excel 2007 does it."""
    key = ECMA376Standard.makekey_from_password(
        password, _AES_128, _SHA_1, 0x18, 128, len(_SALT), _SALT
    )

    def encrypted(data: bytes) -> bytes:
        encryptor = Cipher(algorithms.AES(bytes(key)), modes.ECB()).encryptor()
        return encryptor.update(data + bytes(-len(data) % 16))

    header = pack("<8I", 0x24, 0, _AES_128, _SHA_1, 128, 0x18, 0, 0) + "AES\0".encode("utf-16-le")
    info = pack("<2H2I", 3, 2, 0x24, len(header)) + header + pack("<I", 16) + _SALT
    info += encrypted(_VERIFIER) + pack("<I", 20)
    info += encrypted(sha1(_VERIFIER).digest())
    file = replaced(agile(content, password), "EncryptionInfo", info)
    package = pack("<Q", len(content)) + encrypted(content)
    return replaced(file, "EncryptedPackage", package)
