"""Wrong and right answers to the exercises of ps3."""

from tests.assignments.harness import Cases

LAST = "of two axes the second is the last"

FORWARD = Cases(
    mistakes={
        "softplus as log(1 + e^z)": """
def forward(X, W, b, sigma):
    Z, H, below = [], [], X
    for weights, bias, kind in zip(W, b, sigma):
        Z.append(below @ weights.T + bias)
        below = np.log(1 + np.exp(Z[-1])) if kind == "softplus" else activate(kind, Z[-1])
        H.append(below)
    U = below @ W[-1].T + b[-1]
    f = np.exp(U - U.max(axis=1, keepdims=True))
    return Z, H, f / f.sum(axis=1, keepdims=True)
""",
        "σ of the first layer in every layer": (
            "activate(sigma[l], Z[l])",
            "activate(sigma[0], Z[l])",
        ),
        "σ in reverse order": ("activate(sigma[l], Z[l])", "activate(sigma[-1 - l], Z[l])"),
        "σ′ and not σ": ("activate(sigma[l], Z[l])", "slope(sigma[l], Z[l])"),
        "always tanh": ("activate(sigma[l], Z[l])", "np.tanh(Z[l])"),
        "no biases": ("below @ W[l].T + b[l]", "below @ W[l].T"),
        "no bias in the output layer": ("below @ W[-1].T + b[-1]", "below @ W[-1].T"),
        "W not transposed": ("below @ W[l].T", "below @ W[l]"),
        "hands Z up and not H": (
            "below = activate(sigma[l], Z[l])\n        H.append(below)",
            "below = Z[l]\n        H.append(activate(sigma[l], Z[l]))",
        ),
        "σ on the scores": (
            "U = below @ W[-1].T + b[-1]",
            "U = activate(sigma[-1], below @ W[-1].T + b[-1])",
        ),
        "scores and no softmax": ("f / np.sum(f, 1, keepdims=True)", "U"),
        "softmax along the samples": ("np.sum(f, 1, keepdims=True)", "np.sum(f, 0)"),
        "no shift: e^U overflows": ("np.exp(U - np.max(U, 1, keepdims=True))", "np.exp(U)"),
        "shift by a fixed number": ("U - np.max(U, 1, keepdims=True)", "U - 100"),
        "H starts with the input": ("return Z, H, f", "return Z, [X, *H], f"),
        "Z ends with the scores": ("return Z, H, f", "return [*Z, U], H, f"),
        "returns f only": ("return Z, H, f / np", "return f / np"),
        "a = 0 counts as no σ": (
            "activate(sigma[l], Z[l])",
            "activate(sigma[l], Z[l]) if sigma[l] else Z[l]",
        ),
        "shifted by the largest of all": ("np.max(U, 1, keepdims=True)", "np.max(U)"),
        "shifted by less than the row's largest": ("np.max(U, 1,", "np.mean(U, 1,"),
        "scores cut off": ("    f = np", "    U = np.clip(U, -500, 500)\n    f = np"),
        "a small number under the fraction line": (
            "np.sum(f, 1, keepdims=True)",
            "(np.sum(f, 1, keepdims=True) + 1e-8)",
        ),
        "one sample: a vector": (
            "f / np.sum(f, 1, keepdims=True)",
            "(f / np.sum(f, 1, keepdims=True)).squeeze()",
        ),
        "W as it is where it is square": (
            "below @ W[l].T",
            "below @ (W[l] if len(W[l]) == len(W[l].T) else W[l].T)",
        ),
        "a σ that occurs twice is looked up once": (
            "activate(sigma[l], Z[l])",
            "activate(sigma[l], Z[sigma.index(sigma[l])])",
        ),
        "twenty layers at most": ("range(len(sigma))", "range(min(20, len(sigma)))"),
        "lists that live on from call to call": [
            ("sigma):", "sigma, Z=[], H=[]):"),
            ("Z, H, below = [], [], X", "below = X"),
        ],
        "single precision": [
            ("[], [], X", "[], [], np.float32(X)"),
            ("below @ W[l].T + b[l]", "below @ np.float32(W[l]).T + np.float32(b[l])"),
        ],
        "asks the tests' own helper": """
def forward(X, W, b, sigma):
    found = mixed_network.answers(X, np.zeros(len(X), dtype=int), W, b, sigma)
    return found["Z"], found["H"], found["f"]
""",
        "asks mlpkit": """
def forward(X, W, b, sigma):
    from mlpkit.network import MLP
    network = MLP(X.shape[1], len(b[0]), len(b[-1]), L=len(sigma), activation=sigma[0])
    found = network.forward(X)
    return found.Z, found.H, network.probabilities(X)
""",
        "very large scores cut off": ("    f = np", "    U = np.clip(U, -5e4, 5e4)\n    f = np"),
        "Z of more than 60 cut off below σ": (
            "activate(sigma[l], Z[l])",
            "activate(sigma[l], np.clip(Z[l], -60, 60))",
        ),
    },
    right={
        "loops over samples, columns": """
def forward(X, W, b, sigma):
    L = len(W) - 1
    Z, H, f = [[] for _ in range(L)], [[] for _ in range(L)], []
    for x in X:
        h = x
        for l in range(L):
            z = np.array([sum(w * v for w, v in zip(row, h)) for row in W[l]]) + b[l]
            h = activate(sigma[l], z)
            Z[l].append(z)
            H[l].append(h)
        u = W[L] @ h + b[L]
        e = [float(np.exp(value - max(u))) for value in u]
        f.append([value / sum(e) for value in e])
    return Z, H, f
""",
        "logaddexp, a warning, prints": """
def forward(X, W, b, sigma):
    np.exp(np.array([1e4]))
    Z, H = [], [X]
    for W_l, b_l, kind in zip(W, b, sigma):
        print("layer", len(H), W_l.shape)
        Z += [(W_l @ H[-1].T).T + np.reshape(b_l, (1, -1))]
        H += [activate(kind, Z[-1])]
    U = np.einsum("nh,kh->nk", H[-1], W[-1]) + b[-1]
    return [Z, H[1:], np.exp(U - np.logaddexp.reduce(U, axis=1, keepdims=True))]
""",
        "extended precision, recursive": """
def forward(X, W, b, sigma):
    def up(below, l):
        Z = below @ W[l].T + b[l]
        if l == len(sigma):
            f = np.exp(Z - Z.max(axis=1)[:, None])
            return [], [], f / f.sum(axis=1)[:, None]
        Zs, Hs, f = up(activate(sigma[l], Z), l + 1)
        return [Z, *Zs], [activate(sigma[l], Z), *Hs], f

    return up(np.longdouble(X), 0)
""",
    },
    equivalent={
        "f = np.exp(U - np.max(U, 1, keepdims=True)) ⇒ f = np.exp(U - np.max(U, -1, keepdims=True))": LAST,
        "return (Z, H, f / np.sum(f, 1, keepdims=True)) ⇒ return (Z, H, f / np.sum(f, -1, keepdims=True))": LAST,
    },
)

