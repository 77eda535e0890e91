"""Wrong and right answers to the exercises of ps1."""

from tests.assignments.harness import Cases

SOFTPLUS = "np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))"
LAST = "of two axes the second is the last"
SQUARE = "the square of a difference"
ONE_SIGN = "all weights have one sign"
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
        "ReLU for softplus": (SOFTPLUS, "np.maximum(Z, 0)"),
        "sigmoid, the derivative of softplus": (SOFTPLUS, "1 / (1 + np.exp(-Z))"),
        "the exponent clipped: softplus stops growing": (
            SOFTPLUS,
            "np.log1p(np.exp(np.minimum(Z, 700)))",
        ),
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
        "softplus is z too early": """
def forward(theta, X, activation, slope):
    Z = X @ theta["W"].T + theta["b1"]
    if activation == "softplus":
        H = np.where(Z > 10, Z, np.log1p(np.exp(np.minimum(Z, 10))))
    else:
        H = np.where(Z >= 0, Z, slope * Z)
    return H, H @ theta["C"].T + theta["b2"]
""",
        "H squeezed": ("return H, H @", "return np.squeeze(H), H @"),
        "one sample: a vector": ("return H, H @", "if len(X) == 1: H = H[0]\n    return H, H @"),
        "a slope of 0 is not given": (
            "H = np.where(Z >= 0, Z, slope * Z)",
            "H = np.where(Z >= 0, Z, (slope or 0.01) * Z)",
        ),
        "W transposed or not, by trying": (
            'Z = X @ theta["W"].T',
            'W = theta["W"]\n    Z = X @ (W if W.shape[0] == X.shape[1] else W.T)',
        ),
        "C transposed or not, by trying": (
            'return H, H @ theta["C"].T + theta["b2"]',
            'C = theta["C"]\n    return H, H @ (C if C.shape[0] == H.shape[1] else C.T) + theta["b2"]',
        ),
        "single precision": (
            'return H, H @ theta["C"].T + theta["b2"]',
            'return np.float32(H), np.float32(H @ theta["C"].T + theta["b2"])',
        ),
        "a large unit makes the sample a ReLU's": (
            "H = np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))",
            "H = np.where(abs(Z).max(1, keepdims=True) > 30, np.maximum(Z, 0), np.log1p(np.exp(np.minimum(Z, 600))))",
        ),
        "one shift for the whole array": (
            "H = np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))",
            "m = max(Z.max(), 0)\n        H = m + np.log(np.exp(-m) + np.exp(Z - m))",
        ),
        "a slope of at most 10": (LEAKY, "np.where(Z >= 0, Z, min(slope, 10) * Z)"),
        "a slope of at most 1": (
            "H = np.where(Z >= 0, Z, slope * Z)",
            "H = np.where(Z >= 0, Z, min(slope, 1) * Z)",
        ),
        "H in whole numbers where the slope is one": (
            "        H = np.where(Z >= 0, Z, slope * Z)\n",
            "        H = np.full(Z.shape, slope)\n        H[...] = np.where(Z >= 0, Z, slope * Z)\n",
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
        "minimum of z and az for a > 1": (
            "H = np.where(Z >= 0, Z, slope * Z)",
            "H = np.maximum(Z, slope * Z) if slope <= 1 else np.minimum(Z, slope * Z)",
        ),
        "half the sum of z's two multiples": (
            LEAKY,
            "0.5 * ((1 + slope) * Z + (1 - slope) * np.abs(Z))",
        ),
        "softplus as z from 20 on": (
            "H = np.maximum(Z, 0) + np.log1p(np.exp(-np.abs(Z)))",
            "H = np.where(Z > 20, Z, np.log1p(np.exp(np.minimum(Z, 20))))",
        ),
    },
    equivalent={
        "H = np.where(Z >= 0, Z, slope * Z) ⇒ H = np.where(Z > 0, Z, slope * Z)": "both cases give 0 at Z = 0",
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
        "mean over outputs too": ("np.sum((Y - f) ** 2, 1)", "np.mean((Y - f) ** 2, 1)"),
        "sum over samples": ("** 2, 1)", "** 2, 0)"),
        "lengths and not their squares": (
            "rho = np.sum((Y - f) ** 2, 1)",
            "rho = np.sqrt(np.sum((Y - f) ** 2, 1))",
        ),
        "absolute values": ("(Y - f) ** 2", "np.abs(Y - f)"),
        "divides by n - 1 in the mean": ("np.mean(rho)", "np.sum(rho) / (len(rho) - 1)"),
        "the variance with 1/n": ("ddof=1", "ddof=0"),
        "the standard deviation of the losses": (" / len(rho)", ""),
        "no root": ("np.sqrt(variance)", "variance"),
        "p and not p² in the variance": ("p**2", "p"),
        "standard errors added, not variances": [
            (
                "p**2 * np.var(rho, ddof=1) / len(rho)",
                "p * np.std(rho, ddof=1) / np.sqrt(len(rho))",
            ),
            ("np.sqrt(variance)", "variance"),
        ],
        "half a 95 % interval": ("np.sqrt(variance)", "1.96 * np.sqrt(variance)"),
        "counts every entry as a sample": (" / len(rho)", " / np.size(Y)"),
        "only the last stratum": ("risk +=", "risk ="),
        "the risk only": ("return risk, np.sqrt(variance)", "return risk"),
        "the two exchanged": ("risk, np.sqrt(variance)", "np.sqrt(variance), risk"),
        "one output: squeezed": (
            "rho = np.sum((Y - f) ** 2, 1)",
            "rho = np.sum((Y - f).squeeze() ** 2, -1)",
        ),
        "fails where strata differ in length": (
            "risk = variance = 0.0",
            "F, T = np.array([f for _, f, _ in strata]), np.array([Y for _, _, Y in strata])\n    risk = variance = 0.0",
        ),
        "shares of the samples": (
            "for p, f, Y in strata:",
            "total = sum(len(f) for _, f, _ in strata)\n    for p, f, Y in strata:\n        p = len(f) / total",
        ),
        "sums along the samples where n = K": (
            "rho = np.sum((Y - f) ** 2, 1)",
            "rho = np.sum((Y - f) ** 2, 0 if f.shape[0] == f.shape[1] else 1)",
        ),
        "one variance for all strata": (
            "return risk",
            "ss = sum(np.sum((Y - f) ** 2, 1).var() * len(f) for _, f, Y in strata)\n    s2 = ss / (sum(len(f) for _, f, _ in strata) - len(strata))\n    variance = sum(p**2 * s2 / len(f) for p, f, _ in strata)\n    return risk",
        ),
        "strata whose losses are equal are skipped": (
            "risk += p",
            "if np.var(rho) < 1e-12: continue\n        risk += p",
        ),
        "single precision": ("(Y - f)", "np.float32(Y - f)"),
        "the variance as a difference of squares": (
            "np.var(rho, ddof=1)",
            "max(np.sum(rho**2) - len(rho) * rho.mean() ** 2, 0) / (len(rho) - 1)",
        ),
        "one stratum of each share": ("in strata:", "in {s[0]: s for s in strata}.values():"),
        "equal losses count once in the variance": (
            "np.var(rho, ddof=1)",
            "(np.var(np.unique(rho), ddof=1) if np.ptp(rho) else 0.0)",
        ),
        "losses of 0 are left out": (
            "** 2, 1)",
            "** 2, 1)\n        rho = rho[rho > 0] if np.sum(rho > 0) > 1 else rho",
        ),
        "losses that are all equal are one sample less": (
            "p * np.mean(rho)",
            "p * (np.mean(rho) if np.ptp(rho) else rho[0] * (1 - 1 / len(rho)))",
        ),
        "rare strata are left out": ("    rho =", "    if p < 1e-5: continue\n        rho ="),
        "losses of at most 10,000": ("** 2, 1)", "** 2, 1).clip(max=1e4)"),
        "the variance with 1/n where there are many samples": (
            "ddof=1",
            "ddof=int(len(rho) < 100)",
        ),
        "strata are kept from call to call": (
            "risk = variance = 0.0",
            "global _v\n    _v = globals().get('_v', [])\n    _v += strata\n    strata = _v[-7:]\n    risk = variance = 0.0",
        ),
        "arrays of one number": (
            "return risk, np.sqrt(variance)",
            "return np.array([risk]), np.array([np.sqrt(variance)])",
        ),
        "the square multiplied out": (
            "np.sum((Y - f) ** 2, 1)",
            "np.sum(Y**2, 1) - 2 * np.sum(Y * f, 1) + np.sum(f**2, 1)",
        ),
        "eight strata at most": ("in strata:", "in strata[:8]:"),
        "thirty strata at most": ("in strata:", "in strata[:30]:"),
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
    equivalent={
        "rho = np.sum((Y - f) ** 2, 1) ⇒ rho = np.sum((Y - f) ** 2, -1)": LAST,
        "rho = np.sum((Y - f) ** 2, 1) ⇒ rho = np.sum((f - Y) ** 2, 1)": SQUARE,
    },
)

