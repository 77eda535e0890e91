"""KaTeX for the book's own folder, from the package that grades."""

from mlpkit.grading.course import formulas


def write(folder):
    """Write the program and its styles into a folder, each held against its digest."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "katex.min.js").write_text(formulas.script(), encoding="utf-8")
    (folder / "katex.css").write_text(formulas.styles(), encoding="utf-8")
    (folder / "LICENSE").write_bytes(formulas.read("LICENSE"))
