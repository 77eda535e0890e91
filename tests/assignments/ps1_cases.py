"""Wrong and right answers to the exercises of ps1."""

from tests.assignments.harness import Cases

SOFTPLUS = "np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))"
LEAKY = "np.where(Z >= 0, Z, slope * Z)"

FORWARD = Cases(
    mistakes={
        "no b¹": (' + theta["b1"]', ""),
        "no b²": (' + theta["b2"]', ""),
        "b¹ subtracted": ('.T + theta["b1"]', '.T - theta["b1"]'),
        "W not transposed": ('theta["W"].T', 'theta["W"]'),
        "C not transposed": ('theta["C"].T', 'theta["C"]'),
        "e^z overflows": (SOFTPLUS, "np.log(1 + np.exp(Z))"),
        "e^-z overflows": (SOFTPLUS, "Z + np.log(1 + np.exp(-Z))"),
        "z for softplus where z is large, and zero elsewhere": (SOFTPLUS, "np.maximum(Z, 0)"),
        "sigmoid, the derivative of softplus": (SOFTPLUS, "1 / (1 + np.exp(-Z))"),
        "exponent clipped": (SOFTPLUS, "np.log1p(np.exp(np.minimum(Z, 700)))"),
        "the maximum of z and az, wrong for a > 1": (LEAKY, "np.maximum(Z, slope * Z)"),
        "ReLU": (LEAKY, "np.maximum(Z, 0)"),
        "slope on the wrong side": ("Z >= 0", "Z < 0"),
        "the sign of the slope": ("slope * Z", "-slope * Z"),
        "a slope of 0.01 whatever is asked": ("slope * Z", "0.01 * Z"),
        "returns f only": ('return H, H @ theta["C"]', 'return H @ theta["C"]'),
        "Z instead of H": ("return H, H", "return Z, H"),
        "an activation on the output": (
            'return H, H @ theta["C"].T + theta["b2"]',
            'return H, np.maximum(H @ theta["C"].T + theta["b2"], 0)',
        ),
    },
    right={
        "logaddexp, case by case, lists": """
def forward(theta, X, activation, slope):
    import math

    def sigma(z):
        if activation == "leaky_relu":
            return z if z > 0 else slope * z
        return z + math.log1p(math.exp(-z)) if z > 0 else math.log1p(math.exp(z))

    W, b1, C, b2 = theta["W"], theta["b1"], theta["C"], theta["b2"]
    H, f = [], []
    for x in X:
        hidden = [sigma(float(w @ x + b)) for w, b in zip(W, b1)]
        H.append(hidden)
        f.append([sum(c * h for c, h in zip(row, hidden)) + b for row, b in zip(C, b2)])
    return [H, f]
""",
        "columns, a warning and prints on the way": """
def forward(theta, X, activation, slope):
    Z = (theta["W"] @ X.T).T + theta["b1"][None, :]
    print(Z.shape)
    np.exp(1e5 + Z)  # overflows
    if activation == "softplus":
        H = np.logaddexp(0, Z)
    else:
        H = Z.copy()
        H[Z < 0] *= slope
    return H, (theta["C"] @ H.T + theta["b2"][:, None]).T
""",
        "softplus as z where e^z overflows": (
            SOFTPLUS,
            "np.where(Z > 40, Z, np.log(1 + np.exp(Z)))",
        ),
    },
)

