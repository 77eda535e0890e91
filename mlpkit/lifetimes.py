"""Which arrays of one step are there at one time, found by running the step.

A step is a list of lines, each of which makes one array of others. A first run writes down what
each line reads; a second one throws every array away after the last line that has read it. Were
that too early, a line would not find what it needs.
"""

import numpy as np

from mlpkit.instruments import network_of


class _Watched(dict):
    """A dict that writes down which of its entries are read."""

    def __init__(self, entries):
        super().__init__(entries)
        self.read = set()

    def __getitem__(self, name):
        self.read.add(name)
        return super().__getitem__(name)


def lifetimes(needs):
    """Run a step, and say which arrays each of its lines makes and lets go.

    Parameters
    ----------
    needs : list of str
        For each hidden layer what σ′ is taken from, "Z" or "H".

    Returns
    -------
    list of (str, list of str)
        For each line the name of the array that it makes, and those that no later line reads:
        "Z1", "H1", …, "U", "dU", "dW3", "db3", "delta2", "dZ2", … Gradients are never let go.

    Raises
    ------
    ValueError
        If what a layer needs is neither "Z" nor "H".
    """
    return list(_lifetimes(tuple(needs), 1, (1,) * (len(needs) + 2)))


def most_alive(N, widths, needs):
    """Run a step of a real network; return the most numbers at one time, and whose they are.

    Parameters
    ----------
    N : int
        Samples.
    widths : list of int
        As for :func:`mlpkit.instruments.network_of`.
    needs : list of str
        As for :func:`lifetimes`.

    Returns
    -------
    int, list of str
        Of all lines at which so many are there, the first one's arrays. θ, X and y don't count.
    """
    lines, given = _lines(N, widths, needs)
    arrays, most, names = dict(given), 0, []
    for (name, line), (_, let_go) in zip(lines, _lifetimes(tuple(needs), N, widths), strict=True):
        arrays[name] = line(arrays)
        there = sum(array.size for each, array in arrays.items() if each not in given)
        if there > most:
            most, names = there, [each for each in arrays if each not in given]
        for each in let_go:
            del arrays[each]
    return most, names


def most_of(N, widths, needs):
    """Do the same for sizes that no computer need hold: by the lines of a small network."""
    there, total, most, names = {}, 0, 0, []
    for name, let_go in lifetimes(needs):
        there[name] = size_of(name, N, widths)
        total += there[name]
        if total > most:
            most, names = total, list(there)
        total -= sum(there.pop(each) for each in let_go)
    return most, names


def size_of(name, N, widths):
    """Say how many numbers the array of this name has, such as "dW2" or "U"."""
    kind = name.rstrip("0123456789")
    layer = int(name[len(kind) :] or len(widths) - 1)
    parameters = {"dW": widths[layer] * widths[layer - 1], "db": widths[layer]}
    return parameters.get(kind, N * widths[layer])


def _lifetimes(needs, N, widths):
    lines, arrays = _lines(N, widths, needs)
    last_read, arrays = {}, _Watched(arrays)
    given = set(arrays)
    for name, line in lines:
        arrays.read.clear()
        arrays[name] = line(arrays)
        last_read |= dict.fromkeys(sorted(arrays.read - given), name)
    let_go = {name: [] for name, _ in lines}
    for name, last in last_read.items():
        let_go[last].append(name)
    return let_go.items()


def _lines(N, widths, needs):
    """List (name, how to make it) of a step, and the arrays that are there all the time."""
    if unknown := set(needs) - {"Z", "H"}:
        raise ValueError(f'needs must hold "Z" and "H" only, got {sorted(map(str, unknown))}')
    rng, network = np.random.default_rng(1), network_of(widths, "tanh")
    X, y = rng.normal(size=(N, widths[0])), rng.integers(widths[-1], size=N)
    last = network.L + 1
    lines = [line for layer in range(1, last) for line in _up(network, layer)]
    lines += [("U", _affine(network, last))]
    lines += [("dU", lambda a: network.loss.value_and_gradient(a["U"], y)[1])]
    for layer in range(last, 0, -1):
        lines += _down(network, layer, needs)
    return lines, {"H0": X}


def _affine(network, layer):
    W, b = network.W[layer - 1], network.b[layer - 1]
    return lambda a: a[f"H{layer - 1}"] @ W.T + b


def _up(network, layer):
    return [
        (f"Z{layer}", _affine(network, layer)),
        (f"H{layer}", lambda a: np.tanh(a[f"Z{layer}"])),
    ]


def _down(network, layer, needs):
    """List the lines of the way back through a layer, and on to the Z below it."""
    dZ, below = "dU" if layer > network.L else f"dZ{layer}", layer - 1
    lines = [(f"dW{layer}", lambda a: a[dZ].T @ a[f"H{below}"])]
    lines += [(f"db{layer}", lambda a: a[dZ].sum(axis=0))]
    if not below:
        return lines
    slopes = {
        "Z": lambda a: 1 - np.tanh(a[f"Z{below}"]) ** 2,
        "H": lambda a: 1 - a[f"H{below}"] ** 2,
    }[needs[below - 1]]
    lines += [(f"delta{below}", lambda a: a[dZ] @ network.W[layer - 1])]
    return [*lines, (f"dZ{below}", lambda a: a[f"delta{below}"] * slopes(a))]
