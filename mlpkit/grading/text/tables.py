"""Tables as spreadsheets and platforms write them, read into rows; and written for them."""

import csv
import io
import re
from collections.abc import Callable, Iterable

from mlpkit.grading.text.encodings import NoText, of_windows, text_of

LARGEST, MOST, TITLES = 20 * 1024**2, 200_000, 10
SEPARATORS = (",", ";", "\t", "|")
# Also behind what one that expects another separator takes for the end of a field.
FORMULA = re.compile(r"((?:^|[;,|\t\r\n\"])[\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")

# How Excel is told that a number is a text.
AS_TEXT = re.compile(r'="?([^"]*)"?')
MACINTOSH = re.compile(rb"[\x80-\x9f]")
# What `safe` put in front of a value, and not its writer.
OURS = re.compile(r"^'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


class NoTable(ValueError):
    """Bytes are no table; the message says why, and what is wanted."""


class Row:
    """A row: its values by the columns' names, in any case and with any spaces and marks.

    Parameters
    ----------
    heads : list of str
        As :func:`plain` gives them.
    values : list of str
    line : int
        Where it ends in the file, for words on it.

    Attributes
    ----------
    beyond : list of str
        Values for which there is no column: a separator within one, perhaps.
    """

    def __init__(self, heads: list[str], values: list[str], line: int) -> None:
        self.values, self.line = dict(zip(heads, values, strict=False)), line
        self.beyond = list(filter(None, values[len(heads) :]))

    def get(self, *names: str) -> str:
        """Return the first value that isn't empty of these columns; "" if none is there."""
        return next(filter(None, (self.values.get(plain(name), "") for name in names)), "")

    def __contains__(self, name: str) -> bool:
        return plain(name) in self.values


def plain(head: str) -> str:
    """Give a column's name in one form: ``Student ID`` and ``student_id`` are one."""
    return re.sub(r"[\W_]+", "", head.casefold())


def decoded(content: bytes) -> str:
    """Return a table's text: by its first bytes, as UTF-8, or else as Windows and Excel write it.

    Raises
    ------
    NoTable
    """
    if content.startswith(b"PK\x03\x04") or content.startswith(b"\xd0\xcf\x11\xe0"):
        raise NoTable("it is a workbook; save it as CSV (in Excel: CSV UTF-8) first")
    if len(content) > LARGEST:
        raise NoTable(f"it has {len(content):,} bytes, more than a list of a class")
    try:
        return text_of(content)
    except NoText:
        # An old Macintosh's, by its line ends and by letters where Windows has seldom any.
        if b"\r" in content and b"\n" not in content and MACINTOSH.search(content):
            return content.decode("mac_roman")
        return of_windows(content)


def read_table(content: bytes, wanted: Iterable[str] = ()) -> list[Row]:
    """Read a table whose first row names the columns.

    Separators, quotes, a byte order mark, blank lines and outer spaces are as they come.

    Parameters
    ----------
    content : bytes
    wanted : iterable of str
        Columns. Lines above the first that names one of them, such as a title, are passed over.

    Raises
    ------
    NoTable
        If it isn't one, or a column is there twice.
    """
    text = decoded(content)
    separator = None
    if named := re.match(r"sep=(.)\r?\n", text):  # Excel's own first line
        separator, text = named[1], text[named.end() :]
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise NoTable("it is empty")
    first = re.sub(r'"[^"]*"', "", next(filter(_names(wanted), lines[:TITLES]), lines[0]))
    separator = separator or max(SEPARATORS, key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True,
                        strict=True)  # fmt: skip
    found: list[tuple[int, list[str]]] = []
    try:
        for values in reader:
            values = [_read(value) for value in values]
            if any(values) and len(found) < MOST:
                found.append((reader.line_num, values))
    except csv.Error as error:
        raise NoTable(f"line {reader.line_num} is no row of a table: {error}") from None
    return _rows(found, {plain(name) for name in wanted})


def _read(value: str) -> str:
    """Give a field without outer spaces, and without what spreadsheets are told by."""
    value = " ".join(value.split())
    text = AS_TEXT.fullmatch(value)
    return text[1] if text and value.startswith('="') else OURS.sub("", value)


def _names(wanted: Iterable[str]) -> Callable[[str], bool]:
    """Give the test whether a line names a column that is looked for."""
    heads = {plain(name) for name in wanted}
    return lambda line: any(plain(part) in heads for part in re.split(r"[,;\t|]", line))


def _rows(found: list[tuple[int, list[str]]], wanted: set[str]) -> list[Row]:
    titles = [n for n, (_, values) in enumerate(found[:TITLES]) if wanted & set(map(plain, values))]
    start = titles[0] if titles else 0
    if not found:
        return []
    heads = [plain(value) for value in found[start][1]]
    twice = {head for head in heads if head and heads.count(head) > 1}
    if twice and wanted and not titles:
        raise NoTable("its first line names no column that is known")
    if twice:
        raise NoTable(f"it has several columns {', '.join(sorted(twice))}")
    below = found[start + 1 :]
    # Where several tables were put into one, their heads stand in the middle.
    return [Row(heads, values, n) for n, values in below if [*map(plain, values)] != heads]


def safe(value: object) -> object:
    """Return a text that no spreadsheet takes for a formula; numbers stay numbers."""
    return FORMULA.sub(r"\1'", value) if isinstance(value, str) else value


def to_csv(
    rows: Iterable[Iterable[object]],
    separator: str = ",",
    decimal: str = ".",
    mark: bool = False,
) -> bytes:
    """Return rows of values as the bytes of a CSV file, each quoted.

    Parameters
    ----------
    rows : iterable of iterable
    separator : str
    decimal : str
        Between a number's whole part and the rest.
    mark : bool
        Begin with a byte order mark, by which Excel knows UTF-8.
    """
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL, delimiter=separator)
    writer.writerows([_written(value, decimal) for value in row] for row in rows)
    return (b"\xef\xbb\xbf" if mark else b"") + text.getvalue().encode()


def _written(value: object, decimal: str) -> object:
    if isinstance(value, float) and decimal != ".":
        return str(value).replace(".", decimal)
    return safe(value)
