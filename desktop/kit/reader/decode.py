"""Bytes to text when nobody says the encoding: UTF-8, UTF-16, Arabic and Latin of old PCs; knows no file and no screen."""

import re

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_DECLARED = re.compile(rb"""<meta[^>]+charset=["']?\s*([\w-]+)|<\?xml[^>]+encoding=["']([\w-]+)""", re.IGNORECASE)
_ARABIC_LETTERS = re.compile("[\u0621-\u063a\u0641-\u064a]")
_ARABIC_WORD = re.compile("[\u0621-\u063a\u0641-\u0652\u067e\u0686\u0698\u06af]{3,}")
_SAMPLE = 64 << 10


def text_of(data: bytes, language: str | None = None) -> str:
    """The text in `data`. Never fails: what no encoding explains becomes U+FFFD. Line ends become \\n."""
    return _decoded(data, language).replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")


def declared(data: bytes) -> str | None:
    """The encoding an HTML or XML file names in its first kilobyte, when Python knows it."""
    match = _DECLARED.search(data[:1024])
    if match is None:
        return None
    name = (match.group(1) or match.group(2)).decode("ascii")
    try:
        "".encode(name)
    except LookupError:
        return None
    return name


def _decoded(data: bytes, language: str | None) -> str:
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    bare = bare_utf16(data[:_SAMPLE])
    if bare is not None:
        return data.decode(bare, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        # A file cut in the middle of a letter, or with a few bad bytes, is still UTF-8.
        if error.start > len(data) - 4 or _mostly_utf8(data[:_SAMPLE]):
            return data.decode("utf-8", "replace")
    return data.decode("cp1256" if _looks_arabic(data[:_SAMPLE], language) else "cp1252", "replace")


def bare_utf16(sample: bytes) -> str | None:
    """The byte order of UTF-16 without its mark: nearly every second byte is 00 (Latin) or 06 (Arabic)."""
    for name, high, low in (("utf-16-le", sample[1::2], sample[::2]), ("utf-16-be", sample[::2], sample[1::2])):
        share = high.count(0) + high.count(6)
        if high and share > 0.9 * len(high) and low.count(0) + low.count(6) < 0.1 * len(low):
            return name
    return None


def _mostly_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    good = sum(1 for letter in text if ord(letter) > 127 and letter != "\ufffd")
    return good > 10 * text.count("\ufffd")


def _looks_arabic(sample: bytes, language: str | None) -> bool:
    """cp1256 keeps é, è, à, ç where French has them, so French never reads as long Arabic words."""
    text = sample.decode("cp1256", "replace")
    words = sum(len(word) for word in _ARABIC_WORD.findall(text))
    letters = len(_ARABIC_LETTERS.findall(text))
    return words * 2 > letters if letters and language != "ar" else language == "ar" and letters > 0
