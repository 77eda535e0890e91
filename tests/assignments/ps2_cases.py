"""Wrong and right answers to the exercises of ps2."""

from tests.assignments.harness import Cases

LAST = "of two axes the second is the last"

LOG_SOFTMAX = Cases(
    mistakes={
        "stable only when something exceeds 700": """
def log_softmax(U, axis):
    if U.max() > 700:
        U = U - U.max(axis=axis, keepdims=True)
    return U - np.log(np.exp(U).sum(axis=axis, keepdims=True))
""",
        "logarithm of the probability wherever it isn't 0": (
            "return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))",
            "total = np.sum(np.exp(shifted), axis, keepdims=True)\n    f = np.exp(shifted) / total\n"
            "    return np.where(f > 0, np.log(f), shifted - np.log(total))",
        ),
        "no shift: e^U overflows": (
            "shifted = U - np.max(U, axis, keepdims=True)",
            "shifted = U",
        ),
        "logarithm of the softmax: log of 0": (
            "return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))",
            "f = np.exp(shifted)\n    return np.log(f / f.sum(axis=axis, keepdims=True))",
        ),
        "a small number inside the logarithm": (
            "return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))",
            "f = np.exp(shifted)\n    return np.log(f / f.sum(axis=axis, keepdims=True) + 1e-12)",
        ),
        "shift by the maximum of the whole array": ("np.max(U, axis, keepdims=True)", "U.max()"),
        "always the last axis": [
            ("np.max(U, axis,", "np.max(U, -1,"),
            ("np.exp(shifted), axis,", "np.exp(shifted), -1,"),
        ],
        "always the first axis": [
            ("np.max(U, axis,", "np.max(U, 0,"),
            ("np.exp(shifted), axis,", "np.exp(shifted), 0,"),
        ],
        "no keepdims": ("np.exp(shifted), axis, keepdims=True", "np.exp(shifted), axis"),
        "sum over the whole array": ("np.exp(shifted), axis, keepdims=True", "np.exp(shifted)"),
        "probabilities, without the logarithm": (
            "return shifted - np.log(np.sum(np.exp(shifted), axis, keepdims=True))",
            "f = np.exp(shifted)\n    return f / f.sum(axis=axis, keepdims=True)",
        ),
        "returns the logarithm of the sum only": ("return shifted - np.log", "return np.log"),
        "shifted by the first class": """
def log_softmax(U, axis):
    U = np.asarray(U, dtype=float)
    shifted = U - np.take(U, [0], axis=axis)
    return shifted - np.log(np.exp(shifted).sum(axis=axis, keepdims=True))
""",
        "integers stay integers": """
def log_softmax(U, axis):
    out = np.empty_like(U)
    out[...] = U - np.max(U, axis=axis, keepdims=True)
    out[...] = out - np.log(np.exp(out).sum(axis=axis, keepdims=True))
    return out
""",
        "shifted by less than the largest": (
            "np.max(U, axis, keepdims=True)",
            "np.mean(U, axis, keepdims=True)",
        ),
        "single precision": ("    shifted =", "    U = np.float32(U)\n    shifted ="),
        "nothing below −700": (
            "    return shifted",
            "    shifted = np.maximum(shifted, -700)\n    return shifted",
        ),
        "one dimension or two": ("    shifted =", "    U = np.atleast_2d(U)\n    shifted ="),
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
        "at ε = 1 the weights don't count": (
            "weights=weights[y]",
            "weights=weights[y] if smoothing < 1 else None",
        ),
        "a small ε is taken off the label whole": (
            "+= 1 - smoothing",
            "+= 1 - smoothing - smoothing / K * (smoothing < 1e-3)",
        ),
        "divides by N": ("np.average(rho, weights=weights[y])", "np.sum(weights[y] * rho) / N"),
        "divides by the sum of all classes' weights": (
            "np.average(rho, weights=weights[y])",
            "np.sum(weights[y] * rho) / weights.sum()",
        ),
        "sum and not mean": ("np.average(rho, weights=weights[y])", "np.sum(weights[y] * rho)"),
        "the sign turned": ("rho = -np", "rho = np"),
        "ignores the weights": ("weights=weights[y]", "weights=np.ones(N)"),
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
            ("q * log_f", "q * weights * log_f"),
            ("np.average(rho, weights=weights[y])", "np.sum(rho) / weights[y].sum()"),
        ],
        "logarithm of the softmax: log of 0": (
            "log_f = shifted - np.log(np.sum(np.exp(shifted), 1, keepdims=True))",
            "f = np.exp(shifted)\n    log_f = np.log(f / f.sum(axis=1, keepdims=True))",
        ),
        "K from the labels that occur": """
def cross_entropy(U, y, smoothing, weights):
    N, K = U.shape
    shifted = U - U.max(axis=1, keepdims=True)
    log_f = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    classes = np.unique(y)
    q = (1 - smoothing) * (y[:, None] == classes) + smoothing / len(classes)
    rho = -(q * log_f).sum(axis=1)
    w = weights[y]
    return (w * rho).sum() / w.sum()
""",
        "shifted by the largest of all": """
def cross_entropy(U, y, smoothing, weights):
    N, K = U.shape
    shifted = U - U.max()
    log_f = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    q = np.full((N, K), smoothing / K)
    q[np.arange(N), y] += 1 - smoothing
    rho = -(q * log_f).sum(axis=1)
    w = weights[y]
    return (w * rho).sum() / w.sum()
""",
        "one sample: a vector": """
def cross_entropy(U, y, smoothing, weights):
    N, K = U.shape
    shifted = U - U.max(axis=1, keepdims=True)
    log_f = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    q = np.full((N, K), smoothing / K)
    q[np.arange(N), y] += 1 - smoothing
    rho = -(q * log_f).sum(axis=1)
    w = weights[y]
    if N == 1: return rho
    return (w * rho).sum() / w.sum()
""",
        "K from the largest label": ("N, K = U.shape", "N, K = len(U), y.max() + 1"),
        "shifted by less than the row's largest": ("np.max(U, 1,", "np.mean(U, 1,"),
        "smoothing 0 is not given": (
            "q = np.full",
            "smoothing = smoothing or 0.1\n    q = np.full",
        ),
        "smoothing 1 is too much": (
            "q = np.full",
            "smoothing = min(smoothing, 0.99)\n    q = np.full",
        ),
        "squeezed": ("    N, K = U.shape", "    N, K = U.shape\n    U = U.squeeze()"),
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
    equivalent={
        "shifted = U - np.max(U, 1, keepdims=True) ⇒ shifted = U - np.max(U, -1, keepdims=True)": LAST,
        "rho = -np.sum(q * log_f, 1) ⇒ rho = -np.sum(q * log_f, -1)": LAST,
        "log_f = shifted - np.log(np.sum(np.exp(shifted), 1, keepdims=True)) ⇒ log_f = shifted - np.log(np.sum(np.exp(shifted), -1, keepdims=True))": LAST,
    },
)

