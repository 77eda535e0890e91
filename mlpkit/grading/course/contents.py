"""What a file that was handed in holds: a notebook or not, with which cells, and what is new."""

import json
import re

from mlpkit.grading.course.listing import Found
from mlpkit.grading.text.handed_in import Unreadable

GRADE_ID = re.compile(rb'"grade_id"\s*:\s*"((?:[^"\\]|\\.){1,200})"')
DEFINED = re.compile(rb"\bdef (\w{1,100})\(")
Ids = frozenset[bytes]
ALL = 10**9
MAY_BE = re.compile(rb"[\xef\xbb\xbf\xff\xfe\s\0]*\{")


def content_of(file: Found) -> bytes:
    """Return a file's bytes; none of one that can't be read."""
    try:
        return file.read()
    except Unreadable:
        return b""


def is_notebook(file: Found) -> bool:
    """Whether a file's name, or for other names its content, is a notebook's."""
    name = file.base.lower()
    if name.endswith(".ipynb"):
        return True
    named = ".ipynb" in name or name.endswith((".json", ".txt")) or "." not in name
    # Of a file that isn't in an archive its first bytes are soon seen, whatever its name says.
    if not named and (file.members or not MAY_BE.match(file.start(64))):
        return False
    return looks_like_one(content_of(file))


def looks_like_one(content: bytes) -> bool:
    """Whether bytes are a notebook's JSON."""
    if not content.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\0").startswith(b"{"):
        return False
    return b'"cells"' in content.replace(b"\0", b"") or b'"worksheets"' in content


def grade_ids(content: bytes) -> Ids:
    """Give the names that nbgrader knows a notebook's cells by."""
    return frozenset(GRADE_ID.findall(content))


def ids_of(file: Found) -> Ids:
    """Give the `grade_ids` of a file; none of one that can't be read."""
    return grade_ids(content_of(file))


def own_ids(released: bytes, common: Ids) -> Ids:
    """Give the names of a release's cells without those that other assignments have too."""
    ids = grade_ids(released)
    return ids - common or ids


def marks(content: bytes) -> Ids:
    """Give a notebook's `grade_ids`, or where it has lost them the functions that it defines."""
    return grade_ids(content) or frozenset(DEFINED.findall(content))


def untouched(content: bytes, released: bytes) -> int:
    """Count the cells that still say what was released; `ALL` where no other is there."""
    own, given = _sources(content), _sources(released)
    if own is None or given is None:
        return 0
    return ALL if own == given else sum(text in given for text in own)


def _sources(content: bytes) -> list[str] | None:
    """Give the texts of a notebook's cells, to see whether anything was written into it."""
    try:
        cells = json.loads(content)["cells"]
        return ["".join(cell["source"]).strip() for cell in cells]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
