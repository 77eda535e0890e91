"""Wrong and right answers to the exercises of ps2."""

from tests.assignments.harness import Cases

LOG_SOFTMAX = Cases(
    mistakes={
        "no shift: e^U overflows": (
            "shifted = U - U.max(axis=axis, keepdims=True)",
            "shifted = U",
        ),
        "logarithm of the softmax: log of 0": (
            "return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))",
            "f = np.exp(shifted)\n    return np.log(f / f.sum(axis=axis, keepdims=True))",
        ),
        "a small number inside the logarithm": (
            "return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))",
            "f = np.exp(shifted)\n    return np.log(f / f.sum(axis=axis, keepdims=True) + 1e-12)",
        ),
        "shift by the maximum of the whole array": ("U.max(axis=axis, keepdims=True)", "U.max()"),
        "always the last axis": [
            ("U.max(axis=axis,", "U.max(axis=-1,"),
            ("sum(axis=axis,", "sum(axis=-1,"),
        ],
        "always the first axis": [
            ("U.max(axis=axis,", "U.max(axis=0,"),
            ("sum(axis=axis,", "sum(axis=0,"),
        ],
        "no keepdims": ("sum(axis=axis, keepdims=True)", "sum(axis=axis)"),
        "sum over the whole array": ("sum(axis=axis, keepdims=True)", "sum()"),
        "probabilities, without the logarithm": (
            "return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))",
            "f = np.exp(shifted)\n    return f / f.sum(axis=axis, keepdims=True)",
        ),
        "sign": ("return shifted - np.log", "return np.log"),
    },
    right={
        "logaddexp": """
def log_softmax(U, axis):
    U = np.asarray(U)
    return U - np.logaddexp.reduce(U, axis=axis, keepdims=True)
""",
        "loops over nested lists": """
def log_softmax(U, axis):
    import math

    def one(row):
        top = max(row)
        total = math.log(math.fsum(math.exp(u - top) for u in row))
        return [u - top - total for u in row]

    U = np.moveaxis(np.asarray(U, dtype=float), axis, -1)
    rows = [one(row) for row in U.reshape(-1, U.shape[-1])]
    return np.moveaxis(np.array(rows).reshape(U.shape), -1, axis).tolist()
""",
        "a warning and prints on the way": """
def log_softmax(U, axis):
    import sys, warnings
    U = np.asarray(U)
    print("shape", U.shape)
    print("shape", U.shape, file=sys.stderr)
    warnings.warn("careful")
    np.exp(U + 1e5)  # overflows
    shifted = U - U.max(axis=axis, keepdims=True)
    return shifted - np.log(np.sum(np.exp(shifted), axis=axis, keepdims=True))
""",
    },
)

CROSS_ENTROPY = Cases(
    mistakes={
        "divides by N": ("/ w.sum()", "/ N"),
        "divides by the sum of all classes' weights": ("/ w.sum()", "/ weights.sum()"),
        "sum and not mean": ("return (w * rho).sum() / w.sum()", "return (w * rho).sum()"),
        "sign": ("rho = -(q", "rho = (q"),
        "ignores the weights": ("w = weights[y]", "w = np.ones(N)"),
        "ignores the smoothing": (
            "q[np.arange(N), y] += 1 - smoothing",
            "q[:] = np.eye(K)[y]",
        ),
        "smooths over the other classes": [
            ("smoothing / K", "smoothing / (K - 1)"),
            ("+= 1 - smoothing", "= 1 - smoothing"),
        ],
        "the label keeps 1 - ε, without its share of ε": ("+= 1 - smoothing", "= 1 - smoothing"),
        "weights inside the sum over classes": [
            ("rho = -(q * log_f)", "rho = -(q * weights * log_f)"),
            ("(w * rho).sum()", "rho.sum()"),
        ],
        "logarithm of the softmax: log of 0": (
            "log_f = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))",
            "f = np.exp(shifted)\n    log_f = np.log(f / f.sum(axis=1, keepdims=True))",
        ),
    },
    right={
        "loops": """
def cross_entropy(U, y, smoothing, weights):
    total = weight = 0.0
    for scores, label in zip(U, y):
        top = max(scores)
        log_sum = top + np.log(sum(np.exp(u - top) for u in scores))
        rho = 0.0
        for k in range(len(scores)):
            q = smoothing / len(scores) + (1 - smoothing if k == label else 0)
            rho -= q * (scores[k] - log_sum)
        total += weights[label] * rho
        weight += weights[label]
    return total / weight
""",
        "two terms and an average, with a warning": """
def cross_entropy(U, y, smoothing, weights):
    np.log(np.zeros(1))
    log_f = U - np.logaddexp.reduce(U, axis=1)[:, None]
    hard = log_f[np.arange(len(y)), y]
    rho = -(1 - smoothing) * hard - smoothing * log_f.mean(axis=1)
    return np.average(rho, weights=np.array(weights)[y])
""",
    },
)