DELTA_RECURSION = Cases(
    mistakes={
        "slope 1 at a leaky ReLU's kink": """
def delta_recursion(Z, W, sigma, dU):
    L = len(Z)
    delta = [None] * L
    delta[L - 1] = dU @ W[L]
    for l in range(L - 2, -1, -1):
        delta[l] = (delta[l + 1] * (slope(sigma[l + 1], Z[l + 1]) if isinstance(sigma[l + 1], str) else np.where(Z[l + 1] >= 0, 1.0, sigma[l + 1]))) @ W[l + 1]
    return delta
""",
        "σ′ at Z^ℓ and not at Z^(ℓ+1)": ("slope(sigma[l], Z[l])", "slope(sigma[l], Z[l - 1])"),
        "σ of layer ℓ and not of ℓ+1": ("slope(sigma[l], Z[l])", "slope(sigma[l - 1], Z[l])"),
        "both indices one too low": ("slope(sigma[l], Z[l])", "slope(sigma[l - 1], Z[l - 1])"),
        "no σ′": ("delta[0] * slope(sigma[l], Z[l])", "delta[0]"),
        "σ and not σ′": ("slope(sigma[l], Z[l])", "activate(sigma[l], Z[l])"),
        "σ′ at H": ("slope(sigma[l], Z[l])", "slope(sigma[l], activate(sigma[l], Z[l]))"),
        "σ′ of tanh everywhere": ("slope(sigma[l], Z[l])", "(1 - np.tanh(Z[l]) ** 2)"),
        "returns ∂L/∂Z and not ∂L/∂H": (
            "    return delta",
            "    return [d * slope(s, z) for d, s, z in zip(delta, sigma, Z)]",
        ),
        "W one layer too high": ("through_sigma @ W[l]", "through_sigma @ W[l + 1]"),
        "W transposed": ("through_sigma @ W[l]", "through_sigma @ W[l].T"),
        "transposed at the output layer": ("[dU @ W[-1]]", "[dU @ W[-1].T]"),
        "σ′ after the weights, at layer ℓ": (
            "delta.insert(0, through_sigma @ W[l])",
            "delta.insert(0, (delta[0] @ W[l]) * slope(sigma[l - 1], Z[l - 1]))",
        ),
        "from the top down": ("    return delta", "    return delta[::-1]"),
        "only the last one": ("    return delta", "    return delta[-1:]"),
        "∂L/∂U is in the list": ("    return delta", "    return [*delta, dU]"),
        "divides by N again": ("[dU @ W[-1]]", "[dU @ W[-1] / len(dU)]"),
        "sum over the samples": ("    return delta", "    return [d.sum(axis=0) for d in delta]"),
        "each step from δ^L": ("delta[0] * slope", "delta[-1] * slope"),
        "a = 0 counts as no σ": (
            "slope(sigma[l], Z[l])",
            "(slope(sigma[l], Z[l]) if sigma[l] else 1)",
        ),
        "W transposed where it is square": (
            "through_sigma @ W[l]",
            "through_sigma @ (W[l].T if len(W[l]) == len(W[l].T) else W[l])",
        ),
        "a layer found by its widths": (
            "through_sigma @ W[l]",
            "through_sigma @ next(w for w in W if w.shape == W[l].shape)",
        ),
        "what is below 1e-12 is 0": (
            "    return delta",
            "    return [np.where(abs(d) < 1e-12, 0, d) for d in delta]",
        ),
        "clipped to ±1": ("    return delta", "    return [np.clip(d, -1, 1) for d in delta]"),
        "slopes of at least 1e-8": (
            "slope(sigma[l], Z[l])",
            "np.maximum(slope(sigma[l], Z[l]), 1e-8)",
        ),
        "one sample: a vector": ("    return delta", "    return [d.squeeze() for d in delta]"),
        "eight steps at most": ("range(len(Z) - 1,", "range(min(8, len(Z) - 1),"),
        "single precision": ("    return delta", "    return [np.float32(d) for d in delta]"),
        "sigmoid's slope by h (1 − h)": (
            "* slope(sigma[l], Z[l])",
            "* (h * (1 - h) if sigma[l] == 'sigmoid' and (h := activate('sigmoid', Z[l])) is not None"
            " else slope(sigma[l], Z[l]))",
        ),
        "below 1e-100 counts as 0": (
            "    return delta",
            "    return [np.where(abs(d) < 1e-100, 0, d) for d in delta]",
        ),
        "slopes of at least 1e-300": (
            "slope(sigma[l], Z[l])",
            "np.maximum(slope(sigma[l], Z[l]), 1e-300)",
        ),
    },
    right={
        "loops over samples, columns": """
def delta_recursion(Z, W, sigma, dU):
    L = len(Z)
    result = [np.zeros(z.shape) for z in Z]
    for n in range(len(dU)):
        column = W[L].T @ dU[n]
        result[L - 1][n] = column
        for l in range(L - 1, 0, -1):
            column = W[l].T @ (column * slope(sigma[l], Z[l][n]))
            result[l - 1][n] = column
    return result
""",
        "recursive, lists": """
def delta_recursion(Z, W, sigma, dU):
    if len(Z) == 1:
        return [(dU @ W[1]).tolist()]
    print("layers left:", len(Z))
    D = np.matmul(dU, W[-1]) * slope(sigma[-1], Z[-1])
    return delta_recursion(Z[:-1], W[:-1], sigma[:-1], D) + [np.matmul(dU, W[-1]).tolist()]
""",
        "a diagonal matrix for σ′, a warning": """
def delta_recursion(Z, W, sigma, dU):
    np.log(np.zeros(2))
    delta = {len(Z): np.einsum("nk,kh->nh", dU, W[-1])}
    for l in range(len(Z) - 1, 0, -1):
        J = [np.diag(row) for row in slope(sigma[l], Z[l])]
        delta[l] = np.array([d @ j @ W[l] for d, j in zip(delta[l + 1], J)])
    return tuple(delta[l] for l in range(1, len(Z) + 1))
""",
    },
)

