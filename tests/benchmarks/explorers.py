"""The median time of a redraw of every explorer in the kernel: at most 100 ms is wanted."""

import importlib
import pkgutil
import statistics
import time

import ipywidgets as widgets

from mlpkit import explorers


def public_explorers():
    """Yield (name, explorer) of each function in mlpkit.explorers that needs no argument."""
    for info in pkgutil.iter_modules(explorers.__path__):
        module = importlib.import_module(f"mlpkit.explorers.{info.name}")
        for name, function in vars(module).items():
            here = getattr(function, "__module__", None) == module.__name__
            if callable(function) and here and name.endswith("_explorer") and name[0] != "_":
                yield f"{info.name}.{name}", function()


def other_values(control):
    """Two values of a control to go to and fro between, or None where it has none."""
    if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
        return [True, False]
    if hasattr(control, "options"):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        return values[:2] if len(values) > 1 else None
    if hasattr(control, "min"):
        return [control.min + control.step, control.min + 2 * control.step]
    return None


def redraw_times(explorer, repeats=10):
    """Map each control's name to the median seconds that moving it takes."""
    medians = {}
    for name, control in explorer.controls.items():
        if (values := other_values(control)) is None:
            continue
        seconds = []
        for number in range(repeats):
            start = time.perf_counter()
            control.value = values[number % 2]
            seconds.append(time.perf_counter() - start)
        medians[name] = statistics.median(seconds)
    return medians


def main():
    print("\nRedraw of each explorer, median per control")
    for name, explorer in public_explorers():
        for control, seconds in redraw_times(explorer).items():
            print(f"  {name:44s} {control:20s} {1000 * seconds:6.0f} ms")


if __name__ == "__main__":
    main()