SCORES_GRADIENT = Cases(
    mistakes={
        "sign": ("return (f - q)", "return (q - f)"),
        "no 1/N": ("(w / w.sum())", "(w / w.mean())"),
        "divides by N": ("(w / w.sum())", "(w / N)"),
        "ignores the weights": ("w = weights[y]", "w = np.ones(N)"),
        "ignores the smoothing": ("q = np.full((N, K), smoothing / K)", "q = np.zeros((N, K))"),
        "hard labels": ("q[np.arange(N), y] += 1 - smoothing", "q = np.eye(K)[y]"),
        "weights of the classes and not of the labels": (
            "(w / w.sum())[:, None]",
            "weights / w.sum()",
        ),
        "softmax along the samples": ("f.sum(axis=1, keepdims=True)", "f.sum(axis=0)"),
        "transposed": (
            "return (f - q) * (w / w.sum())[:, None]",
            "return ((f - q) * (w / w.sum())[:, None]).T",
        ),
        "no shift: e^U overflows": (
            "np.exp(U - U.max(axis=1, keepdims=True))",
            "np.exp(U)",
        ),
    },
    right={
        "loops over samples": """
def scores_gradient(U, y, smoothing, weights):
    total = sum(weights[label] for label in y)
    rows = []
    for scores, label in zip(U, y):
        f = np.exp(scores - max(scores))
        f = f / sum(f)
        q = [smoothing / len(f)] * len(f)
        q[label] += 1 - smoothing
        rows.append([float(weights[label] / total * (f[k] - q[k])) for k in range(len(f))])
    return rows
""",
        "one-hot by comparison, other order": """
def scores_gradient(U, y, smoothing, weights):
    U = np.asarray(U, dtype=np.longdouble)
    f = np.exp(U - np.logaddexp.reduce(U, axis=1, keepdims=True))
    e = np.asarray(y)[:, None] == np.arange(U.shape[1])
    w = np.asarray(weights)[y]
    result = w[:, None] * f - w[:, None] * e * (1 - smoothing)
    result -= w[:, None] * smoothing / U.shape[1]
    return result / w.sum()
""",
    },
)

