"""Time lecture 8's training step under torch.compile, in a process that can be stopped.

    python compiled_step.py --out seconds.json 64 1024 1

Compiling takes much longer than a step, so the results are saved after each batch size.
"""

import argparse
import json
import time
from pathlib import Path

import torch
from distributed_sgd import to_torch
from torch import nn

from mlpkit.datasets import load_digits
from mlpkit.network import MLP


def make_step(network, learning_rate=0.1):
    """Return step(X, y), one SGD step of a compiled copy of an `MLP`."""
    model = to_torch(network)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    objective = torch.compile(lambda X, y: nn.functional.cross_entropy(model(X), y))

    def step(X, y):
        rho = objective(X, y)
        optimizer.zero_grad()
        rho.backward()
        optimizer.step()
        return rho.item()

    return step


def seconds(step, X, y, enough=0.2):
    """Return the time of the fastest call, measured for about `enough` seconds."""
    step(X, y)
    times, start = [], time.perf_counter()
    while time.perf_counter() - start < enough:
        before = time.perf_counter()
        step(X, y)
        times.append(time.perf_counter() - before)
    return min(times)


def main():
    """Measure one batch size after the other."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", required=True, type=Path)
    parser.add_argument("--hidden", type=int, default=100, help="d_H")
    parser.add_argument("sizes", type=int, nargs="+")
    options = parser.parse_args()
    torch.set_num_threads(1)
    digits = load_digits()
    X, y = torch.from_numpy(digits.X_train), torch.from_numpy(digits.y_train)
    step, found = make_step(MLP(64, options.hidden, 10, seed=0)), {}
    for N in options.sizes:
        found[N] = seconds(step, X[:N], y[:N])
        options.out.write_text(json.dumps(found))


if __name__ == "__main__":
    main()