RISK_WITH_ERROR = Cases(
    mistakes={
        "all samples pooled": (
            "    risk = variance = 0.0\n",
            "    strata = [(1.0, np.concatenate([f for _, f, _ in strata]),\n"
            "               np.concatenate([Y for _, _, Y in strata]))]\n"
            "    risk = variance = 0.0\n",
        ),
        "strata weighted alike": [("risk += p *", "risk += 1 / len(strata) *")],
        "mean over outputs too": ("** 2).sum(axis=1)", "** 2).mean(axis=1)"),
        "sum over samples": ("** 2).sum(axis=1)", "** 2).sum(axis=0)"),
        "lengths and not their squares": ("rho = ((", "rho = np.sqrt(("),
        "absolute values": (
            "((np.asarray(Y) - np.asarray(f)) ** 2)",
            "np.abs(np.asarray(Y) - np.asarray(f))",
        ),
        "divides by n - 1 in the mean": ("rho.mean()", "rho.sum() / (len(rho) - 1)"),
        "the variance with 1/n": ("ddof=1", "ddof=0"),
        "the standard deviation of the losses": (" / len(rho)", ""),
        "no root": ("np.sqrt(variance)", "variance"),
        "p and not p² in the variance": ("p**2", "p"),
        "standard errors added, not variances": [
            ("p**2 * rho.var(ddof=1) / len(rho)", "p * rho.std(ddof=1) / np.sqrt(len(rho))"),
            ("np.sqrt(variance)", "variance"),
        ],
        "half a 95 % interval": ("np.sqrt(variance)", "1.96 * np.sqrt(variance)"),
        "counts every entry as a sample": (" / len(rho)", " / np.size(Y)"),
        "only the last stratum": ("risk +=", "risk ="),
        "the risk only": ("return risk, np.sqrt(variance)", "return risk"),
        "the two exchanged": ("risk, np.sqrt(variance)", "np.sqrt(variance), risk"),
    },
    right={
        "statistics, loops": """
def risk_with_error(strata):
    import math
    import statistics

    risk, variance = 0, 0
    for p, f, Y in strata:
        losses = [sum((a - b) ** 2 for a, b in zip(u, v)) for u, v in zip(f.tolist(), Y.tolist())]
        risk += p * sum(losses) / len(losses)
        variance += (p * statistics.stdev(losses)) ** 2 / len(losses)
    return [risk, math.sqrt(variance)]
""",
        "hypot of the errors, a warning": """
def risk_with_error(strata):
    np.float64(1) / np.float64(0)
    shares = np.array([p for p, _, _ in strata])
    losses = [np.einsum("nk,nk->n", f - Y, f - Y) for _, f, Y in strata]
    means = np.array([rho.mean() for rho in losses])
    errors = np.array([np.std(rho, ddof=1) / len(rho) ** 0.5 for rho in losses])
    return np.array([shares @ means, np.linalg.norm(shares * errors)])
""",
    },
)

LOSS_GRADIENT = Cases(
    mistakes={
        "2 A e, right for symmetric A only": ("(A + A.T) @ e", "2 * A @ e"),
        "ignores A": ("(A + A.T) @ e", "2 * e"),
        "no factor 2": ("(A + A.T) @ e", "A @ e"),
        "sign": ('theta["b2"] - y', 'theta["b2"] + y'),
        "sign of the error": ("(A + A.T) @ e", "-(A + A.T) @ e"),
        "mean over outputs": ("(A + A.T) @ e", "(A + A.T) @ e / len(y)"),
        "no σ′": (" / (1 + Z**2)", ""),
        "σ′ at H and not at Z": ("1 + Z**2", "1 + H**2"),
        "σ′ of tanh": (" / (1 + Z**2)", " * (1 - np.tanh(Z) ** 2)"),
        "σ′ upside down": ("/ (1 + Z**2)", "* (1 + Z**2)"),
        "∂ρ/∂b¹ without σ′": ('"b1": dZ', '"b1": theta["C"].T @ df'),
        "∂ρ/∂W transposed": ("np.outer(dZ, x)", "np.outer(x, dZ)"),
        "∂ρ/∂C transposed": ("np.outer(df, H)", "np.outer(H, df)"),
        "∂ρ/∂C from Z": ("np.outer(df, H)", "np.outer(df, Z)"),
        "C not transposed": ('theta["C"].T @', 'theta["C"] @'),
        "∂ρ/∂b² from the error alone": ('"b2": df', '"b2": 2 * e'),
        "three of four": (', "b2": df}', "}"),
    },
    right={
        "loops over units and outputs": """
def loss_gradient(theta, x, y, A):
    W, b1, C, b2 = theta["W"], theta["b1"], theta["C"], theta["b2"]
    (d_H, d), K = W.shape, len(b2)
    Z = [sum(W[i, j] * x[j] for j in range(d)) + b1[i] for i in range(d_H)]
    e = [sum(C[k, i] * np.arctan(Z[i]) for i in range(d_H)) + b2[k] - y[k] for k in range(K)]
    df = [sum((A[k, j] + A[j, k]) * e[j] for j in range(K)) for k in range(K)]
    dZ = [sum(df[k] * C[k, i] for k in range(K)) / (1 + Z[i] ** 2) for i in range(d_H)]
    return {
        "b2": [float(u) for u in df],
        "b1": [float(z) for z in dZ],
        "C": [[float(u * np.arctan(z)) for z in Z] for u in df],
        "W": [[float(z * a) for a in x] for z in dZ],
    }
""",
        "columns as matrices, a warning, changed arguments": """
def loss_gradient(theta, x, y, A):
    np.log(np.zeros(2))
    x, y = x[:, None], y[:, None]
    theta["b1"] += 0.0
    Z = theta["W"] @ x + theta["b1"][:, None]
    H = np.arctan(Z)
    f = theta["C"] @ H + theta["b2"][:, None]
    df = A @ (f - y) + A.T @ (f - y)
    delta = theta["C"].T @ df
    slope = np.cos(H) ** 2
    step = delta * slope
    return {"C": df @ H.T, "b2": df[:, 0], "W": step @ x.T, "b1": step[:, 0]}
""",
    },
)