GRADIENTS = Cases(
    mistakes={
        "no 1/N": ("dU /= N", "pass"),
        "sign of ∂ρ/∂U": ("dU /= N", "dU /= -N"),
        "no σ′": ("dZ = delta * (1 - H**2)", "dZ = delta"),
        "σ′ of the sigmoid": ("(1 - H**2)", "H * (1 - H)"),
        "σ′ at H and not at Z": ("(1 - H**2)", "(1 - np.tanh(H) ** 2)"),
        "σ′ of ReLU": ("(1 - H**2)", "(H > 0)"),
        "C transposed": ("delta = dU @ C", "delta = dU @ C.T"),
        "∂L/∂W transposed": ("dZ.T @ X", "X.T @ dZ"),
        "∂L/∂C transposed": ("dU.T @ H", "H.T @ dU"),
        "no penalty": [("+ penalty * W", ""), ("+ penalty * C", "")],
        "penalty on W only": (" + penalty * C", ""),
        "twice the penalty": ("+ penalty * W", "+ 2 * penalty * W"),
        "penalty on the biases": ('"b1": dZ.sum(axis=0)', '"b1": dZ.sum(axis=0) + penalty * b1'),
        "∂L/∂C from Z": ("dU.T @ H", "dU.T @ (X @ W.T + b1)"),
        "∂L/∂b¹ from δ, without σ′": ('"b1": dZ.sum', '"b1": delta.sum'),
        "sum of the biases' gradients along the wrong axis": (
            '"b2": dU.sum(axis=0)',
            '"b2": dU.sum(axis=1)',
        ),
    },
    right={
        "loop over samples, outer products": """
def gradients(theta, X, y, penalty):
    W, b1, C, b2 = theta["W"], theta["b1"], theta["C"], theta["b2"]
    total = {"W": penalty * W, "b1": 0 * b1, "C": penalty * C, "b2": 0 * b2}
    for x, label in zip(X, y):
        Z = W @ x + b1
        H = np.tanh(Z)
        U = C @ H + b2
        f = np.exp(U) / np.exp(U).sum()
        e = np.zeros(len(f))
        e[label] = 1
        dU = -(e - f) / len(X)
        dZ = (C.T @ dU) / np.cosh(Z) ** 2
        total["C"] = total["C"] + np.outer(dU, H)
        total["b2"] = total["b2"] + dU
        total["W"] = total["W"] + np.outer(dZ, x)
        total["b1"] = total["b1"] + dZ
    return total
""",
        "einsum, changed arguments, lists, a warning": """
def gradients(theta, X, y, penalty):
    np.float64(1) / np.float64(0)
    theta["b1"] += 0.0
    H = np.tanh(np.einsum("nd,hd->nh", X, theta["W"]) + theta["b1"])
    U = np.einsum("nh,kh->nk", H, theta["C"]) + theta["b2"]
    f = np.exp(U - np.logaddexp.reduce(U, axis=1, keepdims=True))
    for n, label in enumerate(y):
        f[n, label] -= 1
    D = np.einsum("nk,kh,nh->nh", f, theta["C"], 1 - H * H)
    return {
        "b2": (f.mean(axis=0)).tolist(),
        "C": (np.einsum("nk,nh->kh", f, H) / len(y) + theta["C"] * penalty).tolist(),
        "b1": (D.mean(axis=0)).tolist(),
        "W": (np.einsum("nh,nd->hd", D, X) / len(y) + theta["W"] * penalty).tolist(),
    }
""",
    },
)

WRONG_ENTRIES = Cases(
    mistakes={
        "doesn't put the entry back": ("            value[index] = kept\n", ""),
        "divides by the step and not by twice the step": ("/ (2 * step)", "/ step"),
        "a step that drowns in rounding": ("step = [], 1e-5", "step = [], 1e-15"),
        "a step over which the curve bends": ("step = [], 1e-5", "step = [], 0.5"),
        "no absolute value": ("if abs(claimed[name][index] - g)", "if (claimed[name][index] - g)"),
        "always finds nothing": ("return wrong", "return []"),
        "stops at the first": ("return wrong", "return wrong[:1]"),
        "looks at the matrices only": (
            "for name, value in theta.items():\n        for index",
            'for name, value in [("A", theta["A"])]:\n        for index',
        ),
        "numbers the entries through": (
            "wrong.append((name, index))",
            "wrong.append((name, (int(np.ravel_multi_index(index, value.shape)),)))",
        ),
        "row and column exchanged": (
            "wrong.append((name, index))",
            "wrong.append((name, index[::-1]))",
        ),
        "a tolerance of one per cent": ("1e-4 * max", "1e-2 * max"),
        "lists the right ones": ("- g) > 1e-4", "- g) < 1e-4"),
        "one-sided difference": [
            ("below = wave_loss(theta, X, Y)", "below = start"),
            ("/ (2 * step)", "/ 1e-3"),
            ("kept + step", "kept + 1e-3"),
            ("wrong, step = [], 1e-5", "wrong, step, start = [], 1e-3, wave_loss(theta, X, Y)"),
        ],
    },
    right={
        "over copies, another step": """
def wrong_entries(theta, claimed, X, Y):
    found = []
    for name in sorted(theta, reverse=True):
        for index, value in np.ndenumerate(claimed[name]):
            up = {key: np.array(entry) for key, entry in theta.items()}
            down = {key: np.array(entry) for key, entry in theta.items()}
            h = 1e-6 * max(1.0, abs(up[name][index]))
            up[name][index] += h
            down[name][index] -= h
            g = (wave_loss(up, X, Y) - wave_loss(down, X, Y)) / 2 / h
            print(name, index, g)
            if not np.isclose(value, g, rtol=1e-4, atol=1e-4):
                found.append([name, list(index)])
    return found
""",
        "five-point differences on a flat view": """
def wrong_entries(theta, claimed, X, Y):
    wrong = []
    for name in theta:
        def loss(step, flat):
            moved = theta[name].copy()
            moved.reshape(-1)[flat] += step
            return wave_loss({**theta, name: moved}, X, Y)

        for flat in range(theta[name].size):
            h = 1e-4
            g = 8 * (loss(h, flat) - loss(-h, flat)) - (loss(2 * h, flat) - loss(-2 * h, flat))
            g /= 12 * h
            if abs(claimed[name].reshape(-1)[flat] - g) > max(1e-4, 1e-4 * abs(g)):
                wrong.append((name, np.unravel_index(flat, theta[name].shape)))
    return tuple(wrong)
""",
    },
)

