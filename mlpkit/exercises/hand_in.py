"""Looking whether a notebook is ready to be handed in."""

from pathlib import Path


def ready_to_hand_in(path: str, exercises: list[str]) -> None:
    """Print what is still missing in a notebook, as it is saved.

    Parameters
    ----------
    path : str
        The notebook's file name, in this folder.
    exercises : list of str
        The ids of the cells to write an answer in.
    """
    if not Path(path).exists():
        print(f"{path} is not in this folder: save the notebook under its own name.")
        return
    missing = _missing(Path(path), exercises)
    for line in missing:
        print(f"- {line}")
    if not missing:
        print(f"{path} is ready to hand in: {len(exercises)} answers, all there.")
    else:
        print(f"{path}, as last saved, is not ready. It can be handed in; what is missing gets 0.")


def _missing(path: Path, exercises: list[str]) -> list[str]:
    import nbformat  # here, as only notebooks call it

    cells: dict[str | None, list[nbformat.NotebookNode]] = {}
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        identity = cell.metadata.get("nbgrader", {}).get("grade_id")
        cells.setdefault(identity, []).append(cell)
    missing = []
    for name in exercises:
        found = cells.get(name, [])
        if len(found) != 1:
            missing.append(f"{name}: there are {len(found)} cells of this name, not one")
        elif _is_blank(found[0].source):
            missing.append(f"{name}: not answered yet")
    return missing


def _is_blank(source: str) -> bool:
    # A line of its own: an answer may well speak of the stub.
    stub = any(line.strip().startswith("raise NotImplementedError") for line in source.splitlines())
    return stub or source.strip() in ("", "YOUR ANSWER HERE")