RATE = "first_rate / (1 + decay * t)"

DECREASING_SGD = Cases(
    mistakes={
        "a constant step": (RATE, "first_rate"),
        "counts from one": (RATE, "first_rate / (1 + decay * (t + 1))"),
        "shrinks the rate before it": (
            f"rate = {RATE}",
            "rate = first_rate = first_rate / (1 + decay * t)",
        ),
        "decreases like a root": (RATE, "first_rate / np.sqrt(1 + decay * t)"),
        "decreases exponentially": (RATE, "first_rate * np.exp(-decay * t)"),
        "decreases from one to one over all steps": (RATE, "first_rate * (1 - t / steps)"),
        "goes uphill": ("theta[name] - rate", "theta[name] + rate"),
        "each gradient at the start": [
            ("rng, rows =", "start = theta\n    rng, rows ="),
            ("sample_gradient(theta,", "sample_gradient(start,"),
        ],
        "Y of another row": ("Y[n]", "Y[n - 1]"),
        "one step too few": ("range(steps)", "range(steps - 1)"),
        "the average counts the start and not the end": (
            "total[name] + theta[name] for name in theta}",
            "total[name] + theta[name] + rate * gradient[name] for name in theta}",
        ),
        "the average counts the start too": [
            ("np.zeros_like(value) for", "np.array(value) for"),
            ("total[name] / steps", "total[name] / (steps + 1)"),
        ],
        "the last parameters for the average": ("total[name] / steps", "theta[name]"),
        "a sum and no average": ("total[name] / steps", "total[name]"),
        "without replacement": (
            "n = int(rng.integers(len(H)))",
            "order = rng.permutation(len(H)).tolist() if t % len(H) == 0 else order\n"
            "        n = order[t % len(H)]",
        ),
        "in order": ("int(rng.integers(len(H)))", "t % len(H)"),
        "never the last row": ("rng.integers(len(H))", "rng.integers(max(1, len(H) - 1))"),
        "the seed is ignored": ("default_rng(seed)", "default_rng(0)"),
        "other rows at each call": ("default_rng(seed)", "default_rng()"),
        "returns the parameters only": ("for name in total}, rows", "for name in total}"),
    },
    right={
        "a list of all parameters, random.Random": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    import random

    draw = random.Random(seed)
    rows = [draw.randrange(len(H)) for _ in range(steps)]
    path, C, b2 = [], theta["C"], theta["b2"]
    for t, n in enumerate(rows):
        slope = sample_gradient({"C": C, "b2": b2}, H[n], Y[n])
        alpha = first_rate / (1 + decay * t)
        C, b2 = C - alpha * slope["C"], b2 - alpha * slope["b2"]
        path.append((C, b2))
    average = {
        "C": np.mean([c for c, _ in path], axis=0).tolist(),
        "b2": np.mean([b for _, b in path], axis=0).tolist(),
    }
    return [{"C": C.tolist(), "b2": b2.tolist()}, average, rows]
""",
        "changes its argument, a running mean, own gradient": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    rows = np.random.default_rng([seed, 3]).choice(len(H), size=steps)
    average = {name: np.zeros(value.shape) for name, value in theta.items()}
    for t in range(steps):
        h, y = H[rows[t]], Y[rows[t]]
        error = theta["C"] @ h + theta["b2"] - y
        alpha = 2 * first_rate / (1 + decay * t)
        theta["C"] -= alpha * error[:, None] * h[None, :]
        theta["b2"] -= alpha * error
        for name in theta:
            average[name] += (theta[name] - average[name]) / (t + 1)
    print("steps", steps)
    return theta, average, rows
""",
    },
)