EPOCH = Cases(
    mistakes={
        "with replacement": (
            "np.random.default_rng(seed).permutation(len(X))",
            "np.random.default_rng(seed).integers(len(X), size=len(X))",
        ),
        "not shuffled": ("np.random.default_rng(seed).permutation(len(X))", "np.arange(len(X))"),
        "the seed is ignored": ("default_rng(seed)", "default_rng(0)"),
        "another order at each call": ("default_rng(seed)", "default_rng()"),
        "the last, smaller minibatch is dropped": (
            "range(0, len(X), batch_size)",
            "range(0, len(X) - batch_size + 1, batch_size)",
        ),
        "goes uphill": ("theta[name] - learning_rate", "theta[name] + learning_rate"),
        "each gradient at the start": [
            ("batches = []", "batches, start_theta = [], theta"),
            ("wave_gradient(theta,", "wave_gradient(start_theta,"),
        ],
        "X shuffled and Y not": (
            "Y[rows])",
            "Y[start : start + batch_size])",
        ),
        "divides the gradient by the batch size again": (
            "- learning_rate *",
            "- learning_rate / len(rows) *",
        ),
        "one row a step": (
            "batches.append([int(row) for row in rows])",
            "batches += [[int(r)] for r in rows]",
        ),
        "returns the parameters only": ("return theta, batches", "return theta"),
        "the last step is left out": (
            "return theta, batches",
            "return {n: theta[n] + learning_rate * gradient[n] for n in theta}, batches",
        ),
    },
    right={
        "random.shuffle and pop": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    import random

    rows = list(range(len(X)))
    random.Random(seed).shuffle(rows)
    A, c, batches = theta["A"].copy(), theta["c"].copy(), []
    while rows:
        batch, rows = rows[:batch_size], rows[batch_size:]
        step = wave_gradient({"A": A, "c": c}, X[batch], Y[batch])
        A -= learning_rate * step["A"]
        c -= learning_rate * step["c"]
        batches.append(batch)
    return [{"A": A.tolist(), "c": c.tolist()}, batches]
""",
        "changes its argument, splits an array": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = np.arange(len(X))
    np.random.default_rng([seed, 5]).shuffle(order)
    batches = np.array_split(order, np.arange(batch_size, len(X), batch_size))
    for rows in batches:
        for name, slope in wave_gradient(theta, X[rows], Y[rows]).items():
            theta[name] -= learning_rate * slope
    return theta, batches
""",
    },
)

# Where nothing is learned, one epoch shows it as well as twelve.
BRIEFLY = ("epochs = 64, 12", "epochs = 64, 1")