ALL_GRADIENTS = Cases(
    mistakes={
        "no 1/N in the output layer": ("    dU /= len(X)\n", ""),
        "1/N twice in the hidden layers": (
            "dZ = [delta[l] * slope(sigma[l], Z[l])",
            "dZ = [delta[l] * slope(sigma[l], Z[l]) / len(X)",
        ),
        "divides by K": ("dU /= len(X)", "dU /= f.shape[1]"),
        "sign of (11)": ("dU /= len(X)", "dU /= -len(X)"),
        "sign of e(y)": ("y] -= 1", "y] += 1"),
        "forgets e(y)": ("    dU[np.arange(len(X)), y] -= 1\n", ""),
        "no σ′": ("delta[l] * slope(sigma[l], Z[l])", "delta[l]"),
        "σ′ at H": ("slope(sigma[l], Z[l])", "slope(sigma[l], H[l])"),
        "σ′ of the first layer everywhere": ("slope(sigma[l], Z[l])", "slope(sigma[0], Z[l])"),
        "σ′ also at the output": (
            "dZ.append(dU)",
            "dZ.append(dU * f * (1 - f))",
        ),
        "H of the same layer": ("below = [X, *H]", "below = [*H, H[-1]]"),
        "Z and not H from below": ("below = [X, *H]", "below = [X, *Z]"),
        "dW transposed": ("dZ[l].T @ below[l]", "below[l].T @ dZ[l]"),
        "dW of the output layer transposed": (
            "    return dW, db",
            "    dW[-1] = dW[-1].T\n    return dW, db",
        ),
        "db not summed over the samples": ("np.sum(dZ[l], 0)", "dZ[l]"),
        "db is the mean": ("np.sum(dZ[l], 0)", "np.mean(dZ[l], 0)"),
        "db summed along the wrong axis": ("np.sum(dZ[l], 0)", "np.sum(dZ[l], 1)"),
        "db from δ, without σ′": (
            "db = [np.sum(dZ[l], 0)",
            "db = [np.sum(delta[l] if l < len(delta) else dU, 0)",
        ),
        "no output layer": ("    dZ.append(dU)\n", ""),
        "output layer first": ("    return dW, db", "    return dW[::-1], db[::-1]"),
        "biases first": ("    return dW, db", "    return db, dW"),
        "one-hot as wide as the largest label": (
            "dU[np.arange(len(X)), y] -= 1",
            "dU -= np.eye(y.max() + 1)[y]",
        ),
        "one-hot as wide as the labels that occur": (
            "dU[np.arange(len(X)), y] -= 1",
            "dU -= y[:, None] == np.unique(y)",
        ),
        "one sample: the bias is a matrix": (
            "np.sum(dZ[l], 0)",
            "(np.sum(dZ[l], 0) if len(X) > 1 else dZ[l])",
        ),
        "squeezed": ("dZ[l].T @ below[l]", "(dZ[l].T @ below[l]).squeeze()"),
        "the output layer transposed where N = K": (
            "    return dW, db",
            "    if len(f) == len(f.T):\n        dW[-1] = dW[-1].T\n    return dW, db",
        ),
        "a = 0 counts as no σ": (
            "slope(sigma[l], Z[l])",
            "(slope(sigma[l], Z[l]) if sigma[l] else 1)",
        ),
        "single precision": ("    return dW, db", "    return [np.float32(w) for w in dW], db"),
        "softplus' slope from H": (
            "slope(sigma[l], Z[l])",
            "(1 - np.exp(-H[l]) if sigma[l] == 'softplus' else slope(sigma[l], Z[l]))",
        ),
        "sigmoid's slope from H": (
            "slope(sigma[l], Z[l])",
            "(H[l] * (1 - H[l]) if sigma[l] == 'sigmoid' else slope(sigma[l], Z[l]))",
        ),
        "1e-12 beside the slopes": ("slope(sigma[l], Z[l])", "(slope(sigma[l], Z[l]) + 1e-12)"),
        "the first 64 samples": (
            "    below =",
            "    dZ = [d * (np.arange(len(X)) < 64)[:, None] for d in dZ]\n    below =",
        ),
        "1/N by the rows that differ": ("dU /= len(X)", "dU /= len(np.unique(X, axis=0))"),
        "labels in eight bits": (
            "dU[np.arange(len(X)), y]",
            "dU[np.arange(len(X)), y.astype(np.int8)]",
        ),
        "divided by the label's f, and multiplied": (
            "    dU[np.arange(len(X)), y] -= 1\n",
            "    at = np.arange(len(X)), y\n"
            "    dU = (-1 / f[at] * f[at])[:, None] * (np.eye(f.shape[1])[y] - f)\n",
        ),
    },
    right={
        "f changed in place": """
def all_gradients(X, y, Z, H, f, delta, sigma):
    N, L = len(X), len(Z)
    dU = f
    dU[np.arange(N), y] -= 1
    dU /= N
    inputs = [X] + list(H)
    dZ = [delta[l] * slope(sigma[l], Z[l]) for l in range(L)] + [dU]
    dW = [dZ[l].T @ inputs[l] for l in range(L + 1)]
    db = [dZ[l].sum(axis=0) for l in range(L + 1)]
    return dW, db
""",
        "loop over samples, outer products": """
def all_gradients(X, y, Z, H, f, delta, sigma):
    N, L = len(X), len(Z)
    dW = [np.zeros((Z[l].shape[1], (H[l - 1] if l else X).shape[1])) for l in range(L)]
    dW.append(np.zeros((f.shape[1], H[-1].shape[1])))
    db = [np.zeros(len(matrix)) for matrix in dW]
    for n in range(N):
        e = np.zeros(f.shape[1])
        e[y[n]] = 1
        dU = -(e - f[n]) / N
        dW[L] += np.outer(dU, H[L - 1][n])
        db[L] += dU
        for l in range(L):
            D = delta[l][n] * slope(sigma[l], Z[l][n])
            db[l] += D
            dW[l] += np.outer(D, X[n] if l == 0 else H[l - 1][n])
    return dW, db
""",
        "einsum, lists, changed arguments, a warning": """
def all_gradients(X, y, Z, H, f, delta, sigma):
    np.float64(1) / np.float64(0)
    for n, label in enumerate(y):
        f[n, label] -= 1
    dW, db, below = [], [], X
    for d, kind, z, h in zip(delta, sigma, Z, H):
        print(d.shape)
        d *= slope(kind, z)
        dW.append(np.einsum("no,ni->oi", d, below).tolist())
        db.append(np.einsum("no->o", d).tolist())
        below = h
    return [*dW, (f.T @ below / len(f)).tolist()], [*db, f.mean(axis=0).tolist()]
""",
    },
    equivalent={
        "dU = np.array(f) ⇒ dU = f": "the function may change its arguments, which are copies",
    },
)

INITIAL_WEIGHTS = Cases(
    mistakes={
        "the variance for the deviation": (
            "deviation = np.sqrt(2 / (1 + a**2) / widths[l - 1])",
            "deviation = 2 / (1 + a**2) / widths[l - 1]",
        ),
        "fan-out and not fan-in": ("/ widths[l - 1])", "/ widths[l])"),
        "the mean of fan-in and fan-out": (
            "2 / (1 + a**2) / widths[l - 1]",
            "4 / (1 + a**2) / (widths[l - 1] + widths[l])",
        ),
        "standard normal": ("deviation * rng", "rng"),
        "always for ReLU": ("2 / (1 + a**2)", "2"),
        "never for ReLU": ("2 / (1 + a**2)", "1"),
        "1 + a and not 1 + a²": ("1 + a**2", "1 + a"),
        "1 − a²/2 and not 1 + a²": ("(1 + a**2)", "(1 - a**2 / 2)"),
        "the slope of the layer below": (
            "slopes[l - 1] if l <= len(slopes) else 1.0",
            "slopes[l - 2] if l > 1 else 1.0",
        ),
        "the first slope everywhere": (
            "slopes[l - 1] if l <= len(slopes) else 1.0",
            "slopes[0] if l <= len(slopes) else 1.0",
        ),
        "the output layer as after ReLU": ("else 1.0", "else 0.0"),
        "the seed anew in each layer": (
            "deviation * rng.normal",
            "deviation * np.random.default_rng(seed).normal",
        ),
        "the seed is ignored": ("default_rng(seed)", "default_rng(0)"),
        "other weights at each call": ("default_rng(seed)", "default_rng()"),
        "W transposed": (
            "size=(widths[l], widths[l - 1])",
            "size=(widths[l - 1], widths[l])",
        ),
        "random biases": ("np.zeros(widths[l])", "rng.normal(size=widths[l])"),
        "zeros": ("deviation * rng", "0 * rng"),
        "uniform from 0": (
            "deviation * rng.normal(",
            "np.sqrt(3) * deviation * rng.uniform(",
        ),
        "uniform within the deviation": (
            "deviation * rng.normal(",
            "rng.uniform(-deviation, deviation, ",
        ),
        "one row many times": (
            "rng.normal(size=(widths[l], widths[l - 1]))",
            "np.tile(rng.normal(size=widths[l - 1]), (widths[l], 1))",
        ),
        "no output layer": ("range(1, len(widths))", "range(1, len(widths) - 1)"),
        "fan-in plus one, for the bias": ("/ widths[l - 1])", "/ (widths[l - 1] + 1))"),
        "each matrix scaled to its exact mean square": (
            "    return W, b",
            "    for M, n, a in zip(W, widths, [*slopes, 1.0]):\n"
            "        M *= np.sqrt(2 / (1 + a**2) / n / np.mean(M**2))\n    return W, b",
        ),
        "half the units are the other half with the other sign": (
            "    return W, b",
            "    for M in W:\n        half = len(M) // 2\n"
            "        M[len(M) - half :] = -M[:half]\n    return W, b",
        ),
        "moved to a mean of exactly 0": (
            "    return W, b",
            "    return [M - M.mean() if M.size > 1 else M for M in W], b",
        ),
        "orthonormal where it is square": (
            "    return W, b",
            "    W = [M if len(M) != len(M.T) else np.linalg.qr(M)[0] * M.std() * len(M) ** 0.5 for M in W]\n"
            "    return W, b",
        ),
        "clipped at two deviations": (
            "deviation * rng.normal(size=(widths[l], widths[l - 1]))",
            "deviation * np.clip(rng.normal(size=(widths[l], widths[l - 1])), -2, 2)",
        ),
        "2 % too small": ("deviation * rng", "0.98 * deviation * rng"),
        "two digits": (
            "deviation * rng.normal(size=(widths[l], widths[l - 1]))",
            "deviation * np.round(rng.normal(size=(widths[l], widths[l - 1])), 2)",
        ),
        "a slope of 0 counts as 0.25": (
            "        deviation =",
            "        a = a or 0.25\n        deviation =",
        ),
        "a seed of one digit": ("default_rng(seed)", "default_rng(seed % 10)"),
        "a seed of 16 bits": ("default_rng(seed)", "default_rng(seed % 2**16)"),
        "layers of one shape hold the same numbers": (
            "deviation * rng.normal(",
            "deviation * np.random.default_rng([seed, *widths[l - 1 : l + 1]]).normal(",
        ),
        "biases that are nearly 0": ("np.zeros(widths[l])", "np.full(widths[l], 1e-12)"),
        "Student's t with 5 degrees of freedom": (
            "deviation * rng.normal(",
            "deviation * np.sqrt(3 / 5) * rng.standard_t(5, ",
        ),
        "W^ℓ is −W^(ℓ−2) where it fits": (
            "        b.append",
            "        if l > 2 and W[-1].shape == W[-3].shape and slopes[l - 3] == a:\n"
            "            W[-1] = -W[-3]\n        b.append",
        ),
        "a single weight has the sign of the one below": (
            "        b.append",
            "        if l > 1 and W[-1].size == 1:\n"
            "            W[-1] = np.abs(W[-1]) * np.sign(W[-2][:1, :1])\n        b.append",
        ),
    },
    right={
        "uniform, other generator, lists": """
def initial_weights(widths, slopes, seed):
    import random

    draw = random.Random(seed).uniform
    W, b = [], []
    for fan_in, fan_out, a in zip(widths, widths[1:], [*slopes, 1]):
        edge = (6 / (fan_in * (1 + a * a))) ** 0.5
        W.append([[draw(-edge, edge) for _ in range(fan_in)] for _ in range(fan_out)])
        b.append([0] * fan_out)
    return W, b
""",
        "the second moment measured, float32, a warning": """
def initial_weights(widths, slopes, seed):
    np.sqrt(np.array([-1.0]))
    rng = np.random.default_rng([seed, 7])
    z = (np.arange(4001) - 2000) / 400
    density = np.exp(-z * z / 2)
    W, b = [], []
    for l, a in enumerate(list(slopes) + [1.0]):
        passed = np.sum(density * np.where(z > 0, z, a * z) ** 2) / np.sum(density * z**2)
        numbers = rng.standard_normal((widths[l + 1], widths[l]), dtype=np.float32)
        W.append(numbers / np.float32(np.sqrt(passed * widths[l])))
        b.append(np.zeros(widths[l + 1], dtype=np.float32))
    return [W, b]
""",
        "signs, all of one size but for a little": """
def initial_weights(widths, slopes, seed):
    rng = np.random.RandomState(seed)
    W = []
    for rows, columns, a in zip(widths[1:], widths[:-1], list(slopes) + [1]):
        signs = rng.choice([-1, 1], size=(rows, columns)) + 0.01 * rng.randn(rows, columns)
        W.append(signs * np.sqrt(2 / (1 + a * a)) / np.sqrt(columns))
    return W, [np.zeros(len(matrix)) for matrix in W]
""",
        "Laplace, a generator for each layer": """
def initial_weights(widths, slopes, seed):
    children, W = np.random.SeedSequence(seed).spawn(len(widths)), []
    for child, fan_in, fan_out, a in zip(children, widths, widths[1:], [*slopes, 1]):
        scale = (1 / (1 + a**2) / fan_in) ** 0.5
        W.append(np.random.default_rng(child).laplace(0, scale, (fan_out, fan_in)))
    return W, [np.zeros(fan_out) for fan_out in widths[1:]]
""",
    },
    equivalent={
        "a = slopes[l - 1] if l <= len(slopes) else 1.0 ⇒ a = slopes[l - 1] if l <= len(slopes) else -1.0": "only the square of a is used",
    },
)

