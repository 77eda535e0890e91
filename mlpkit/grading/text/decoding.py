"""A table's bytes as text: as programs say that they write it, or as it can be told."""

import re

from mlpkit.grading.text.encodings import NoText, is_latin, of_windows, text_of
from mlpkit.grading.text.workbooks import is_workbook

LARGEST = 20 * 1024**2
# Some programs give a page such a name that Excel opens it.
WEB = re.compile(rb"\W*<(\?xml|!doctype|html|head|meta|table)", re.IGNORECASE)
MACINTOSH = re.compile(rb"[\x80-\x9f]")
NOT_LATIN = (
    "it isn't in UTF-8, and no Latin letters of Windows either; save it as CSV UTF-8 or .xlsx, "
    "or tell mlpkit students import what it is, such as --encoding gbk"
)


class NoTable(ValueError):
    """Bytes are no table; the message says why, and what is wanted."""


def decoded(content: bytes, encoding: str | None = None) -> str:
    """Return a table's text: by its first bytes, as UTF-8, or else as Windows and Excel write it.

    Raises
    ------
    NoTable
    """
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise NoTable(
            "it is another program's workbook, or has a password; save it as .xlsx without"
        )
    if WEB.match(content[:500]):
        raise NoTable("it is a web page or XML, whatever its name; save it as .xlsx or CSV UTF-8")
    if len(content) > LARGEST:
        raise NoTable(f"it has {len(content):,} bytes, more than a list of a class")
    try:
        return content.decode(encoding) if encoding else text_of(content)
    except NoText:
        # An old Macintosh's, by its line ends and by letters where Windows has seldom any.
        if b"\r" in content and b"\n" not in content and MACINTOSH.search(content):
            return content.decode("mac_roman")
        if not is_latin(content):
            raise NoTable(NOT_LATIN) from None
        return of_windows(content)
    except (LookupError, UnicodeError):
        raise NoTable(f"it isn't in the encoding {encoding!r}") from None


def guessed(content: bytes) -> bool:
    """Whether nothing says what a table's letters are."""
    try:
        return not is_workbook(content) and not text_of(content)
    except NoText:
        return True