BUILD_NETWORK = Cases(
    mistakes={
        "goes on to the right as the lecture's does": (
            "np.concatenate([flat, slopes, flat])",
            "np.concatenate([flat, slopes, slopes[-1:]])",
        ),
        "goes on to the left": (
            "np.concatenate([flat, slopes, flat])",
            "np.concatenate([slopes[:1], slopes, flat])",
        ),
        "the slopes for their changes": ("(changes / np", "(np.r_[slopes, flat] / np"),
        "changes with the wrong sign": ("(changes / np", "(-changes / np"),
        "the lecture's network, with a unit less": [
            ('"W": w[:, None]', '"W": w[:-1, None]'),
            ("-w * t,", "-w[:-1] * t[:-1],"),
            (
                "(changes / np.abs(w)[:, None]).T",
                "(changes[:-1] / np.abs(w)[:-1, None]).T",
            ),
        ],
        "doesn't sort": ("np.argsort(knots)", "np.arange(len(knots))"),
        "sorts the knots and not the values": (
            "np.asarray(values, dtype=float)[order]",
            "np.asarray(values, dtype=float)",
        ),
        "b¹ without the weight": ("-w * t", "-t"),
        "b¹ with the wrong sign": ('"b1": -w * t', '"b1": w * t'),
        "C without the weight": ("changes / np.abs(w)[:, None]", "changes"),
        "C with the weight and not its absolute value": ("np.abs(w)[:, None]", "w[:, None]"),
        "C times the weight": ("changes / np.abs(w)", "changes * np.abs(w)"),
        "weights of its own": ("np.asarray(weights, dtype=float)", "np.ones(len(knots))"),
        "b² from the left for every weight": ("v[0] if w[0] > 0 else v[-1]", "v[0]"),
        "b² the lowest value": ("v[0] if w[0] > 0 else v[-1]", "v.min(axis=0)"),
        "no b²": ('"b2": b2}', '"b2": 0 * b2}'),
        "C transposed": ("[:, None]).T", "[:, None])"),
        "W without its second axis": ('"W": w[:, None]', '"W": w'),
        "equidistant knots": ("np.diff(t)[:, None]", "np.ptp(t) * (len(t) - 1)"),
    },
    right={
        "solves linear equations, lists": """
def build_network(knots, values, weights):
    knots, weights = np.asarray(knots), np.asarray(weights)
    n = len(knots)
    b1 = -weights * knots
    H = np.maximum(np.outer(knots, weights) + b1, 0)
    left, right = np.minimum(weights, 0), np.maximum(weights, 0)
    # Unknown: C of all units, b2. Known: the values, and no slope outside.
    side = np.append(left + right, 0)
    equations = np.vstack([np.c_[H, np.ones(n)], side])
    solution = np.linalg.lstsq(equations, np.vstack([values, 0 * values[:1]]), rcond=None)[0]
    W = [[float(w)] for w in weights]
    return {"W": W, "b1": b1.tolist(), "C": solution[:n].T.tolist(), "b2": solution[n].tolist()}
""",
        "knot by knot, units from the right, prints": """
def build_network(knots, values, weights):
    points = sorted(zip(np.asarray(knots).tolist(), np.asarray(values).tolist()), reverse=True)
    n, K = len(points), len(points[0][1])
    W, b1, C = np.zeros((n, 1)), np.zeros(n), np.zeros((K, n))
    for i, (t, v) in enumerate(points):
        W[i, 0], b1[i] = weights[i], -weights[i] * t
        for k in range(K):
            after = (points[i - 1][1][k] - v[k]) / (points[i - 1][0] - t) if i > 0 else 0
            before = (v[k] - points[i + 1][1][k]) / (t - points[i + 1][0]) if i < n - 1 else 0
            C[k, i] = (after - before) / abs(weights[i])
    print("units", n)
    return {"W": W, "b1": b1, "C": C, "b2": points[-1 if weights[0] > 0 else 0][1]}
""",
    },
)

