"""Tables as spreadsheets and platforms write them, read into rows; and written for them."""

import csv
import io
import re
from collections.abc import Callable, Iterable

from mlpkit.grading.text.decoding import NoTable, decoded
from mlpkit.grading.text.workbooks import Rows, is_workbook, sheets

MOST, TITLES = 200_000, 10
SEPARATORS = (",", ";", "\t", "|")
# Also behind what one that expects another separator takes for the end of a field.
FORMULA = re.compile(r"((?:^|[;,|\t\r\n\"])[\s\"]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")

# How Excel is told that a number is a text.
AS_TEXT = re.compile(r'="?([^"]*)"?')
# What `safe` put in front of a value, and not its writer.
OURS = re.compile(r"^'(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


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
        # A workbook's row ends with its last cell.
        there = values + [""] * (len(heads) - len(values))
        self.values, self.line = dict(zip(heads, there, strict=False)), line
        self.beyond = list(filter(None, values[len(heads) :]))

    def get(self, *names: str) -> str:
        """Return the first value that isn't empty of these columns; "" if none is there."""
        return next(filter(None, (self.values.get(plain(name), "") for name in names)), "")

    def __contains__(self, name: str) -> bool:
        return plain(name) in self.values


def plain(head: str) -> str:
    """Give a column's name in one form: ``Student ID`` and ``student_id`` are one."""
    return re.sub(r"[\W_]+", "", head.casefold())


def read_table(
    content: bytes, wanted: Iterable[str] = (), encoding: str | None = None
) -> list[Row]:
    """Read a table whose first row names the columns.

    Separators, quotes, a byte order mark, blank lines and outer spaces are as they come; of a
    workbook, the sheets that have such a first row.

    Parameters
    ----------
    content : bytes
    wanted : iterable of str
        Columns. Lines above the first that names one of them, such as a title, are passed over.
    encoding : str, optional
        Of a text that isn't in UTF-8.

    Raises
    ------
    NoTable
        If it isn't one, or a column is there twice.
    """
    heads = {plain(name) for name in wanted}
    if is_workbook(content):
        return _of_workbook(content, heads)
    return _rows(_of_text(decoded(content, encoding), heads), heads)


def _of_workbook(content: bytes, wanted: set[str]) -> list[Row]:
    """Join the sheets that have the same columns, of which one is wanted."""
    try:
        filled = {name: rows for name, rows in sheets(content).items() if rows}
    except ValueError as error:
        raise NoTable(str(error)) from error
    if not filled:
        raise NoTable("it is empty")
    starts = {name: _start(rows, wanted) for name, rows in filled.items()}
    chosen = [name for name, start in starts.items() if start is not None] or list(filled)
    heads = {tuple(map(plain, filled[name][starts[name] or 0][1])) for name in chosen}
    if len(heads) > 1:
        raise NoTable(f"its sheets have different columns: {', '.join(chosen)}; keep one of them")
    return [row for name in chosen for row in _rows(filled[name], wanted)]


def _of_text(text: str, wanted: set[str]) -> Rows:
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
    found = Rows()
    try:
        for values in reader:
            values = [_read(value) for value in values]
            if any(values) and len(found) < MOST:
                found.append((reader.line_num, values))
    except csv.Error as error:
        raise NoTable(f"line {reader.line_num} is no row of a table: {error}") from None
    return found


def _read(value: str) -> str:
    """Give a field without outer spaces, and without what spreadsheets are told by."""
    value = " ".join(value.split())
    text = AS_TEXT.fullmatch(value)
    return text[1] if text and value.startswith('="') else OURS.sub("", value)


def _names(wanted: set[str]) -> Callable[[str], bool]:
    """Give the test whether a line names a column that is looked for."""
    return lambda line: any(plain(part) in wanted for part in re.split(r"[,;\t|]", line))


def _start(found: Rows, wanted: set[str]) -> int | None:
    """Give the place of the first row that names a column that is looked for."""
    rows = enumerate(found[:TITLES])
    return next((n for n, (_, values) in rows if wanted & set(map(plain, values))), None)


def _rows(found: Rows, wanted: set[str]) -> list[Row]:
    if not found:
        return []
    start = _start(found, wanted)
    titled, start = start is not None, start or 0
    heads = [plain(value) for value in found[start][1]]
    twice = {head for head in heads if head and heads.count(head) > 1}
    if twice and wanted and not titled:
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