LOSS_GRADIENT = Cases(
    mistakes={
        "slope as 1 − sin² H": """
def loss_gradient(theta, x, y, A):
    Z = theta["W"] @ x + theta["b1"]
    H = np.arctan(Z)
    e = theta["C"] @ H + theta["b2"] - y
    g = (A + A.T) @ e
    dZ = (theta["C"].T @ g) * (1 - np.sin(H) ** 2)
    return {"W": np.outer(dZ, x), "b1": dZ, "C": np.outer(g, H), "b2": g}
""",
        "2 A e, right for symmetric A only": ("(A + A.T) @ e", "2 * A @ e"),
        "ignores A": ("(A + A.T) @ e", "2 * e"),
        "no factor 2": ("(A + A.T) @ e", "A @ e"),
        "adds the target": ('theta["b2"] - y', 'theta["b2"] + y'),
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
        "one output: A as a number": """
def loss_gradient(theta, x, y, A):
    if len(y) == 1: A = A[0, 0] * np.eye(1) / 2
    Z = theta["W"] @ x + theta["b1"]
    H = np.arctan(Z)
    e = theta["C"] @ H + theta["b2"] - y
    df = (A + A.T) @ e
    dZ = (theta["C"].T @ df) / (1 + Z**2)
    return {"W": np.outer(dZ, x), "b1": dZ, "C": np.outer(df, H), "b2": df}
""",
        "C transposed or not, by trying": (
            'theta["C"].T @ df',
            '(theta["C"] if theta["C"].shape[1] == len(df) else theta["C"].T) @ df',
        ),
        "one input: ∂ρ/∂W is a vector": (
            '"W": np.outer(dZ, x)',
            '"W": np.outer(dZ, x) if len(x) > 1 else dZ * x',
        ),
        "squeezed": ('"W": np.outer(dZ, x)', '"W": np.squeeze(np.outer(dZ, x))'),
        "the first output only": ('theta["C"].T @ df', 'theta["C"][0] * df[0]'),
        "only A's diagonal": ("(A + A.T) @ e", "2 * np.diag(A) * e"),
        "single precision": ("Z = theta", "x = np.float32(x)\n    Z = theta"),
        "no gradient where the loss is negative": (
            "(A + A.T) @ e",
            "(A + A.T) @ e * (e @ A @ e > 0)",
        ),
        "one output: the size of A": (
            "(A + A.T) @ e",
            "(A + A.T if len(y) > 1 else 2 * np.abs(A)) @ e",
        ),
        "2 A e where A is symmetric to eight digits": (
            "(A + A.T) @ e",
            "(2 * A if np.allclose(A, A.T) else A + A.T) @ e",
        ),
        "a small number for an input of 0": (
            "np.outer(dZ, x)",
            "np.outer(dZ, x + 1e-8 * (x == 0))",
        ),
        "large errors cut off": (
            'theta["b2"] - y',
            'theta["b2"] - y\n    e = e.clip(-1e3, 1e3)',
        ),
        "central differences": """
def loss_gradient(theta, x, y, A):
    out = {}
    for name, v in theta.items():
        out[name] = np.zeros(v.shape)
        for i in np.ndindex(v.shape):
            up, down = v.copy(), v.copy()
            up[i] += 1e-5; down[i] -= 1e-5
            out[name][i] = (weighted_loss({**theta, name: up}, x, y, A) - weighted_loss({**theta, name: down}, x, y, A)) / 2e-5
    return out
""",
        "sum of C times sum of ∂ρ/∂f": ('theta["C"].T @ df', 'theta["C"].sum(0) * df.sum()'),
        "2 A e in the hidden layer only": ('theta["C"].T @ df', 'theta["C"].T @ (2 * A @ e)'),
        "b1 from W by the first input": (
            '"b1": dZ',
            '"b1": np.outer(dZ, x)[:, 0] / (x[0] or 1.0)',
        ),
        "b1 from W by the last input": (
            '"b1": dZ',
            '"b1": np.outer(dZ, x)[:, -1] / (x[-1] or 1.0)',
        ),
        "outputs that count little are left out": (
            'theta["C"].T @ df',
            'theta["C"].T @ np.where(abs(df) < 1e-3 * abs(df).max(), 0, df)',
        ),
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
        "einsum, one entry more": """
def loss_gradient(theta, x, y, A):
    Z = np.einsum("ij,j->i", theta["W"], x) + theta["b1"]
    H = np.arctan(Z)
    e = np.einsum("ki,i->k", theta["C"], H) + theta["b2"] - y
    u = np.einsum("jk,k->j", A, e) + np.einsum("jk,j->k", A, e)
    s = np.einsum("ki,k,i->i", theta["C"], u, 1 / (1 + Z * Z))
    return {"W": s[:, None] * x, "b1": s, "C": u[:, None] * H[None, :], "b2": u, "loss": float(e @ A @ e)}
""",
        "along the imaginary axis": """
def loss_gradient(theta, x, y, A):
    def loss(t):
        e = t["C"] @ np.arctan(t["W"] @ x + t["b1"]) + t["b2"] - y
        return e @ A @ e
    out = {}
    for name, v in theta.items():
        out[name] = np.zeros(v.shape)
        for i in np.ndindex(v.shape):
            w = v.astype(complex); w[i] += 1e-20j
            out[name][i] = loss({**theta, name: w}).imag / 1e-20
    return out
""",
    },
    equivalent={
        "df = (A + A.T) @ e ⇒ df = e @ (A + A.T)": "A plus its transpose is symmetric",
    },
)