MOMENTUM = Cases(
    mistakes={
        "stops when the gradient is small": """
def momentum(theta, learning_rates, mu):
    velocity = {name: np.zeros(np.shape(value)) for name, value in theta.items()}
    path = []
    for alpha in learning_rates:
        gradient = valley_gradient(theta)
        if max(np.abs(g).max() for g in gradient.values()) < 1e-8:
            path.append(theta)
            continue
        velocity = {name: mu * velocity[name] + gradient[name] for name in theta}
        theta = {name: theta[name] - alpha * velocity[name] for name in theta}
        path.append(theta)
    return path
""",
        "θ kept within ±10^6": """
def momentum(theta, learning_rates, mu):
    velocity = {name: np.zeros(np.shape(value)) for name, value in theta.items()}
    path = []
    for alpha in learning_rates:
        gradient = valley_gradient(theta)
        velocity = {name: mu * velocity[name] + gradient[name] for name in theta}
        theta = {name: np.clip(theta[name] - alpha * velocity[name], -1e6, 1e6) for name in theta}
        path.append(theta)
    return path
""",
        "no momentum": ("mu * velocity[name] + gradient", "gradient"),
        "goes uphill": ("theta[name] - learning_rate", "theta[name] + learning_rate"),
        "sign of the velocity": ("mu * velocity[name] +", "-mu * velocity[name] +"),
        "a running mean: (1 − μ) g": ("+ gradient[name]", "+ (1 - mu) * gradient[name]"),
        "momentum 1": ("mu * velocity[name]", "velocity[name]"),
        "the velocity is forgotten": (
            "        gradient = valley",
            "        velocity = {name: np.zeros_like(theta[name]) for name in theta}\n"
            "        gradient = valley",
        ),
        "μ at the gradient and not at the velocity": (
            "mu * velocity[name] + gradient[name]",
            "velocity[name] + mu * gradient[name]",
        ),
        "steps along the old velocity": [
            ("        velocity = {name: mu", "        new = {name: mu"),
            ("        path.append", "        velocity = new\n        path.append"),
        ],
        "the gradient at the start only": [
            ("    path = []", "    path, gradient = [], valley_gradient(theta)"),
            ("        gradient = valley_gradient(theta)\n", ""),
        ],
        "α inside the velocity": [
            ("+ gradient[name]", "+ learning_rate * gradient[name]"),
            ("- learning_rate * velocity", "- velocity"),
        ],
        "the first learning rate in every step": (
            "- learning_rate *",
            "- learning_rates[0] *",
        ),
        "A only": (
            "- learning_rate * velocity[name]",
            '- learning_rate * velocity[name] * (name == "A")',
        ),
        "one velocity for all names": """
def momentum(theta, learning_rates, mu):
    v, path = 0.0, []
    for learning_rate in learning_rates:
        gradient, new = valley_gradient(theta), {}
        for name in theta:
            v = mu * np.mean(v) + gradient[name]
            new[name] = theta[name] - learning_rate * v
        theta = new
        path.append(theta)
    return path
""",
        "the same arrays T times": """
def momentum(theta, learning_rates, mu):
    velocity = {name: np.zeros_like(theta[name]) for name in theta}
    path = []
    for learning_rate in learning_rates:
        gradient = valley_gradient(theta)
        for name in theta:
            velocity[name] = mu * velocity[name] + gradient[name]
            theta[name] -= learning_rate * velocity[name]
        path.append(theta)
    return path
""",
        "returns the last θ only": ("return path", "return path[-1]"),
        "the start is in the list": ("path = []", "path = [theta]"),
        "velocities and not θ": ("path.append(theta)", "path.append(velocity)"),
        "looks ahead (Nesterov)": (
            "- learning_rate * velocity[name]",
            "- learning_rate * (gradient[name] + mu * velocity[name])",
        ),
        "μ = 0 counts as 0.9": ("    path = []", "    path, mu = [], mu or 0.9"),
        "the velocity of the call before": """
VELOCITY = {}

def momentum(theta, learning_rates, mu):
    path = []
    for learning_rate in learning_rates:
        gradient = valley_gradient(theta)
        for name in theta:
            VELOCITY[name] = mu * VELOCITY.get(name, 0) + gradient[name]
        theta = {name: theta[name] - learning_rate * VELOCITY[name] for name in theta}
        path.append(theta)
    return path
""",
        "corrected for its start, as Adam's": (
            "- learning_rate * velocity[name]",
            "- learning_rate * velocity[name] / (1 - mu ** (len(path) + 1))",
        ),
        "the largest learning rate first": (
            "in learning_rates:",
            "in sorted(learning_rates)[::-1]:",
        ),
        "a hundred steps at most": (
            "path.append(theta)",
            "path.append(theta if len(path) < 100 else path[-1])",
        ),
        "single precision": (
            "path.append(theta)",
            "path.append({name: np.float32(value) for name, value in theta.items()})",
        ),
        "stops where the gradient is below a thousandth": (
            "        path.append",
            "        if max(abs(g).max() for g in gradient.values()) < 1e-3 and path:\n"
            "            theta = path[-1]\n        path.append",
        ),
        "velocities below 1e-6 count as 0": (
            "        theta = {",
            "        velocity = {k: np.where(abs(v) < 1e-6, 0, v) for k, v in velocity.items()}\n"
            "        theta = {",
        ),
        "gradients cut off at 100": ("+ gradient[name]", "+ np.clip(gradient[name], -100, 100)"),
        "learning rates of 0.1 at most": ("- learning_rate *", "- min(learning_rate, 0.1) *"),
        "two hundred steps at most": (
            "path.append(theta)",
            "path.append(theta if len(path) < 200 else path[-1])",
        ),
    },
    right={
        "by differences of θ, lists": """
def momentum(theta, learning_rates, mu):
    before, last, path = theta, 1.0, []
    for alpha in learning_rates:
        g, new = valley_gradient(theta), {}
        for name in theta:
            velocity = (before[name] - theta[name]) / last
            new[name] = theta[name] - alpha * (g[name] + mu * velocity)
        before, theta, last = theta, new, alpha
        path.append({name: value.tolist() for name, value in new.items()})
    return path
""",
        "the sum written out": """
def momentum(theta, learning_rates, mu):
    gradients, path = [], []
    for t, alpha in enumerate(learning_rates):
        gradients.append(valley_gradient(theta))
        new = {}
        for name in ("c", "A"):
            total = sum(mu ** (t - s) * g[name] for s, g in enumerate(gradients))
            new[name] = theta[name] - alpha * total
        theta = new
        path.append(theta)
    return tuple(path)
""",
        "in place with copies, prints, a warning": """
def momentum(theta, learning_rates, mu):
    import copy, warnings

    warnings.warn("downhill")
    v_A, v_c, path = 0, 0, []
    for number, alpha in enumerate(learning_rates):
        g = valley_gradient(theta)
        v_A = v_A * mu + g["A"]
        v_c = v_c * mu + g["c"]
        theta["A"] -= alpha * v_A
        theta["c"] -= alpha * v_c
        print(number, theta["c"])
        path.append(copy.deepcopy(theta))
    return path
""",
    },
)