STUCK_MINIMUM = Cases(
    mistakes={
        "the median for the mean": ("Y.mean(axis=0)", "np.median(Y, axis=0)"),
        "the first and the last sample's mean": ("Y.mean(axis=0)", "(Y[0] + Y[-1]) / 2"),
        "one mean for all outputs": ("Y.mean(axis=0)", "Y.mean() * np.ones(Y.shape[1])"),
        "b² of zero": ("Y.mean(axis=0)", "0 * Y[0]"),
        "the sum of the losses": (".sum(axis=1).mean()", ".sum()"),
        "the mean over outputs too": (".sum(axis=1).mean()", ".mean()"),
        "divides by N - 1": (".sum(axis=1).mean()", ".sum() / max(1, len(Y) - 1)"),
        "half of the loss": (".sum(axis=1).mean()", ".sum(axis=1).mean() / 2"),
        "the loss of the global minimum": ('"loss": loss', '"loss": 0.0'),
        "the sign of b¹": ("b1 = -(", "b1 = ("),
        "off for one sample only": (".max(axis=0)", ".min(axis=0)"),
        "ignores the radius": ("X @ W.T + reach[:, None]", "X @ W.T"),
        "the radius without the samples' lengths": (
            "np.sqrt(1 + (X**2).sum(axis=1))",
            "np.ones(len(X))",
        ),
        "moves the weights and not the bias": ("np.sqrt(1 + (", "np.sqrt(0 + ("),
        "the square of the length": (
            "np.sqrt(1 + (X**2).sum(axis=1))",
            "(1 + (X**2).sum(axis=1))",
        ),
        "moves each entry by r": ("np.sqrt(1 + (X**2).sum(axis=1))", "(1 + np.abs(X).sum(axis=1))"),
        "the largest reach for all samples": ("reach[:, None])", "reach.max())"),
        "the reach of the sample that is closest for r = 0": (
            "b1 = -(X @ W.T + reach[:, None]).max(axis=0)",
            "Z = X @ W.T\n    b1 = -(Z.max(axis=0) + reach[Z.argmax(axis=0)])",
        ),
        "safe, but not the largest": ("reach[:, None])", "reach[:, None] + 1000)"),
        "one bias for all units": (".max(axis=0)", ".max() * np.ones(len(W))"),
    },
    right={
        "loops, math": """
def stuck_minimum(X, Y, W, r):
    import math

    N, K = len(Y), len(Y[0])
    b2 = [sum(float(y[k]) for y in Y) / N for k in range(K)]
    loss = sum((y[k] - b2[k]) ** 2 for y in Y for k in range(K)) / N
    b1 = []
    for w in W:
        limits = []
        for x in X:
            limits.append(-sum(a * b for a, b in zip(w, x)) - r * math.hypot(1, *x))
        b1.append(min(limits))
    return {"loss": loss, "b1": b1, "b2": b2}
""",
        "variances, a column of ones, a warning": """
def stuck_minimum(X, Y, W, r):
    np.zeros(1) / np.zeros(1)
    columns = np.hstack([X, np.ones((len(X), 1))])
    b1 = np.min(-(W @ X.T) - r * np.linalg.norm(columns, axis=1), axis=1)
    b2 = np.average(Y, axis=0)
    return {"b1": b1, "b2": b2, "loss": np.array(np.var(Y, axis=0).sum())}
""",
    },
)

CASES = {
    "forward": FORWARD,
    "risk_with_error": RISK_WITH_ERROR,
    "loss_gradient": LOSS_GRADIENT,
    "decreasing_sgd": DECREASING_SGD,
    "build_network": BUILD_NETWORK,
    "stuck_minimum": STUCK_MINIMUM,
}
