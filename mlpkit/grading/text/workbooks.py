"""Workbooks (.xlsx), as Excel, LibreOffice and the platforms write them: rows of texts."""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

LARGEST = 100 * 1024**2  # of one part, unpacked
MAIN = "xl/workbook.xml"
DATES = {*range(14, 23), *range(45, 48)}  # Excel's own formats, which no file spells out
NO_CODE = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')  # what of a format's code stands for itself
Rows = list[tuple[int, list[str]]]


def is_workbook(content: bytes) -> bool:
    """Whether bytes are a workbook that `sheets` reads."""
    return content.startswith(b"PK\x03\x04") and MAIN.encode() in content


def sheets(content: bytes) -> dict[str, Rows]:
    """Return the rows of each sheet by its name, each with its number; blank ones are left out.

    Raises
    ------
    ValueError
        If the workbook is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            book = _Workbook(archive)
            return {name: list(book.rows(path)) for name, path in book.sheets()}
    except Exception as error:  # those of zipfile, zlib and the reader of XML
        raise ValueError(f"the workbook is damaged: {error}") from error


class _Workbook:
    """An open workbook: its texts, which cells share, and which formats are of dates."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive, self.names = archive, {*archive.namelist()}
        self.main = self._part(MAIN)
        shared = self._part("xl/sharedStrings.xml")
        self.texts = [_text(each) for each in _all(shared, "si")]
        styles = self._part("xl/styles.xml")
        codes = {
            each.get("numFmtId"): each.get("formatCode", "") for each in _all(styles, "numFmt")
        }
        cells = [each for parent in _all(styles, "cellXfs") for each in parent]
        self.formats = [(int(each.get("numFmtId", 0)), codes.get(each.get("numFmtId"), ""))
                        for each in cells]  # fmt: skip
        since_1904 = any(e.get("date1904") in ("1", "true") for e in _all(self.main, "workbookPr"))
        self.start = datetime(1904, 1, 1) if since_1904 else datetime(1899, 12, 30)

    def _part(self, name: str) -> Element:
        if name not in self.names:
            return Element("nothing")
        with self.archive.open(name) as file:
            content = file.read(LARGEST + 1)
        if len(content) > LARGEST:
            raise ValueError(f"{name} has more than {LARGEST // 1024**2} MB")
        return ElementTree.fromstring(content)

    def sheets(self) -> Iterator[tuple[str, str]]:
        """Yield each sheet's name and the part that it is in."""
        related = self._part("xl/_rels/workbook.xml.rels")
        parts = {each.get("Id"): each.get("Target", "") for each in related}
        for sheet in _all(self.main, "sheet"):
            number = next((v for k, v in sheet.attrib.items() if k.endswith("}id")), None)
            yield sheet.get("name", ""), posixpath.join("/xl", parts.get(number, ""))[1:]

    def rows(self, path: str) -> Iterator[tuple[int, list[str]]]:
        """Yield a sheet's rows."""
        number = 0
        for row in _all(self._part(path), "row"):
            number = int(row.get("r", number + 1))
            values = list[str]()
            for cell in _all(row, "c"):
                at = _column(cell.get("r", ""), len(values))
                values += [""] * (at - len(values))
                values.append(" ".join(self._value(cell).split()))
            if any(values):
                yield number, values

    def _value(self, cell: Element) -> str:
        kind, value = cell.get("t", "n"), next((e.text or "" for e in _all(cell, "v")), "")
        if kind == "inlineStr":
            return _text(cell)
        if kind == "s":
            return self.texts[int(value)]
        return self._number(float(value), int(cell.get("s", 0))) if kind == "n" and value else value

    def _number(self, value: float, style: int) -> str:
        """Give a number as its cell shows it: a date, or whole with its zeros in front."""
        known, code = self.formats[style] if style < len(self.formats) else (0, "")
        if known in DATES or re.search("[ydh]", NO_CODE.sub("", code).lower()):
            moment = self.start + timedelta(seconds=round(value * 86_400))
            return f"{moment:%Y-%m-%d %H:%M:%S}"
        if value.is_integer():
            return f"{int(value)}".zfill(len(code) if re.fullmatch("0+", code) else 0)
        return repr(value)


def _all(element: Element, name: str) -> Iterator[Element]:
    """Yield what is called so below an element, in either of the format's two namespaces."""
    return element.iterfind(f".//{{*}}{name}")


def _text(element: Element) -> str:
    """Give a text of parts in several styles, without how it is pronounced."""
    spoken = {part for each in _all(element, "rPh") for part in each.iter()}
    return "".join(part.text or "" for part in _all(element, "t") if part not in spoken)


def _column(place: str, following: int) -> int:
    """Give the number of a cell's column, from 0; the next one's where it doesn't say."""
    number = 0
    for letter in re.match(r"[A-Z]{0,3}", place)[0]:  # type: ignore[index]  # it fits anything
        number = 26 * number + ord(letter) - 64
    return max(number - 1, following)