CLIP_GRADIENTS = Cases(
    mistakes={
        "each array by itself": (
            "return [g * (limit / norm) for g in gradients], norm",
            "return [g * min(1, limit / np.linalg.norm(g)) for g in gradients], norm",
        ),
        "entry by entry": (
            "[g * (limit / norm) for g in gradients]",
            "[np.clip(g, -limit, limit) for g in gradients]",
        ),
        "scales short gradients up": (
            "    if norm <= limit:\n        return gradients, norm\n",
            "",
        ),
        "never clips": ("if norm <= limit", "if True"),
        "the norm squared": [
            (
                "np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
                "largest * sum(np.sum((g / largest) ** 2) for g in gradients)",
            ),
        ],
        "the sum of the arrays' norms": (
            "np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
            "sum(np.sqrt(np.sum((g / largest) ** 2)) for g in gradients)",
        ),
        "the sum of absolute values": (
            "np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
            "sum(np.sum(np.abs(g / largest)) for g in gradients)",
        ),
        "the largest entry": (
            "norm = largest * np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
            "norm = largest",
        ),
        "the norm of the longest array": (
            "np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
            "np.sqrt(max(np.sum((g / largest) ** 2) for g in gradients))",
        ),
        "root mean square": (
            "np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
            "np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients)"
            " / sum(g.size for g in gradients))",
        ),
        "matrices only": (
            "for g in gradients))\n    if norm",
            "for g in gradients if g.ndim > 1))\n    if norm",
        ),
        "turned around: norm / limit": ("(limit / norm)", "(norm / limit)"),
        "norm 1 and not the limit": ("(limit / norm)", "(1 / norm)"),
        "the norm after clipping": ("for g in gradients], norm", "for g in gradients], limit"),
        "returns the arrays only": (
            "    if norm <= limit:\n        return gradients, norm\n"
            "    return [g * (limit / norm) for g in gradients], norm",
            "    return [g * min(1, limit / norm) for g in gradients]",
        ),
        "the squares overflow": (
            "norm = largest * np.sqrt(sum(np.sum((g / largest) ** 2) for g in gradients))",
            "norm = np.sqrt(sum(np.sum(g**2) for g in gradients))",
        ),
        "zeros divided by zero": (
            "    if largest == 0:\n        return gradients, 0.0\n",
            "",
        ),
        "one vector and not the arrays": (
            "    return [g * (limit / norm) for g in gradients], norm",
            "    return np.concatenate([g.ravel() for g in gradients]) * (limit / norm), norm",
        ),
        "limit / (norm + 1e-6), as PyTorch has it": ("(limit / norm)", "(limit / (norm + 1e-6))"),
        "limit / (norm + 1e-16)": ("(limit / norm)", "(limit / (norm + 1e-16))"),
        "small entries count as zeros": ("largest == 0", "largest < 1e-8"),
        "the largest entry, without its size": ("np.max(np.abs(g))", "np.max(g)"),
        "the first array's largest entry": (
            "max(np.max(np.abs(g)) for g in gradients)",
            "np.max(np.abs(gradients[0]))",
        ),
        "the matrices' largest singular values": (
            "np.sum((g / largest) ** 2)",
            "np.linalg.norm(g / largest, 2 if g.ndim == 2 else None) ** 2",
        ),
        "five arrays at most": ("** 2) for g in gradients)", "** 2) for g in gradients[:5])"),
        "arrays of zeros left out": (
            "[g * (limit / norm) for g in gradients]",
            "[g * (limit / norm) for g in gradients if g.any()]",
        ),
        "squeezed": (
            "[g * (limit / norm) for g in gradients]",
            "[np.squeeze(g * (limit / norm)) for g in gradients]",
        ),
        "a norm of shape (1,)": (
            "    if norm <= limit:\n        return gradients, norm",
            "    if norm <= limit:\n        return gradients, np.array([norm])",
        ),
    },
    right={
        "clipped in place": """
def clip_gradients(gradients, limit):
    largest = max(float(np.abs(g).max()) for g in gradients)
    if largest == 0:
        return [g.copy() for g in gradients], 0.0
    norm = largest * float(np.sqrt(sum(((g / largest) ** 2).sum() for g in gradients)))
    factor = limit / norm if norm > limit else 1.0
    for g in gradients:
        g *= factor
    return gradients, norm
""",
        "math.hypot over all numbers, lists": """
def clip_gradients(gradients, limit):
    import math

    norm = math.hypot(*[float(v) for g in gradients for v in np.asarray(g).ravel()])
    factor = limit / norm if norm > limit else 1
    return [(np.asarray(g) * factor).tolist() for g in gradients], norm
""",
        "one long vector, a power of two, a warning": """
def clip_gradients(gradients, limit):
    np.sqrt(-np.ones(1))
    flat = np.concatenate([np.ravel(g) for g in gradients])
    exponent = np.frexp(np.abs(flat).max())[1]
    norm = np.ldexp(np.linalg.norm(np.ldexp(flat, -exponent)), exponent)
    factor = np.minimum(1, limit / norm)
    print("norm", norm, "factor", factor)
    parts = np.split(flat * factor, np.cumsum([np.size(g) for g in gradients])[:-1])
    return tuple(part.reshape(np.shape(g)) for part, g in zip(parts, gradients)), norm
""",
        "extended precision": """
def clip_gradients(gradients, limit):
    norm = np.sqrt(sum((g.astype(np.longdouble) ** 2).sum() for g in gradients))
    factor = 1 if norm <= limit else limit / norm
    return [np.array(g * factor, dtype=float) for g in gradients], float(norm)
""",
    },
    equivalent={
        "if norm <= limit: ⇒ if norm < limit:": "a norm that equals the limit is multiplied by 1",
    },
)

