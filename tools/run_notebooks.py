"""Run notebooks in place, each from a clean kernel, and keep what they print.

    python tools/run_notebooks.py lectures/05_backpropagation.ipynb …

What a reader without a kernel can't use is left out: the state of widgets, timings of cells and
the version of Python. A notebook that fails or writes to stderr is not saved.
"""

import os
import sys
import tempfile
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_output
from traitlets.config import Config

# One output for all that a cell prints, whenever its parts arrived.
OPTIONS = {"timeout": 600, "coalesce_streams": True}
WIDGET_VIEW = "application/vnd.jupyter.widget-view+json"


def run(path):
    """Execute one notebook and write it back, or raise with the cell that failed."""
    notebook = nbformat.read(path, as_version=4)
    resources = {"metadata": {"path": str(path.parent)}}
    with tempfile.TemporaryDirectory() as sockets:
        # IPC asks for no encryption; its address is a path that both sides must share.
        manager = {"transport": "ipc", "ip": f"{sockets}/kernel"}
        config = Config({"KernelManager": manager})
        client = NotebookClient(notebook, config=config, resources=resources, **OPTIONS)
        client.execute()
    tidy(notebook)
    beside = path.with_suffix(".ipynb.new")
    nbformat.write(notebook, beside)
    beside.replace(path)


def tidy(notebook):
    """Drop what no reader uses; refuse what no reader should meet."""
    ours = {"mlpkit": notebook.metadata.mlpkit} if "mlpkit" in notebook.metadata else {}
    notebook.metadata = nbformat.from_dict(
        ours
        | {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    for number, cell in enumerate(notebook.cells):
        cell.metadata.pop("execution", None)
        for output in cell.get("outputs", []):
            if output.get("name") == "stderr":
                raise SystemExit(f"cell {number} writes to stderr: {output['text']}")
        if cell.get("outputs"):  # beside a live view stands what a notebook keeps of it
            cell.outputs = [out for out in cell.outputs if WIDGET_VIEW not in out.get("data", {})]
            cover(cell)
    nbformat.validate(notebook)


def cover(cell):
    """Let folded outputs begin with one that holds nothing.

    Where outputs are folded JupyterLab shows the first line of the first of them, which would give
    away what a reader is asked to predict. Running the cell opens them, and prints them alone.
    """
    folded = cell.metadata.get("jupyter", {}).get("outputs_hidden")
    cell.outputs = [out for out in cell.outputs if out.get("data", True)]
    if folded and cell.outputs:
        cell.outputs.insert(0, new_output("display_data"))


if __name__ == "__main__":
    os.environ["TQDM_DISABLE"] = "1"
    for name in sys.argv[1:]:
        print(f"running {name}", flush=True)
        run(Path(name))