TRAIN_DIGITS = Cases(
    mistakes={
        "all weights start at 0": [
            ("np.sqrt(2 / 64) *", "0 *"),
            ("np.sqrt(2 / d_H) *", "0 *"),
            BRIEFLY,
        ],
        "goes uphill": [("theta[name] - learning_rate", "theta[name] + learning_rate"), BRIEFLY],
        "steps far too large": [("0.5 *", "1e3 *"), BRIEFLY],
        "steps far too small": [("0.5 *", "1e-6 *"), BRIEFLY],
        "returns the network it began with": [
            ("theta = {name: theta[name]", "_ = {name: theta[name]"),
            BRIEFLY,
        ],
        "learns five images": [
            ("rows = order[start : start + 25]", "rows = np.arange(5)"),
            BRIEFLY,
        ],
        "labels shifted by one": [("y[rows])", "(y[rows] + 1) % 10)"), BRIEFLY],
        "rows of X and y don't belong together": [("y[rows])", "y[np.sort(rows)])"), BRIEFLY],
        "learns sixty images": [
            ("order = rng.permutation(len(X))", "order = rng.permutation(60)"),
            ("range(0, len(X), 25)", "range(0, 60, 25)"),
        ],
        "W transposed": [("return theta", 'return {**theta, "W": theta["W"].T}'), BRIEFLY],
        "no biases in the answer": [
            ("return theta", 'return {"W": theta["W"], "C": theta["C"]}'),
            BRIEFLY,
        ],
        "one hidden unit": ("epochs = 64, 12", "epochs = 1, 1"),
    },
    right={
        "momentum, wider, float32": """
def train_digits(X, y, seed):
    rng = np.random.default_rng(seed)
    X = X.astype(np.float32)
    shapes = {"W": (100, 64), "b1": (100,), "C": (10, 100), "b2": (10,)}
    theta = {
        name: (rng.normal(size=shape) * (0.15 if len(shape) == 2 else 0)).astype(np.float32)
        for name, shape in shapes.items()
    }
    velocity = {name: 0 * value for name, value in theta.items()}
    for step in range(400):
        rows = rng.choice(len(X), 50, replace=False)
        alpha = np.float32(0.05 * (1 - step / 400))
        gradient = relu_gradients(theta, X[rows], y[rows])
        for name in theta:
            velocity[name] = 0.9 * velocity[name] - alpha * gradient[name]
            theta[name] = theta[name] + velocity[name]
    return theta
""",
        "own gradients, a decreasing step, prints": """
def train_digits(X, y, seed):
    rng = np.random.default_rng(seed)
    W, b1 = rng.uniform(-0.2, 0.2, (64, 64)), np.zeros(64)
    C, b2 = rng.uniform(-0.2, 0.2, (10, 64)), np.zeros(10)
    e = np.eye(10)[y]
    for step in range(500):
        rows = rng.integers(len(X), size=40)
        H = np.maximum(X[rows] @ W.T + b1, 0)
        f = np.exp(H @ C.T + b2)
        dU = (f / f.sum(axis=1, keepdims=True) - e[rows]) / len(rows)
        dZ = dU @ C * (H > 0)
        alpha = 0.5 * (1 - step / 500)
        C, b2 = C - alpha * dU.T @ H, b2 - alpha * dU.sum(axis=0)
        W, b1 = W - alpha * dZ.T @ X[rows], b1 - alpha * dZ.sum(axis=0)
        if step % 100 == 0:
            print("step", step)
    return {"W": W.tolist(), "b1": b1.tolist(), "C": C.tolist(), "b2": b2.tolist()}
""",
    },
)

CASES = {
    "log_softmax": LOG_SOFTMAX,
    "cross_entropy": CROSS_ENTROPY,
    "scores_gradient": SCORES_GRADIENT,
    "gradients": GRADIENTS,
    "wrong_entries": WRONG_ENTRIES,
    "epoch": EPOCH,
    "train_digits": TRAIN_DIGITS,
}
