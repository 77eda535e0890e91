"""The median time of a redraw of every explorer in the kernel: at most 100 ms is wanted."""

import importlib
import inspect
import pkgutil
import statistics
import time

import ipywidgets as widgets

from mlpkit import explorers
from mlpkit.explorers.shell import Explorer


def public_explorers():
    """Yield (name, explorer) of each function in mlpkit.explorers that needs no argument."""
    for info in pkgutil.iter_modules(explorers.__path__):
        module = importlib.import_module(f"mlpkit.explorers.{info.name}")
        for name, function in inspect.getmembers(module, inspect.isfunction):
            here = function.__module__ == module.__name__ and name[0] != "_"
            if here and not inspect.signature(function).parameters:
                explorer = function()
                if isinstance(explorer, Explorer):
                    yield f"{info.name}.{name}", explorer


def other_values(control, count):
    """Values of a control to go through, `count` different ones if it has as many; or None."""
    if isinstance(control, widgets.Checkbox | widgets.ToggleButton):
        return [True, False]
    if hasattr(control, "options"):
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        return values if len(values) > 1 else None
    if hasattr(control, "min"):
        values = [control.min + (number + 1) * control.step for number in range(count)]
        return [control.base**value for value in values] if hasattr(control, "base") else values
    return None


def redraw_times(explorer, repeats=10):
    """Map each control's name to the median seconds that moving it takes."""
    medians = {}
    for name, control in explorer.controls.items():
        if (values := other_values(control, repeats)) is None:
            continue
        seconds = []
        for number in range(repeats):
            start = time.perf_counter()
            control.value = values[number % len(values)]
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