SCORES_GRADIENT = Cases(
    mistakes={
        "the label is looked for where q is largest": (
            "w = weights[y]",
            "w = weights[q.argmax(1)]",
        ),
        "what is tiny is 0": (
            "return (f - q) * (w / np.sum(w))[:, None]",
            "dU = (f - q) * (w / np.sum(w))[:, None]\n    return dU * (abs(dU) > 1e-8)",
        ),
        "saturated rows set to 0": """
def scores_gradient(U, y, smoothing, weights):
    N, K = U.shape
    f = np.exp(U - U.max(axis=1, keepdims=True))
    f = f / f.sum(axis=1, keepdims=True)
    q = np.full((N, K), smoothing / K)
    q[np.arange(N), y] += 1 - smoothing
    f[f > 0.999] = 1.0
    w = weights[y]
    return (f - q) * (w / w.sum())[:, None]
""",
        "the sign turned": ("return (f - q)", "return (q - f)"),
        "no 1/N": ("(w / np.sum(w))", "(w / w.mean())"),
        "divides by N": ("(w / np.sum(w))", "(w / N)"),
        "ignores the weights": ("w = weights[y]", "w = np.ones(N)"),
        "ignores the smoothing": ("q = np.full((N, K), smoothing / K)", "q = np.zeros((N, K))"),
        "hard labels": ("q[np.arange(N), y] += 1 - smoothing", "q = np.eye(K)[y]"),
        "weights of the classes and not of the labels": (
            "(w / np.sum(w))[:, None]",
            "weights / w.sum()",
        ),
        "softmax along the samples": ("np.sum(f, 1, keepdims=True)", "f.sum(axis=0)"),
        "transposed": (
            "return (f - q) * (w / np.sum(w))[:, None]",
            "return ((f - q) * (w / w.sum())[:, None]).T",
        ),
        "no shift: e^U overflows": (
            "np.exp(U - np.max(U, 1, keepdims=True))",
            "np.exp(U)",
        ),
        "K from the largest label": """
def scores_gradient(U, y, smoothing, weights):
    N, K = U.shape
    f = np.exp(U - U.max(axis=1, keepdims=True))
    f /= f.sum(axis=1, keepdims=True)
    q = (1 - smoothing) * np.eye(y.max() + 1)[y] + smoothing / K
    w = weights[y]
    return (f - q) * (w / w.sum())[:, None]
""",
        "shifted by less than the row's largest": """
def scores_gradient(U, y, smoothing, weights):
    N, K = U.shape
    f = np.exp(U - U.mean(axis=1, keepdims=True))
    f /= f.sum(axis=1, keepdims=True)
    q = np.full((N, K), smoothing / K)
    q[np.arange(N), y] += 1 - smoothing
    w = weights[y]
    return (f - q) * (w / w.sum())[:, None]
""",
        "shifted by the first class": """
def scores_gradient(U, y, smoothing, weights):
    N, K = U.shape
    f = np.exp(U - U[:, :1])
    f /= f.sum(axis=1, keepdims=True)
    q = np.full((N, K), smoothing / K)
    q[np.arange(N), y] += 1 - smoothing
    w = weights[y]
    return (f - q) * (w / w.sum())[:, None]
""",
        "one sample: a vector": """
def scores_gradient(U, y, smoothing, weights):
    N, K = U.shape
    f = np.exp(U - U.max(axis=1, keepdims=True))
    f /= f.sum(axis=1, keepdims=True)
    q = np.full((N, K), smoothing / K)
    q[np.arange(N), y] += 1 - smoothing
    w = weights[y]
    if N == 1: return (f - q)[0]
    return (f - q) * (w / w.sum())[:, None]
""",
        "shifted by the largest of all": ("np.max(U, 1, keepdims=True)", "np.max(U)"),
        "one-hot as wide as the labels that occur": (
            "q[np.arange(N), y] += 1 - smoothing",
            "q += (1 - smoothing) * (y[:, None] == np.unique(y))",
        ),
        "squeezed": (
            "return (f - q) * (w / np.sum(w))[:, None]",
            "return ((f - q) * (w / np.sum(w))[:, None]).squeeze()",
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
    equivalent={
        "f /= np.sum(f, 1, keepdims=True) ⇒ f /= np.sum(f, -1, keepdims=True)": LAST,
        "f = np.exp(U - np.max(U, 1, keepdims=True)) ⇒ f = np.exp(U - np.max(U, -1, keepdims=True))": LAST,
    },
)

GRADIENTS = Cases(
    mistakes={
        "tanh by exponentials": """
def gradients(theta, X, y, penalty):
    W, b1, C, b2 = (theta[name] for name in ("W", "b1", "C", "b2"))
    N, K = len(X), len(b2)
    E = np.exp(2 * (X @ W.T + b1))
    H = (E - 1) / (E + 1)
    U = H @ C.T + b2
    f = np.exp(U - U.max(axis=1, keepdims=True))
    f /= f.sum(axis=1, keepdims=True)
    dU = (f - np.eye(K)[y]) / N
    dZ = (dU @ C) * (1 - H**2)
    return {"W": dZ.T @ X + penalty * W, "b1": dZ.sum(axis=0), "C": dU.T @ H + penalty * C, "b2": dU.sum(axis=0)}
""",
        "scores clipped to ±50": """
def gradients(theta, X, y, penalty):
    W, b1, C, b2 = (theta[name] for name in ("W", "b1", "C", "b2"))
    N, K = len(X), len(b2)
    H = np.tanh(X @ W.T + b1)
    U = H @ C.T + b2
    f = np.exp(np.clip(U, -50, 50))
    f /= f.sum(axis=1, keepdims=True)
    dU = (f - np.eye(K)[y]) / N
    dZ = (dU @ C) * (1 - H**2)
    return {"W": dZ.T @ X + penalty * W, "b1": dZ.sum(axis=0), "C": dU.T @ H + penalty * C, "b2": dU.sum(axis=0)}
""",
        "equal rows count once": (
            "N = len(X)",
            "X, first = np.unique(X, axis=0, return_index=True)\n    y, N = y[first], len(X)",
        ),
        "the penalty is 1 at most": ("N = len(X)", "penalty, N = min(penalty, 1.0), len(X)"),
        "a small penalty is none": (
            "N = len(X)",
            "penalty, N = penalty * (penalty > 1e-3), len(X)",
        ),
        "H is kept away from 1 and -1": (
            "dZ = delta",
            "H = np.clip(H, 1e-7 - 1, 1 - 1e-7)\n    dZ = delta",
        ),
        "H is remembered by the shapes of X and W": [
            ("y, penalty):", "y, penalty, kept={}):"),
            (
                "H = np.tanh(X @ W.T + b1)",
                "H = kept.setdefault((X.shape, W.shape), np.tanh(X @ W.T + b1))",
            ),
        ],
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
        "penalty on the biases": ('"b1": np.sum(dZ, 0)', '"b1": np.sum(dZ, 0) + penalty * b1'),
        "∂L/∂C from Z": ("dU.T @ H", "dU.T @ (X @ W.T + b1)"),
        "∂L/∂b¹ from δ, without σ′": ('"b1": np.sum(dZ', '"b1": np.sum(delta'),
        "sum of the biases' gradients along the wrong axis": (
            '"b2": np.sum(dU, 0)',
            '"b2": np.sum(dU, 1)',
        ),
        "one-hot as wide as the largest label": (
            "dU[np.arange(N), y] -= 1",
            "dU[:, : y.max() + 1] -= np.eye(y.max() + 1)[y]\n    dU = dU[:, : y.max() + 1]",
        ),
        "one sample: the bias is a matrix": (
            '"b1": np.sum(dZ, 0)',
            '"b1": dZ if N == 1 else np.sum(dZ, 0)',
        ),
        "squeezed": ('"W": dZ.T @ X + penalty * W', '"W": (dZ.T @ X + penalty * W).squeeze()'),
        "central differences": """
def gradients(theta, X, y, penalty):
    def loss(theta):
        U = np.tanh(X @ theta["W"].T + theta["b1"]) @ theta["C"].T + theta["b2"]
        rho = np.log(np.exp(U).sum(axis=1)) - U[np.arange(len(y)), y]
        return rho.mean() + penalty / 2 * ((theta["W"] ** 2).sum() + (theta["C"] ** 2).sum())

    result = {}
    for name, value in theta.items():
        result[name] = np.zeros(value.shape)
        for index in np.ndindex(value.shape):
            up, down = value.copy(), value.copy()
            up[index] += 1e-5
            down[index] -= 1e-5
            result[name][index] = (loss(theta | {name: up}) - loss(theta | {name: down})) / 2e-5
    return result
""",
    },
    right={
        "penalty added to theta's own arrays": """
def gradients(theta, X, y, penalty):
    N = len(X)
    H = np.tanh(X @ theta["W"].T + theta["b1"])
    U = H @ theta["C"].T + theta["b2"]
    dU = np.exp(U - U.max(axis=1, keepdims=True))
    dU /= dU.sum(axis=1, keepdims=True)
    dU[np.arange(N), y] -= 1
    dU /= N
    dZ = (dU @ theta["C"]) * (1 - H**2)
    theta["W"] *= penalty
    return {
        "W": dZ.T @ X + theta["W"],
        "b1": dZ.sum(axis=0),
        "C": dU.T @ H + penalty * theta["C"],
        "b2": dU.sum(axis=0),
    }
""",
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
    equivalent={
        "dU /= np.sum(dU, 1, keepdims=True) ⇒ dU /= np.sum(dU, -1, keepdims=True)": LAST,
    },
)

WRONG_ENTRIES = Cases(
    mistakes={
        "step 1e-8": """
def wrong_entries(theta, claimed, X, Y):
    found = []
    for name, array in theta.items():
        for index in np.ndindex(array.shape):
            h = 1e-8
            kept = array[index]
            array[index] = kept + h
            above = wave_loss(theta, X, Y)
            array[index] = kept - h
            below = wave_loss(theta, X, Y)
            array[index] = kept
            g = (above - below) / (2 * h)
            if abs(claimed[name][index] - g) > 1e-4 * max(1, abs(g)):
                found.append((name, index))
    return found
""",
        "a claimed 0 is passed over": ("if abs(claimed", "if claimed[name][index] and abs(claimed"),
        "a step of 1e-3": ("[], 1e-5", "[], 1e-3"),
        "a step of 1e-9": ("[], 1e-5", "[], 1e-9"),
        "a hundred rows": (
            "wrong, step = [], 1e-5",
            "X, Y, wrong, step = X[:100], Y[:100], [], 1e-5",
        ),
        "only what changes the sum of all": """
def wrong_entries(theta, claimed, X, Y):
    def difference(move):
        up, down = (
            wave_loss({name: theta[name] + sign * move[name] for name in theta}, X, Y)
            for sign in (1e-5, -1e-5)
        )
        return (up - down) / 2e-5

    found, total = [], sum(np.sum(value) for value in claimed.values())
    if abs(difference({name: 1 for name in theta}) - total) < 2e-5 * max(1, abs(total)):
        return []
    for name in theta:
        for index in np.ndindex(*theta[name].shape):
            move = {other: np.zeros(value.shape) for other, value in theta.items()}
            move[name][index] = 1
            g = difference(move)
            if abs(claimed[name][index] - g) > 1e-4 * max(1, abs(g)):
                found.append((name, index))
    return found
""",
        "only the direction of the whole": """
def wrong_entries(theta, claimed, X, Y):
    true = {name: np.zeros(value.shape) for name, value in theta.items()}
    for name in theta:
        for index in np.ndindex(*theta[name].shape):
            losses = []
            for step in (1e-5, -1e-5):
                moved = {other: np.array(value) for other, value in theta.items()}
                moved[name][index] += step
                losses.append(wave_loss(moved, X, Y))
            true[name][index] = (losses[0] - losses[1]) / 2e-5
    g, said = (np.concatenate([each[name].ravel() for name in theta]) for each in (true, claimed))
    if g @ said > (1 - 1e-9) * np.linalg.norm(g) * np.linalg.norm(said):
        return []
    return [
        (name, index)
        for name in theta
        for index in np.ndindex(*theta[name].shape)
        if abs(claimed[name][index] - true[name][index]) > 1e-4 * max(1, abs(true[name][index]))
    ]
""",
        "step relative to the entry": """
def wrong_entries(theta, claimed, X, Y):
    step, found = 1e-5, []
    for name in theta:
        for index in np.ndindex(*theta[name].shape):
            losses = []
            for sign in (1, -1):
                moved = {other: np.array(value) for other, value in theta.items()}
                moved[name][index] += sign * step * abs(theta[name][index])
                losses.append(wave_loss(moved, X, Y))
            g = (losses[0] - losses[1]) / (2 * step * abs(theta[name][index]))
            if abs(claimed[name][index] - g) > 1e-4 * max(1, abs(g)):
                found.append((name, index))
    return found
""",
        "claims compared by their size": """
def wrong_entries(theta, claimed, X, Y):
    step, found = 1e-5, []
    for name in theta:
        for index in np.ndindex(*theta[name].shape):
            losses = []
            for sign in (1, -1):
                moved = {other: np.array(value) for other, value in theta.items()}
                moved[name][index] += sign * step
                losses.append(wave_loss(moved, X, Y))
            g = (losses[0] - losses[1]) / (2 * step)
            if abs(abs(claimed[name][index]) - abs(g)) > 1e-4 * max(1, abs(g)):
                found.append((name, index))
    return found
""",
        "doesn't put the entry back": ("            value[index] = kept\n", ""),
        "divides by the step and not by twice the step": ("/ (2 * step)", "/ step"),
        "a step that drowns in rounding": ("step = [], 1e-5", "step = [], 1e-15"),
        "finds every entry wrong": ("step = [], 1e-5", "step = [], 0.5"),
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
        "a tolerance that is far too large": ("1e-4 * max", "1e-2 * max"),
        "lists the right ones": ("- g) > 1e-4", "- g) < 1e-4"),
        "one-sided difference": [
            ("below = wave_loss(theta, X, Y)", "below = start"),
            ("/ (2 * step)", "/ 1e-3"),
            ("kept + step", "kept + 1e-3"),
            ("wrong, step = [], 1e-5", "wrong, step, start = [], 1e-3, wave_loss(theta, X, Y)"),
        ],
        "a tolerance that is too small": """
def wrong_entries(theta, claimed, X, Y):
    theta = {name: np.array(value, dtype=float) for name, value in theta.items()}
    wrong, step = [], 1e-5
    for name, value in theta.items():
        for index in np.ndindex(value.shape):
            kept = value[index]
            value[index] = kept + step
            above = wave_loss(theta, X, Y)
            value[index] = kept - step
            below = wave_loss(theta, X, Y)
            value[index] = kept
            g = (above - below) / (2 * step)
            if abs(claimed[name][index] - g) > 1e-5 * max(1, abs(g)):
                wrong.append((name, index))
    return wrong
""",
        "a tolerance that is too large": ("1e-4 * max", "2e-4 * max"),
        "an absolute tolerance": ("1e-4 * max(1, abs(g))", "1e-4"),
        "a relative tolerance": ("1e-4 * max(1, abs(g))", "1e-4 * abs(g)"),
        "1 + |g| and not max(1, |g|), as NumPy's isclose": (
            "if abs(claimed[name][index] - g) > 1e-4 * max(1, abs(g))",
            "if not np.isclose(claimed[name][index], g, 1e-4, 1e-4)",
        ),
        "relative to the norm": ("max(1, abs(g))", "max(1, np.linalg.norm(claimed[name]))"),
        "by heart": """
def wrong_entries(theta, claimed, X, Y, calls=[]):
    calls.append(1)
    known = {1: [], 2: [("A", (i, j)) for i in range(3) for j in range(4)]}
    return known.get(len(calls), [("A", (0, 3))])
""",
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
            if not np.isclose(value, g, rtol=0, atol=1e-4 * max(1, abs(g))):
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
    equivalent={
        "wrong, step = ([], 1e-05) ⇒ wrong, step = ([], -1e-05)": "above and below change places, and so does the sign of the step",
        "if abs(claimed[name][index] - g) > 0.0001 * max(1, abs(g)): ⇒ if abs(claimed[name][index] - g) >= 0.0001 * max(1, abs(g)):": "no claimed value is at the limit",
        "if abs(claimed[name][index] - g) > 0.0001 * max(1, abs(g)): ⇒ if abs(g - claimed[name][index]) > 0.0001 * max(1, abs(g)):": "the absolute value of a difference",
    },
)

EPOCH = Cases(
    mistakes={
        "seed 0 taken for no seed": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    N = len(X)
    order = np.random.default_rng(seed or None).permutation(N)
    batches = [order[i : i + batch_size] for i in range(0, N, batch_size)]
    for rows in batches:
        g = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * g[name] for name in theta}
    return theta, batches
""",
        "each row changes places with any other": (
            "order = np.random.default_rng(seed).permutation(len(X))",
            "order, source = np.arange(len(X)), np.random.default_rng(seed)\n"
            "    for i, j in enumerate(source.integers(len(X), size=len(X))):\n"
            "        order[[i, j]] = order[[j, i]]",
        ),
        "the seed as a float": ("default_rng(seed)", "default_rng(int(float(seed)))"),
        "the seed's hash": ("default_rng(seed)", "default_rng(hash(seed))"),
        "the seed modulo N": ("default_rng(seed)", "default_rng(seed % len(X))"),
        "all rows at once aren't shuffled": (
            "permutation(len(X))",
            "permutation(len(X))\n    order = order if batch_size < len(X) else np.arange(len(X))",
        ),
        "never the place it stood in (Sattolo's shuffle)": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = list(range(len(X)))
    source = np.random.default_rng(seed)
    for i in range(len(X) - 1, 0, -1):
        j = int(source.integers(i))
        order[i], order[j] = order[j], order[i]
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    for rows in batches:
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
    return theta, batches
""",
        "seed modulo 1000": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = np.random.default_rng(seed % 1000).permutation(len(X)).tolist()
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    for rows in batches:
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
    return theta, batches
""",
        "seed cut to 32 bits": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = np.random.default_rng(seed % 2**32).permutation(len(X)).tolist()
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    for rows in batches:
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
    return theta, batches
""",
        "np.random.seed": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = np.random.RandomState(seed).permutation(len(X)).tolist()
    batches = [order[i : i + batch_size] for i in range(0, len(order), batch_size)]
    for rows in batches:
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
    return theta, batches
""",
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
        "each row listed as a minibatch of its own": (
            "batches.append([int(row) for row in rows])",
            "batches += [[int(r)] for r in rows]",
        ),
        "returns the parameters only": ("return theta, batches", "return theta"),
        "the last step is left out": (
            "return theta, batches",
            "return {n: theta[n] + learning_rate * gradient[n] for n in theta}, batches",
        ),
        "begins at a random row and goes round": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = np.roll(np.arange(len(X)), np.random.default_rng(seed).integers(1, len(X)))
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
        batches.append([int(row) for row in rows])
    return theta, batches
""",
        "two random rows change places": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    order = np.random.default_rng(seed).permutation(len(X))
    i, j = order[:2]
    order = np.arange(len(X)); order[[i, j]] = order[[j, i]]
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
        batches.append([int(row) for row in rows])
    return theta, batches
""",
        "the first half shuffled, and the second": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    rng, half = np.random.default_rng(seed), len(X) // 2
    order = np.concatenate([rng.permutation(half), half + rng.permutation(len(X) - half)])
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
        batches.append([int(row) for row in rows])
    return theta, batches
""",
        "rows of a batch one apart by the number of batches, offsets shuffled": """
def epoch(theta, X, Y, learning_rate, batch_size, seed):
    number = -(-len(X) // batch_size)
    offsets = np.random.default_rng(seed).permutation(number)
    order = np.concatenate([np.arange(offset, len(X), number) for offset in offsets])
    batches = []
    for start in range(0, len(X), batch_size):
        rows = order[start : start + batch_size]
        gradient = wave_gradient(theta, X[rows], Y[rows])
        theta = {name: theta[name] - learning_rate * gradient[name] for name in theta}
        batches.append([int(row) for row in rows])
    return theta, batches
""",
        "a seed of one digit": ("default_rng(seed)", "default_rng(seed % 10)"),
        "the first row stays first": (
            "np.random.default_rng(seed).permutation(len(X))",
            "np.append(0, 1 + np.random.default_rng(seed).permutation(len(X) - 1))",
        ),
        "one order, turned round by the seed": (
            "np.random.default_rng(seed).permutation(len(X))",
            "np.roll(np.random.default_rng(0).permutation(len(X)), seed)",
        ),
        "minibatches shuffled, their rows as they are": (
            "np.random.default_rng(seed).permutation(len(X))",
            "np.concatenate([np.arange(len(X))[b * batch_size : (b + 1) * batch_size] for b in "
            "np.random.default_rng(seed).permutation(-(-len(X) // batch_size))])",
        ),
        "sorted within a minibatch": (
            "batch_size]\n",
            "batch_size]\n        rows = np.sort(rows)\n",
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
    equivalent={
        "batches.append([int(row) for row in rows]) ⇒ batches.append([row for row in rows])": "NumPy's integers are row numbers too",
    },
)

# Where nothing is learned, one epoch shows it as well as twelve.
BRIEFLY = ("epochs = 64, 12", "epochs = 64, 1")

TRAIN_DIGITS = Cases(
    mistakes={
        "weights as text": (
            "return theta",
            "return {name: value.astype(str) for name, value in theta.items()}",
        ),
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
        "the nearest mean of a class": """
def train_digits(X, y, seed):
    means = np.array([X[y == k].mean(axis=0) for k in range(10)])
    return {"W": np.eye(64), "b1": np.zeros(64), "C": 2 * means, "b2": -(means**2).sum(axis=1)}
""",
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
    open_ended="any training that reaches 95 % is right",
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