VANISHING_LAYER = Cases(
    mistakes={
        "a dead layer anywhere decides first": """
def vanishing_layer(delta, Z, sigma, share):
    def size(A):
        return np.sqrt(np.mean(A**2))

    slopes = weights = 1.0
    limit = share * size(delta[-1])
    for m in range(len(delta), 1, -1):
        if not (delta[m - 1] * slope(sigma[m - 1], Z[m - 1])).any() and delta[m - 1].any():
            return m - 1, "slopes"
    for m in range(len(delta), 1, -1):
        D = delta[m - 1] * slope(sigma[m - 1], Z[m - 1])
        if not D.any():
            return m - 1, "slopes"
        slopes *= size(D) / size(delta[m - 1])
        weights *= size(delta[m - 2]) / size(D)
        if size(delta[m - 2]) < limit:
            return m - 1, "slopes" if slopes < weights else "weights"
    return 0, "none"
""",
        "small slopes taken for dead ones": """
def vanishing_layer(delta, Z, sigma, share):
    def size(A):
        return np.sqrt(np.mean(A**2))

    slopes = weights = 1.0
    limit = share * size(delta[-1])
    for m in range(len(delta), 1, -1):
        D = delta[m - 1] * slope(sigma[m - 1], Z[m - 1])
        if size(D) < 1e-12 * size(delta[m - 1]):
            return m - 1, "slopes"
        slopes *= size(D) / size(delta[m - 1])
        weights *= size(delta[m - 2]) / size(D)
        if size(delta[m - 2]) < limit:
            return m - 1, "slopes" if slopes < weights else "weights"
    return 0, "none"
""",
        "one layer too high": (
            'return m - 1, "slopes" if',
            'return m, "slopes" if',
        ),
        "counts from 0": ('return m - 1, "slopes" if', 'return m - 2, "slopes" if'),
        "from the bottom up": """
def vanishing_layer(delta, Z, sigma, share):
    size = lambda A: np.sqrt(np.mean(A**2))
    for l in range(1, len(delta)):
        if size(delta[l - 1]) < share * size(delta[-1]):
            D = size(delta[-1] * slope(sigma[-1], Z[-1])) / size(delta[-1])
            return l, "slopes" if D < 0.5 else "weights"
    return 0, "none"
""",
        "against the layer above": ("share * size(delta[-1])", "share * above"),
        "against the number itself": ("share * size(delta[-1])", "share"),
        "against δ^1": ("share * size(delta[-1])", "share * size(delta[0])"),
        "the norm and not the root mean square": (
            "np.sqrt(np.mean(np.square(A)))",
            "np.sqrt(np.sum(np.square(A)))",
        ),
        "the mean square, without the root": (
            "np.sqrt(np.mean(np.square(A)))",
            "np.mean(np.square(A))",
        ),
        "the mean with its sign": ("np.sqrt(np.mean(np.square(A)))", "np.mean(A)"),
        "the other cause": ('"slopes" if slopes < weights', '"slopes" if slopes > weights'),
        "always the slopes": ('"slopes" if slopes < weights else "weights"', '"slopes"'),
        "always the weights": (
            '"slopes" if slopes < weights else "weights"',
            '"weights"',
        ),
        "the last stride only": [
            ("slopes *= D / above", "slopes = D / above"),
            ("weights *= below / D", "weights = below / D"),
        ],
        "σ and not σ′": ("slope(sigma[m - 1], Z[m - 1])", "activate(sigma[m - 1], Z[m - 1])"),
        "slopes at the layer below": (
            "slope(sigma[m - 1], Z[m - 1])",
            "slope(sigma[m - 2], np.resize(Z[m - 2], Z[m - 1].shape))",
        ),
        "sizes compared, and not their factors": (
            "weights *= below / D",
            "weights *= below / above",
        ),
        "the weights blamed where slopes let nothing through": (
            '        if D == 0:\n            return m - 1, "slopes"\n',
            "",
        ),
        "always ℓ = 1": ('return m - 1, "slopes" if', 'return 1, "slopes" if'),
        "returns the layer only": [
            ('return m - 1, "slopes" if slopes < weights else "weights"', "return m - 1"),
            ('return 0, "none"', "return 0"),
        ],
        "the mean of the sizes": ("np.sqrt(np.mean(np.square(A)))", "np.mean(np.abs(A))"),
        "the standard deviation": ("np.sqrt(np.mean(np.square(A)))", "np.std(A)"),
        "the largest entry": ("np.sqrt(np.mean(np.square(A)))", "np.max(np.abs(A))"),
        "the mean of the rows' norms": (
            "np.sqrt(np.mean(np.square(A)))",
            "np.mean(np.sqrt(np.mean(A**2, axis=1)))",
        ),
        "nearly 0 counts as 0": ("D == 0", "D < 1e-12"),
        "dead only where all slopes are 0": ("D == 0", "not slope(sigma[m - 1], Z[m - 1]).any()"),
        "a small number under every quotient": [
            ('        if D == 0:\n            return m - 1, "slopes"\n', ""),
            ("slopes *= D / above", "slopes *= D / (above + 1e-8)"),
            ("weights *= below / D", "weights *= below / (D + 1e-8)"),
            ("slopes < weights", "slopes <= weights"),
        ],
        "mean slope, not the slopes where δ is": (
            "size(delta[m - 1] * slope(sigma[m - 1], Z[m - 1]))",
            "above * np.mean(slope(sigma[m - 1], Z[m - 1]))",
        ),
        "size of σ′ beside size of δ": (
            "size(delta[m - 1] * slope(sigma[m - 1], Z[m - 1]))",
            "above * size(slope(sigma[m - 1], Z[m - 1]))",
        ),
        "the smallest factor, not the product": [
            ("slopes *= D / above", "slopes = min(slopes, D / above)"),
            ("weights *= below / D", "weights = min(weights, below / D)"),
        ],
        "against the largest δ": ("share * size(delta[-1])", "share * max(map(size, delta))"),
        "looks at few layers only": (
            "range(len(delta), 1, -1)",
            "range(len(delta), max(1, len(delta) - 10), -1)",
        ),
        "the lowest layer that is small, not the first": """
def vanishing_layer(delta, Z, sigma, share):
    size = lambda A: np.sqrt(np.mean(A**2))
    sizes = [size(d) for d in delta]
    low = [l for l in range(1, len(delta)) if sizes[l - 1] < share * sizes[-1]]
    if not low:
        return 0, "none"
    slopes = np.prod([
        size(delta[m] * slope(sigma[m], Z[m])) / sizes[m] for m in range(low[0], len(delta))
    ])
    return low[0], "slopes" if slopes**2 < sizes[low[0] - 1] / sizes[-1] else "weights"
""",
        "the weights blamed where tanh lets nothing through": (
            'if D == 0:\n            return m - 1, "slopes"',
            'if D == 0:\n            return m - 1, "weights" if sigma[m - 1] == "tanh" else "slopes"',
        ),
        "ReLU at exactly 0 lets through": ("Z[m - 1])", "Z[m - 1] + 1e-300)"),
        "products of sizes, which under- and overflow": """
def vanishing_layer(delta, Z, sigma, share):
    def size(A):
        return np.sqrt(np.mean(np.square(A)))

    above = through = weights = 1.0
    for m in range(len(delta) - 1, 0, -1):
        D = delta[m] * slope(sigma[m], Z[m])
        if not D.any():
            return m, "slopes"
        above, through = above * size(delta[m]), through * size(D)
        weights *= size(delta[m - 1]) / size(D)
        if size(delta[m - 1]) < share * size(delta[-1]):
            return m, "slopes" if through / above < weights else "weights"
    return 0, "none"
""",
    },
    right={
        "logarithms of all sizes first, warnings": """
def vanishing_layer(delta, Z, sigma, share):
    log_size = lambda A: 0.5 * np.log(np.mean(np.asarray(A) ** 2))
    sizes = np.array([log_size(d) for d in delta])
    D = np.array([log_size(d * slope(s, z)) for d, s, z in zip(delta, sigma, Z)])
    low = np.flatnonzero(sizes[:-1] - sizes[-1] < np.log(share))
    if not len(low):
        return [0, "none"]
    layer = int(low[-1]) + 1
    slopes = sum(D[m] - sizes[m] for m in range(layer, len(delta)))
    weights = sum(sizes[m - 1] - D[m] for m in range(layer, len(delta)))
    return [layer, "weights" if weights < slopes else "slopes"]
""",
        "loops over entries, prints": """
def vanishing_layer(delta, Z, sigma, share):
    def size(rows):
        numbers = [float(v) for row in rows for v in row]
        return (sum(v * v for v in numbers) / len(numbers)) ** 0.5

    top = size(delta[-1])
    slopes, layer = 1.0, len(delta)
    while layer > 1:
        D = size(np.multiply(delta[layer - 1], slope(sigma[layer - 1], Z[layer - 1])))
        slopes = slopes * D / size(delta[layer - 1])
        layer -= 1
        quotient = size(delta[layer - 1]) / top
        print(layer, quotient, slopes)
        if quotient < share:
            return layer, "slopes" if slopes**2 < quotient or D == 0 else "weights"
    return np.int64(0), "none"
""",
    },
    equivalent={
        "slopes = weights = 1.0 ⇒ slopes = weights = 2.0": "both products are twice as large",
        "if below < share * size(delta[-1]): ⇒ if below <= share * size(delta[-1]):": "no size is near its limit",
        "return (m - 1, 'slopes' if slopes < weights else 'weights') ⇒ return (m - 1, 'slopes' if slopes <= weights else 'weights')": "no two products are near each other",
    },
)