RATE = "first_rate / (1 + decay * t)"

DECREASING_SGD = Cases(
    mistakes={
        "stops where the gradient is 0": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    N, rng = len(H), np.random.default_rng(seed)
    total = {name: np.zeros_like(value) for name, value in theta.items()}
    rows = []
    for t in range(steps):
        row = int(rng.integers(N))
        rows.append(row)
        rate = first_rate / (1 + decay * t)
        if not any(np.any(g) for g in sample_gradient(theta, H[row], Y[row]).values()):
            total = {name: total[name] + (steps - t) * theta[name] for name in theta}
            break
        g = sample_gradient(theta, H[row], Y[row])
        theta = {name: theta[name] - rate * g[name] for name in theta}
        total = {name: total[name] + theta[name] for name in theta}
    average = {name: total[name] / steps for name in theta}
    return theta, average, rows
""",
        "a constant step": (RATE, "first_rate"),
        "counts from one": (RATE, "first_rate / (1 + decay * (t + 1))"),
        "shrinks the rate before it": (
            f"rate = {RATE}",
            "rate = first_rate = first_rate / (1 + decay * t)",
        ),
        "decreases like a root": (RATE, "first_rate / np.sqrt(1 + decay * t)"),
        "decreases exponentially": (RATE, "first_rate * np.exp(-decay * t)"),
        "decreases along a line to 0": (RATE, "first_rate * (1 - t / steps)"),
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
        "each row equally often, shuffled": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    rng, rows = np.random.default_rng(seed), []
    order = rng.permutation(np.arange(steps) % len(H))
    total = {name: np.zeros_like(value) for name, value in theta.items()}
    for t in range(steps):
        n = int(order[t])
        rate = first_rate / (1 + decay * t)
        gradient = sample_gradient(theta, H[n], Y[n])
        theta = {name: theta[name] - rate * gradient[name] for name in theta}
        total = {name: total[name] + theta[name] for name in theta}
        rows.append(n)
    return theta, {name: total[name] / steps for name in total}, rows
""",
        "a floor of 0.001 under the rate": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    rng, rows = np.random.default_rng(seed), []
    total = {name: np.zeros_like(value) for name, value in theta.items()}
    for t in range(steps):
        n = int(rng.integers(len(H)))
        rate = max(first_rate / (1 + decay * t), 1e-3)
        gradient = sample_gradient(theta, H[n], Y[n])
        theta = {name: theta[name] - rate * gradient[name] for name in theta}
        total = {name: total[name] + theta[name] for name in theta}
        rows.append(n)
    return theta, {name: total[name] / steps for name in total}, rows
""",
        "a decay of 0 is not given": (
            "rate = first_rate / (1 + decay * t)",
            "rate = first_rate / (1 + (decay or 1) * t)",
        ),
        "decreases once an epoch": ("decay * t", "decay * (t // len(H))"),
        "a floor of 1e-8 under the rate": (
            "rate = first_rate / (1 + decay * t)",
            "rate = max(first_rate / (1 + decay * t), 1e-8)",
        ),
        "never the same row twice running": (
            "n = int(rng.integers(len(H)))",
            "n = int(rng.integers(len(H)))\n        while len(H) > 1 and rows and n == rows[-1]: n = int(rng.integers(len(H)))",
        ),
        "two epochs at a time": (
            "n = int(rng.integers(len(H)))",
            "order = rng.permutation(np.repeat(np.arange(len(H)), 2)) if t % (2 * len(H)) == 0 else order\n        n = int(order[t % (2 * len(H))])",
        ),
        "the first and the last row half as often": (
            "int(rng.integers(len(H)))",
            "int(round(rng.random() * (len(H) - 1)))",
        ),
        "never a row above 255": ("rng.integers(len(H))", "rng.integers(256) % len(H)"),
        "the same array each time in the average": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    rng, rows = np.random.default_rng(seed), []
    path = []
    for t in range(steps):
        n = int(rng.integers(len(H)))
        g = sample_gradient(theta, H[n], Y[n])
        for name in theta: theta[name] -= first_rate / (1 + decay * t) * g[name]
        path.append(theta)
        rows.append(n)
    return theta, {k: np.mean([p[k] for p in path], axis=0) for k in theta}, rows
""",
        "a seed of 0 is not given": ("default_rng(seed)", "default_rng(seed or None)"),
        "one generator for all calls": (
            "rng, rows = np.random.default_rng(seed), []",
            "global _g\n    if '_g' not in globals(): _g = np.random.default_rng(seed)\n    rng, rows = _g, []",
        ),
        "gradients cut off": (
            "gradient = sample_gradient(theta, H[n], Y[n])",
            "gradient = sample_gradient(theta, H[n], Y[n])\n        gradient = {k: np.clip(g, -5, 5) for k, g in gradient.items()}",
        ),
        "gradients of at most 1,000": (
            "sample_gradient(theta, H[n], Y[n])",
            "{k: g.clip(-1e3, 1e3) for k, g in sample_gradient(theta, H[n], Y[n]).items()}",
        ),
        "begins at the first row": (
            "n = int(rng.integers(len(H)))",
            "n = int(rng.integers(len(H))) * (t > 0)",
        ),
        "two rows by turns": (
            "n = int(rng.integers(len(H)))",
            "n = int(rng.integers(len(H))) if len(H) > 2 else (t + seed) % len(H)",
        ),
        "three rows in a new order each round": (
            "n = int(rng.integers(len(H)))",
            "order = rng.permutation(len(H)) if t % len(H) == 0 else order\n"
            "        n = int(rng.integers(len(H)) if len(H) > 3 else order[t % len(H)])",
        ),
        "at most 1,000 steps": ("for t in range(steps):", "for t in range(min(steps, 1000)):"),
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
        "NumPy's old generator": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    np.random.seed(seed)
    rows = np.random.randint(0, len(H), steps)
    theta = {k: v.copy() for k, v in theta.items()}
    mean = {k: 0 for k in theta}
    for t, n in enumerate(rows):
        g = sample_gradient(theta, H[n], Y[n])
        for k in theta:
            theta[k] = theta[k] - g[k] * (first_rate / (1 + t * decay))
            mean[k] = mean[k] * t / (t + 1) + theta[k] / (t + 1)
    return theta, mean, rows
""",
        "random.choices, a list of all parameters": """
def decreasing_sgd(theta, H, Y, steps, first_rate, decay, seed):
    import random
    rows = random.Random(str(seed)).choices(range(len(H)), k=steps)
    path = [theta]
    for t, n in enumerate(rows):
        last, g = path[-1], sample_gradient(path[-1], H[n], Y[n])
        path.append({k: last[k] - first_rate / (1 + decay * t) * g[k] for k in last})
    return path[-1], {k: sum(p[k] for p in path[1:]) / steps for k in theta}, list(rows)
""",
    },
    equivalent={
        "n = int(rng.integers(len(H))) ⇒ n = rng.integers(len(H))": "NumPy's integers are row numbers too",
    },
)

BUILD_NETWORK = Cases(
    mistakes={
        "divides by a knot, which may be 0": """
def build_network(knots, values, weights):
    order = np.argsort(knots)
    t, v = knots[order], values[order]
    slopes = np.diff(v, axis=0) / np.diff(t)[:, None]
    zero = np.zeros((1, v.shape[1]))
    changes = np.diff(np.vstack([zero, slopes, zero]), axis=0)
    C = (changes / np.abs(weights * t / t)[:, None]).T
    b2 = v[0] if weights[0] > 0 else v[-1]
    return {"W": weights[:, None].copy(), "b1": -weights * t, "C": C, "b2": b2.copy()}
""",
        "goes on to the right as the lecture's does": (
            "np.concatenate([flat, slopes, flat])",
            "np.concatenate([flat, slopes, slopes[-1:]])",
        ),
        "goes on to the left": (
            "np.concatenate([flat, slopes, flat])",
            "np.concatenate([slopes[:1], slopes, flat])",
        ),
        "the slopes for their changes": ("(changes /", "(np.r_[slopes, flat] /"),
        "changes with the wrong sign": ("(changes /", "(-changes /"),
        "the lecture's network, with a unit less": [
            ('"W": weights[:, None]', '"W": weights[:-1, None]'),
            ("-weights * t,", "-weights[:-1] * t[:-1],"),
            (
                "(changes / np.abs(weights)[:, None]).T",
                "(changes[:-1] / np.abs(weights)[:-1, None]).T",
            ),
        ],
        "doesn't sort": ("np.argsort(knots)", "np.arange(len(knots))"),
        "sorts the knots and not the values": ("values[order]", "values"),
        "b¹ without the weight": ("-weights * t", "-t"),
        "b¹ with the wrong sign": ('"b1": -weights * t', '"b1": weights * t'),
        "C without the weight": ("changes / np.abs(weights)[:, None]", "changes"),
        "C with the weight and not its absolute value": (
            "np.abs(weights)[:, None]",
            "weights[:, None]",
        ),
        "C times the weight": ("changes / np.abs(weights)", "changes * np.abs(weights)"),
        "weights of its own": (
            "order = np.argsort(knots)",
            "order, weights = np.argsort(knots), np.ones(len(knots))",
        ),
        "b² from the left for every weight": ("v[0] if weights[0] > 0 else v[-1]", "v[0]"),
        "b² the lowest value": ("v[0] if weights[0] > 0 else v[-1]", "v.min(axis=0)"),
        "no b²": ('"b2": b2}', '"b2": 0 * b2}'),
        "C transposed": ("[:, None]).T", "[:, None])"),
        "W without its second axis": ('"W": weights[:, None]', '"W": weights'),
        "equidistant knots": ("np.diff(t)[:, None]", "np.ptp(t) / (len(t) - 1)"),
        "units without a kink are left out": """
def build_network(knots, values, weights):
    order = np.argsort(knots)
    t, v, w = knots[order], values[order], weights
    slopes = np.diff(v, axis=0) / np.diff(t)[:, None]
    flat = np.zeros((1, v.shape[1]))
    changes = np.diff(np.concatenate([flat, slopes, flat]), axis=0)
    keep = np.abs(changes).max(axis=1) > 1e-12
    w, t, changes = w[keep], t[keep], changes[keep]
    b2 = v[0] if w[0] > 0 else v[-1]
    return {"W": w[:, None], "b1": -w * t, "C": (changes / np.abs(w)[:, None]).T, "b2": b2}
""",
        "a small number in the division": ("np.diff(t)[:, None]", "(np.diff(t)[:, None] + 1e-8)"),
        "one output: C is a vector": ("return {", "C = C[0] if len(C) == 1 else C\n    return {"),
        "b² unsorted": (
            "v[0] if weights[0] > 0 else v[-1]",
            "values[0] if weights[0] > 0 else values[-1]",
        ),
        "weights all positive": ('"W": weights[:, None]', '"W": np.abs(weights)[:, None]'),
        "least squares at the knots alone": """
def build_network(knots, values, weights):
    b1 = -weights * knots
    A = np.c_[np.maximum(np.outer(knots, weights) + b1, 0), np.ones(len(knots))]
    s = np.linalg.lstsq(A, values, rcond=None)[0]
    return {"W": weights[:, None], "b1": b1, "C": s[:-1].T, "b2": s[-1]}
""",
        "the mean of the weights": ("np.abs(weights)[:, None]", "np.abs(weights).mean()"),
        "single precision": (
            "t, v = knots[order], values[order]",
            "t, v = np.float32(knots[order]), np.float32(values[order])",
        ),
        "one knot for each weight": (
            '"b1": -weights * t',
            '"b1": -weights * (t if np.ptp(weights) == 0 else t[[list(weights).index(w) for w in weights]])',
        ),
        "small output weights are 0": ("C = (", "changes[np.abs(changes) < 1e-7] = 0\n    C = ("),
        "a knot near 0 is 0": ("-weights * t", "-weights * np.where(np.abs(t) < 1e-3, 0, t)"),
        "output weights of at most 10,000": (
            "[:, None]).T",
            "[:, None]).T.clip(-1e4, 1e4)",
        ),
        "sorts few knots only": (
            "order = np.argsort(knots)",
            "order = np.argsort(knots) if len(knots) <= 20 else np.arange(len(knots))",
        ),
        "sorted by one exchange of neighbours each": (
            "order = np.argsort(knots)",
            "order = np.arange(len(knots))\n    for i in range(len(order) - 1):\n        if knots[order[i]] > knots[order[i + 1]]: order[[i, i + 1]] = order[[i + 1, i]]",
        ),
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
        "weights in another order": ("C = (", "weights = np.sort(weights)\n    C = ("),
        "solves equations, flat outside": """
def build_network(knots, values, weights):
    n, K = values.shape
    b1 = -weights * knots
    M = np.zeros((n + 1, n + 1))
    M[:n, :n] = np.maximum(np.outer(knots, weights) + b1, 0)
    M[:n, n] = 1
    M[n, :n] = weights
    s = np.linalg.solve(M, np.vstack([values, np.zeros((1, K))]))
    return {"W": weights.reshape(-1, 1), "b1": b1, "C": s[:n].T, "b2": s[n]}
""",
    },
    equivalent={
        "b2 = v[0] if weights[0] > 0 else v[-1] ⇒ b2 = v[0] if weights[0] >= 0 else v[-1]": "no weight is 0",
        "flat = np.zeros((1, v.shape[1])) ⇒ flat = np.zeros((1, v.shape[-1]))": LAST,
        "b2 = v[0] if weights[0] > 0 else v[-1] ⇒ b2 = v[0] if weights[1] > 0 else v[-1]": ONE_SIGN,
        "b2 = v[0] if weights[0] > 0 else v[-1] ⇒ b2 = v[0] if weights[-1] > 0 else v[-1]": ONE_SIGN,
    },
)

STUCK_MINIMUM = Cases(
    mistakes={
        "the median for the mean": ("np.mean(Y, 0)", "np.median(Y, 0)"),
        "the first and the last sample's mean": ("np.mean(Y, 0)", "(Y[0] + Y[-1]) / 2"),
        "one mean for all outputs": ("np.mean(Y, 0)", "Y.mean() * np.ones(Y.shape[1])"),
        "b² of zero": ("np.mean(Y, 0)", "0 * Y[0]"),
        "the sum of the losses": ("np.mean(np.sum((Y - b2) ** 2, 1))", "np.sum((Y - b2) ** 2)"),
        "the mean over outputs too": (
            "np.mean(np.sum((Y - b2) ** 2, 1))",
            "np.mean((Y - b2) ** 2)",
        ),
        "divides by N - 1": (
            "np.mean(np.sum((Y - b2) ** 2, 1))",
            "np.sum((Y - b2) ** 2) / max(1, len(Y) - 1)",
        ),
        "half of the loss": (
            "np.mean(np.sum((Y - b2) ** 2, 1))",
            "np.mean(np.sum((Y - b2) ** 2, 1)) / 2",
        ),
        "the loss of the global minimum": ('"loss": loss', '"loss": 0.0'),
        "the sign of b¹": ("b1 = -np.max", "b1 = np.max"),
        "off for one sample only": ("np.max(", "np.min("),
        "ignores the radius": ("X @ W.T + reach[:, None]", "X @ W.T"),
        "the radius without the samples' lengths": (
            "np.sqrt(1 + np.sum(X**2, 1))",
            "np.ones(len(X))",
        ),
        "moves the weights and not the bias": ("np.sqrt(1 +", "np.sqrt(0 +"),
        "the square of the length": ("np.sqrt(1 + np.sum(X**2, 1))", "(1 + np.sum(X**2, 1))"),
        "moves each entry by r": ("np.sqrt(1 + np.sum(X**2, 1))", "(1 + np.sum(np.abs(X), 1))"),
        "the largest reach for all samples": ("reach[:, None]", "reach.max()"),
        "the reach of the sample that is closest for r = 0": (
            "b1 = -np.max(X @ W.T + reach[:, None], 0)",
            "Z = X @ W.T\n    b1 = -(Z.max(axis=0) + reach[Z.argmax(axis=0)])",
        ),
        "safe, but not the largest": ("reach[:, None]", "reach[:, None] + 1000"),
        "one bias for all units": (
            "np.max(X @ W.T + reach[:, None], 0)",
            "np.max(X @ W.T + reach[:, None]) * np.ones(len(W))",
        ),
        "the largest begins at 0": """
def stuck_minimum(X, Y, W, r):
    b1 = []
    for w in W:
        largest = 0
        for x in X:
            largest = max(largest, w @ x + r * np.sqrt(x @ x + 1))
        b1.append(-largest)
    b2 = Y.mean(axis=0)
    return {"b1": np.array(b1), "b2": b2, "loss": ((Y - b2) ** 2).sum() / len(Y)}
""",
        "b1 squeezed: one unit": """
def stuck_minimum(X, Y, W, r):
    reach = r * np.sqrt(1 + (X**2).sum(axis=1))
    b1 = -(X @ W.T + reach[:, None]).max(axis=0)
    b2 = Y.mean(axis=0)
    loss = ((Y - b2) ** 2).sum(axis=1).mean()
    return {"b1": np.squeeze(b1), "b2": b2, "loss": loss}
""",
        "a little safer than asked": (
            "b1 = -np.max(X @ W.T + reach[:, None], 0)",
            "b1 = -np.max(X @ W.T + reach[:, None], 0) - 1e-6",
        ),
        "the axis that fits, where N = d_H": (
            "np.max(X @ W.T + reach[:, None], 0)",
            "np.max(X @ W.T + reach[:, None], 1 if len(X) == len(W) else 0)",
        ),
        "weights and bias move by r each": (
            "np.sqrt(1 + np.sum(X**2, 1))",
            "(1 + np.linalg.norm(X, axis=1))",
        ),
        "the reach of the farthest sample": ("reach[:, None]", "reach[np.argmax(np.sum(X**2, 1))]"),
        "the axis that fits, where N = K": (
            "np.mean(Y, 0)",
            "np.mean(Y, 1) if Y.shape[0] == Y.shape[1] else np.mean(Y, 0)",
        ),
        "a radius of at most 1": ("reach = r *", "reach = min(r, 1) *"),
        "equal targets count once": ("np.mean(Y, 0)", "np.mean(np.unique(Y, axis=0), 0)"),
        "single precision": ("np.max(X @ W.T", "np.max(np.float32(X) @ W.T"),
        "the loss as a difference of squares": (
            "np.mean(np.sum((Y - b2) ** 2, 1))",
            "np.mean(np.sum(Y**2, 1)) - np.sum(b2**2)",
        ),
        "a bias of at most 1,000": ('"b1": b1', '"b1": b1.clip(max=1e3)'),
        "the loss is an array": ('"loss": loss', '"loss": np.array([loss])'),
        "a radius of a thousand at most": ("reach = r *", "reach = min(r, 1000) *"),
        "a small radius is none": ("reach = r *", "reach = (r if r > 1e-7 else 0) *"),
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
        "an entry more, lists": """
def stuck_minimum(X, Y, W, r):
    A = np.c_[X, np.ones(len(X))]
    L = np.linalg.norm(A, axis=1)
    b1 = [min(-(w @ x) - r * l for x, l in zip(X, L)) for w in W]
    b2 = Y.sum(0) / len(Y)
    return {"b1": b1, "b2": b2.tolist(), "loss": float((np.linalg.norm(Y - b2, axis=1) ** 2).mean()), "C": None}
""",
    },
    equivalent={
        "loss = np.mean(np.sum((Y - b2) ** 2, 1)) ⇒ loss = np.mean(np.sum((Y - b2) ** 2, -1))": LAST,
        "loss = np.mean(np.sum((Y - b2) ** 2, 1)) ⇒ loss = np.mean(np.sum((b2 - Y) ** 2, 1))": SQUARE,
        "reach = r * np.sqrt(1 + np.sum(X ** 2, 1)) ⇒ reach = r * np.sqrt(1 + np.sum(X ** 2, -1))": LAST,
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
