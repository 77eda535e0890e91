"""One epoch of 784-100-10, ReLU, float32 on 60,000 rows, and single steps of batch 1.

Beside mlpkit: PyTorch eager, scikit-learn, and the floor: the matrix products alone.
"""

import sys
import time
import warnings

import numpy as np

from tests.benchmarks.processes import race, table

ROWS, BATCH, SINGLES = 60_000, 64, 5_000


def data(rows):
    rng = np.random.default_rng(0)
    return rng.random((rows, 784), dtype=np.float32), rng.integers(0, 10, rows)


def mlpkit(X, y, batch_size):
    from mlpkit.network import MLP
    from mlpkit.training import sgd

    network = MLP(784, 100, 10, dtype=np.float32)
    return lambda: sgd(network, X, y, learning_rate=0.01, batch_size=batch_size)


def torch(X, y, batch_size):
    import torch

    torch.manual_seed(0)
    network = torch.nn.Sequential(
        torch.nn.Linear(784, 100), torch.nn.ReLU(), torch.nn.Linear(100, 10)
    )
    optimiser = torch.optim.SGD(network.parameters(), lr=0.01)
    X, y, loss = torch.from_numpy(X), torch.from_numpy(y), torch.nn.CrossEntropyLoss()

    def epoch():
        for rows in torch.randperm(len(X)).split(batch_size):
            optimiser.zero_grad()
            loss(network(X[rows]), y[rows]).backward()
            optimiser.step()

    return epoch


def sklearn(X, y, batch_size):
    from sklearn.neural_network import MLPClassifier

    warnings.simplefilter("ignore")  # one epoch doesn't converge, and isn't meant to
    network = MLPClassifier(
        (100,), solver="sgd", learning_rate_init=0.01, momentum=0, alpha=0,
        batch_size=batch_size, max_iter=1, random_state=0,
    )  # fmt: skip
    return lambda: network.fit(X, y)


def floor(X, y, batch_size):
    """The five products of a step: two forward, three backward (no ∂ρ/∂X)."""
    rng = np.random.default_rng(0)
    x, W1 = X[:batch_size], rng.random((100, 784), dtype=np.float32)
    W2, U = rng.random((10, 100), dtype=np.float32), np.empty((batch_size, 10), np.float32)
    H, delta, dW1, dW2 = np.empty((batch_size, 100), np.float32), None, W1.copy(), W2.copy()
    delta = H.copy()

    def epoch():
        for _ in range(-(-len(X) // batch_size)):
            np.dot(x, W1.T, out=H)
            np.dot(H, W2.T, out=U)
            np.dot(U.T, H, out=dW2)
            np.dot(U, W2, out=delta)
            np.dot(delta.T, x, out=dW1)

    return epoch


def seconds(contender, rows, batch_size):
    """Time the second of two epochs: the first pays for pages and caches."""
    run = globals()[contender](*data(rows), batch_size)
    run()
    start = time.perf_counter()
    run()
    return time.perf_counter() - start


def main():
    names = ["mlpkit", "torch", "sklearn", "floor"]
    for size, rows in ((BATCH, ROWS), (1, SINGLES)):
        labels = [f"{name}:{rows}:{size}" for name in names]
        times = race("tests.benchmarks.training", labels)
        title = f"{rows} rows of 784-100-10, float32, batch {size}"
        table(title, {label.split(":")[0]: value for label, value in times.items()}, "mlpkit")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        name, rows, size = sys.argv[1].split(":")
        print(seconds(name, int(rows), int(size)))
    else:
        main()