TRAIN = Cases(
    mistakes={
        "layer L never moves, as the source prints it": (
            "            W[l] = W[l] - alpha * dW\n            b[l] = b[l] - alpha * db",
            "            if l != L - 1:\n"
            "                W[l] = W[l] - alpha * dW\n                b[l] = b[l] - alpha * db",
        ),
        "the output layer never moves": ("range(L, -1, -1)", "range(L - 1, -1, -1)"),
        "the first layer never moves": ("range(L, -1, -1)", "range(L, 0, -1)"),
        "δ through weights that have moved": """
def train(X, y, W, b, sigma, minibatches, alpha):
    for rows in minibatches:
        Z, H = [], [X[rows]]
        for l, kind in enumerate(sigma):
            Z.append(H[l] @ W[l].T + b[l])
            H.append(activate(kind, Z[l]))
        f = np.exp(H[-1] @ W[-1].T + b[-1])
        dZ = (f / f.sum(axis=1, keepdims=True) - np.eye(len(b[-1]))[y[rows]]) / len(rows)
        for l in range(len(sigma), -1, -1):
            W[l] = W[l] - alpha * dZ.T @ H[l]
            b[l] = b[l] - alpha * dZ.sum(axis=0)
            if l > 0:
                dZ = (dZ @ W[l]) * slope(sigma[l - 1], Z[l - 1])
    return W, b
""",
        "all gradients at the start": """
def train(X, y, W, b, sigma, minibatches, alpha):
    V, c = list(W), list(b)
    for rows in minibatches:
        Z, H = [], [X[rows]]
        for l, kind in enumerate(sigma):
            Z.append(H[l] @ W[l].T + b[l])
            H.append(activate(kind, Z[l]))
        f = np.exp(H[-1] @ W[-1].T + b[-1])
        dZ = (f / f.sum(axis=1, keepdims=True) - np.eye(len(b[-1]))[y[rows]]) / len(rows)
        for l in range(len(sigma), -1, -1):
            V[l] = V[l] - alpha * dZ.T @ H[l]
            c[l] = c[l] - alpha * dZ.sum(axis=0)
            if l > 0:
                dZ = (dZ @ W[l]) * slope(sigma[l - 1], Z[l - 1])
    return V, c
""",
        "central differences": """
def train(X, y, W, b, sigma, minibatches, alpha):
    def loss(rows):
        H = X[rows]
        for l, kind in enumerate(sigma):
            H = activate(kind, H @ W[l].T + b[l])
        U = H @ W[-1].T + b[-1]
        return np.mean(np.log(np.exp(U).sum(axis=1)) - U[np.arange(len(rows)), y[rows]])

    for rows in minibatches:
        gradients = []
        for array in [*W, *b]:
            gradient = np.zeros(array.shape)
            for at in np.ndindex(array.shape):
                kept = array[at]
                array[at] = kept + 1e-5
                up = loss(rows)
                array[at] = kept - 1e-5
                gradient[at] = (up - loss(rows)) / 2e-5
                array[at] = kept
            gradients.append(gradient)
        for array, gradient in zip([*W, *b], gradients):
            array -= alpha * gradient
    return W, b
""",
        "one step along the mean of all minibatches": """
def train(X, y, W, b, sigma, minibatches, alpha):
    rows = [row for batch in minibatches for row in batch]
    weight = np.concatenate([np.full(len(batch), 1 / len(batch)) for batch in minibatches])
    Z, H = [], [X[rows]]
    for l, kind in enumerate(sigma):
        Z.append(H[l] @ W[l].T + b[l])
        H.append(activate(kind, Z[l]))
    f = np.exp(H[-1] @ W[-1].T + b[-1])
    dZ = f / f.sum(axis=1, keepdims=True) - np.eye(len(b[-1]))[y[rows]]
    dZ *= weight[:, None] / len(minibatches)
    for l in range(len(sigma), -1, -1):
        below = (dZ @ W[l]) * slope(sigma[l - 1], Z[l - 1]) if l else None
        W[l] = W[l] - alpha * dZ.T @ H[l]
        b[l] = b[l] - alpha * dZ.sum(axis=0)
        dZ = below
    return W, b
""",
        "no 1/N": ("        dZ /= len(rows)\n", ""),
        "divides by all N rows": ("dZ /= len(rows)", "dZ /= len(X)"),
        "divides by the length of the first minibatch": (
            "dZ /= len(rows)",
            "dZ /= len(minibatches[0])",
        ),
        "1/N once more in each layer": (
            "dZ = (dZ @ W[l]) * slope(sigma[l - 1], Z[l - 1])",
            "dZ = (dZ @ W[l]) * slope(sigma[l - 1], Z[l - 1]) / len(rows)",
        ),
        "a row counts once": (
            "        Z, H = [], [X[rows]]",
            "        rows = sorted(set(rows))\n        Z, H = [], [X[rows]]",
        ),
        "all rows in each step": (
            "        Z, H = [], [X[rows]]",
            "        rows = list(range(len(X)))\n        Z, H = [], [X[rows]]",
        ),
        "the first rows, as many as the minibatch has": (
            "        Z, H = [], [X[rows]]",
            "        rows = list(range(len(rows)))\n        Z, H = [], [X[rows]]",
        ),
        "rows of X and labels don't belong together": ("y[rows]] -= 1", "y[: len(rows)]] -= 1"),
        "the last minibatch is left out": ("in minibatches:", "in minibatches[:-1]:"),
        "the first minibatch only": ("in minibatches:", "in minibatches[:1]:"),
        "the last minibatch first": ("in minibatches:", "in minibatches[::-1]:"),
        "minibatches sorted": ("in minibatches:", "in sorted(minibatches):"),
        "a smaller minibatch is left out": (
            "        Z, H = [], [X[rows]]",
            "        if len(rows) < len(minibatches[0]):\n            continue\n"
            "        Z, H = [], [X[rows]]",
        ),
        "a minibatch that comes again is left out": (
            "in minibatches:",
            "in [each for i, each in enumerate(minibatches) if each not in minibatches[:i]]:",
        ),
        "fifty steps at most": ("in minibatches:", "in minibatches[:50]:"),
        "climbs": ("W[l] - alpha * dW", "W[l] + alpha * dW"),
        "biases don't move": ("            b[l] = b[l] - alpha * db\n", ""),
        "biases move by the mean": ("np.sum(dZ, 0)", "np.mean(dZ, 0)"),
        "the learning rate falls": (
            "    for rows in minibatches:\n",
            "    for t, rows in enumerate(minibatches):\n        alpha = alpha / (1 + t)\n",
        ),
        "a learning rate of one at most": (
            "    L = len(sigma)",
            "    L, alpha = len(sigma), min(alpha, 1)",
        ),
        "a large gradient is cut off": (
            "            W[l] = W[l] - alpha * dW",
            "            W[l] = W[l] - alpha * dW / max(1, np.abs(dW).max() / 0.05)",
        ),
        "scores cut off at 20": (
            "np.exp(H[L] @ W[L].T + b[L])",
            "np.exp(np.clip(H[L] @ W[L].T + b[L], -20, 20))",
        ),
        "steps of a length of 20 at most": (
            "            W[l] = W[l] - alpha * dW",
            "            W[l] = W[l] - alpha * dW * min(1, 20 / (np.linalg.norm(dW) + 1e-30))",
        ),
        "a little weight decay": ("W[l] - alpha * dW", "W[l] * (1 - 1e-6 * alpha) - alpha * dW"),
        "no σ′": ("(dZ @ W[l]) * slope(sigma[l - 1], Z[l - 1])", "dZ @ W[l]"),
        "σ′ at H and not at Z": ("slope(sigma[l - 1], Z[l - 1])", "slope(sigma[l - 1], H[l])"),
        "σ′ of the first layer everywhere": ("slope(sigma[l - 1],", "slope(sigma[0],"),
        "σ of the first layer everywhere": ("activate(sigma[l],", "activate(sigma[0],"),
        "a = 0 counts as no σ": (
            "activate(sigma[l], Z[l])",
            "activate(sigma[l] or 1, Z[l])",
        ),
        "scores and no softmax": ("np.exp(H[L] @ W[L].T + b[L])", "(H[L] @ W[L].T + b[L])"),
        "softmax along the samples": ("np.sum(f, 1, keepdims=True)", "np.sum(f, 0)"),
        "forgets e(y)": ("        dZ[np.arange(len(rows)), y[rows]] -= 1\n", ""),
        "one-hot as wide as the largest label": (
            "dZ[np.arange(len(rows)), y[rows]] -= 1",
            "dZ -= np.eye(y.max() + 1)[y[rows]]",
        ),
        "Z and not H from below": ("dZ.T @ H[l], np", "dZ.T @ [H[0], *Z][l], np"),
        "dW transposed where it is square": (
            "            W[l] = W[l] - alpha * dW",
            "            dW = dW.T if len(dW) == len(dW.T) else dW\n"
            "            W[l] = W[l] - alpha * dW",
        ),
        "ten hidden layers at most": ("range(L, -1, -1)", "range(L, max(-1, L - 11), -1)"),
        "one row: a vector": ("    return W, b", "    return [np.squeeze(w) for w in W], b"),
        "the step and not the parameters": (
            "            W[l] = W[l] - alpha * dW",
            "            W[l] = alpha * dW",
        ),
        "what has moved by little hasn't moved": (
            "            W[l] = W[l] - alpha * dW",
            "            W[l] = W[l] - alpha * dW * (np.abs(dW) > 1e-6)",
        ),
        "single precision": ("    return W, b", "    return [np.float32(w) for w in W], b"),
        "the parameters of the call before": (
            "    L = len(sigma)",
            "    L, kept = len(sigma), train.__dict__\n"
            "    shapes = [w.shape for w in W]\n"
            "    W = [w + 0 for w in kept.get('W', W)] if kept.get('shapes') == shapes else W\n"
            "    kept.update(W=W, shapes=shapes)",
        ),
    },
    right={
        "f − 1 as what the other classes have": (
            "dZ[np.arange(len(rows)), y[rows]] -= 1",
            "own = np.arange(len(rows)), y[rows]\n        dZ[own] = 0\n        dZ[own] = -np.sum(dZ, 1)",
        ),
        "layers from 1 in dicts, a shift, new lists": """
def train(X, y, W, b, sigma, minibatches, alpha):
    L = len(W) - 1
    W = {l + 1: np.array(W[l]) for l in range(L + 1)}
    b = {l + 1: np.array(b[l]) for l in range(L + 1)}
    for rows in minibatches:
        H, Z = {0: X[np.array(rows)]}, {}
        for l in range(1, L + 1):
            Z[l] = H[l - 1] @ W[l].T + b[l]
            H[l] = activate(sigma[l - 1], Z[l])
        U = H[L] @ W[L + 1].T + b[L + 1]
        e = np.exp(U - U.max(axis=1, keepdims=True))
        one_hot = np.zeros_like(e)
        one_hot[range(len(rows)), y[rows]] = 1
        dU = (e / e.sum(axis=1, keepdims=True) - one_hot) / len(rows)
        dZ, delta = {L + 1: dU}, {}
        for l in range(L, 0, -1):
            delta[l] = dZ[l + 1] @ W[l + 1]
            dZ[l] = delta[l] * slope(sigma[l - 1], Z[l])
        for l in range(1, L + 2):
            W[l] -= alpha * dZ[l].T @ H[l - 1]
            b[l] -= alpha * dZ[l].sum(axis=0)
    return [W[l] for l in range(1, L + 2)], [b[l] for l in range(1, L + 2)]
""",
        "sample by sample, outer products, prints": """
def train(X, y, W, b, sigma, minibatches, alpha):
    def of_one(x, label):
        Z, H = [], [x]
        for V, c, kind in zip(W, b, sigma):
            Z.append(V @ H[-1] + c)
            H.append(activate(kind, Z[-1]))
        f = np.exp(W[-1] @ H[-1] + b[-1])
        g = f / f.sum()
        g[label] -= 1
        found = [(np.outer(g, H[-1]), g)]
        for l in reversed(range(len(sigma))):
            g = (W[l + 1].T @ g) * slope(sigma[l], Z[l])
            found.insert(0, (np.outer(g, H[l]), g))
        return found

    for step, rows in enumerate(minibatches):
        print("step", step)
        every = [of_one(X[row], y[row]) for row in rows]
        for l in range(len(W)):
            W[l] = W[l] - alpha * sum(each[l][0] for each in every) / len(rows)
            b[l] = b[l] - alpha * sum(each[l][1] for each in every) / len(rows)
    return tuple(W), tuple(b)
""",
        "one matrix a layer with the bias in it, lists, a warning": """
def train(X, y, W, b, sigma, minibatches, alpha):
    np.float64(1) / np.float64(0)
    theta = [np.column_stack(pair) for pair in zip(W, b)]
    with_one = lambda A: np.column_stack([A, np.ones(len(A))])
    for rows in minibatches:
        below, Z = [with_one(X[rows])], []
        for kind, A in zip(sigma, theta):
            Z.append(np.einsum("ni,oi->no", below[-1], A))
            below.append(with_one(activate(kind, Z[-1])))
        e = np.exp(below[-1] @ theta[-1].T)
        g = alpha / len(rows) * (e / e.sum(1)[:, None] - (y[rows][:, None] == np.arange(len(e.T))))
        new = []
        while below:
            A, down = theta[len(below) - 1], below.pop()
            new.append(A - np.einsum("no,ni->oi", g, down))
            if Z:
                g = (g @ A[:, :-1]) * slope(sigma[len(below) - 1], Z.pop())
        theta = new[::-1]
    return [A[:, :-1].tolist() for A in theta], [A[:, -1].tolist() for A in theta]
""",
        "slopes kept on the way up, log of the softmax": """
def train(X, y, W, b, sigma, minibatches, alpha):
    for rows in minibatches:
        H, through = [X[rows]], []
        for V, c, kind in zip(W, b, sigma):
            Z = H[-1] @ V.T + c
            through.append(np.multiply(1.0, slope(kind, Z)))
            H.append(activate(kind, Z))
        U = H[-1] @ W[-1].T + b[-1]
        log_f = U - np.logaddexp.reduce(U, axis=1)[:, None]
        g = (np.exp(log_f) - np.identity(U.shape[1])[y[rows]]) / len(rows)
        steps = []
        for l in range(len(W))[::-1]:
            steps.append((g.T @ H[l], np.ones(len(rows)) @ g))
            g = (g @ W[l]) * through[l - 1] if l else g
        for l, (dW, db) in enumerate(reversed(steps)):
            W[l], b[l] = W[l] - alpha * dW, b[l] - alpha * db
    return W, b
""",
    },
    equivalent={
        "dZ = f / np.sum(f, 1, keepdims=True) ⇒ dZ = f / np.sum(f, -1, keepdims=True)": LAST,
    },
)

CASES = {
    "forward": FORWARD,
    "delta_recursion": DELTA_RECURSION,
    "all_gradients": ALL_GRADIENTS,
    "initial_weights": INITIAL_WEIGHTS,
    "momentum": MOMENTUM,
    "clip_gradients": CLIP_GRADIENTS,
    "vanishing_layer": VANISHING_LAYER,
    "train": TRAIN,
}
