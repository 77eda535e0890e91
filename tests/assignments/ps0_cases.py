"""Wrong and right answers to the exercises of ps0."""

from tests.assignments.harness import Cases

CASES = {
    "forward_shapes": Cases(
        mistakes={
            "W as (in, out)": ('"W": (d_H, d)', '"W": (d, d_H)'),
            "C as (in, out)": ('"C": (K, d_H)', '"C": (d_H, K)'),
            "one sample and not a batch": [
                ('"Z": (N, d_H)', '"Z": (d_H,)'),
                ('"H": (N, d_H)', '"H": (d_H,)'),
                ('"U": (N, K)', '"U": (K,)'),
            ],
            "columns as samples": [
                ('"Z": (N, d_H)', '"Z": (d_H, N)'),
                ('"H": (N, d_H)', '"H": (d_H, N)'),
                ('"U": (N, K)', '"U": (K, N)'),
            ],
            "H as wide as the input": ('"H": (N, d_H)', '"H": (N, d)'),
            "numbers of entries and not shapes": ('"U": (N, K)', '"U": N * K'),
            "the shapes of the example": [
                ("(d_H, d)", "(7, 4)"),
                ("(K, d_H)", "(2, 7)"),
            ],
            "prints and returns nothing": ("return {", "_ = {"),
            "one sample: a column, as in the lecture": """
def forward_shapes(N, d, d_H, K):
    if N == 1:
        return {"W": (d_H, d), "C": (K, d_H), "Z": (d_H, 1), "H": (d_H, 1), "U": (K, 1)}
    return {"W": (d_H, d), "C": (K, d_H), "Z": (N, d_H), "H": (N, d_H), "U": (N, K)}
""",
            "lists, not tuples": """
def forward_shapes(N, d, d_H, K):
    return {"W": [d_H, d], "C": [K, d_H], "Z": (N, d_H), "H": (N, d_H), "U": [N, K]}
""",
            "floats in the results": """
def forward_shapes(N, d, d_H, K):
    return {"W": (d_H, d), "C": (K, d_H), "Z": (N * 1.0, d_H * 1.0), "H": (N * 1.0, d_H * 1.0), "U": (N * 1.0, K * 1.0)}
""",
            "one sample: U is a vector": (
                '"U": (N, K)',
                '"U": (N, K) if N > 1 else (K,)',
            ),
            "integers of sixteen bits": (
                '"Z": (N, d_H)',
                '"Z": tuple(np.array([N, d_H]).astype(np.int16))',
            ),
            "C with at most 50,000 rows": ('"C": (K, d_H)', '"C": (min(K, 50_000), d_H)'),
            "W with at most 50,000 columns": ('"W": (d_H, d)', '"W": (d_H, min(d, 50_000))'),
        },
        right={
            "from arrays": """
def forward_shapes(N, d, d_H, K):
    X, W, C = np.zeros((N, d)), np.zeros((d_H, d)), np.zeros((K, d_H))
    Z = X @ W.T
    U = np.tanh(Z) @ C.T
    print(U.shape)
    return {"W": W.shape, "C": C.shape, "Z": Z.shape, "H": Z.shape, "U": U.shape}
""",
            "more names, a warning on the way": """
def forward_shapes(N, d, d_H, K):
    np.zeros(1) / 0
    shapes = {"N": N, "X": [N, d], "W": (d_H, d), "b1": (d_H,), "C": (K, d_H), 5: None}
    shapes["Z"] = N, shapes["W"][0]
    shapes["H"] = tuple(np.array(shapes["Z"]))
    shapes["U"] = N, shapes["C"][0]
    return shapes
""",
        },
    ),
    "hidden_layer": Cases(
        mistakes={
            "what is hardly above 0 is 0": """
def hidden_layer(X, W, b1):
    Z = X @ W.T + b1
    return np.where(Z > 1e-3, Z, 0)
""",
            "W not transposed": ("W.T", "W"),
            "no max": ("return np.maximum(pre_activation, 0)", "return pre_activation"),
            "maximum over the array": ("np.maximum(pre_activation, 0)", "pre_activation.max()"),
            "no bias": (" + b1", ""),
            "H transposed": (
                "np.maximum(pre_activation, 0)",
                "np.maximum(pre_activation, 0).T",
            ),
            "the first bias added to X": ("X @ W.T + b1", "(X + b1[0]) @ W.T"),
            "reshaped and not transposed": ("W.T", "W.reshape(W.shape[::-1])"),
            "minimum": ("np.maximum", "np.minimum"),
            "squeezed: N = 1 or d_H = 1": """
def hidden_layer(X, W, b1):
    Z = X @ W.T + b1
    return np.squeeze(np.maximum(Z, 0))
""",
            "one sample gives a vector": """
def hidden_layer(X, W, b1):
    H = [np.maximum(W @ x + b1, 0) for x in X]
    return H[0] if len(H) == 1 else np.array(H)
""",
            "one unit gives a vector": (
                "return np.maximum(pre_activation, 0)",
                "return np.maximum(pre_activation, 0) if len(W) > 1 else pre_activation[:, 0]",
            ),
            "rounded": (
                "return np.maximum(pre_activation, 0)",
                "return np.maximum(pre_activation, 0).round(3)",
            ),
        },
        right={
            "loops": """
def hidden_layer(X, W, b1):
    H = []
    for x in X:
        H.append([max(sum(w * v for w, v in zip(row, x)) + b, 0) for row, b in zip(W, b1)])
    return H
""",
            "the lecture's columns, with a warning and prints": """
def hidden_layer(X, W, b1):
    np.log(np.zeros(2))
    Z = (W @ X.T + b1[:, None]).T
    print(Z.shape)
    return Z * (Z > 0)
""",
        },
    ),
    "share_right": Cases(
        mistakes={
            "single precision, where scores are nearly equal": """
def share_right(U, y):
    return float(np.mean(U.astype(np.float32).argmax(axis=1) == y))
""",
            "scores rounded, where they are nearly equal": """
def share_right(U, y):
    return float(np.mean(np.round(U, 6).argmax(axis=1) == y))
""",
            "the number and not the share": ("np.mean", "np.sum"),
            "the share of errors": ("== y", "!= y"),
            "along the samples": ("np.argmax(U, 1) == y", "np.argmax(U, 0)[y] == y"),
            "argmax of the whole array": ("np.argmax(U, 1)", "np.argmax(U)"),
            "the lowest score": ("np.argmax", "np.argmin"),
            "only which scores are above 0": ("np.argmax(U, 1)", "np.argmax(U > 0, 1)"),
            "in per cent": ("np.mean", "100 * np.mean"),
            "returns the chosen classes": ("np.mean(np.argmax(U, 1) == y)", "np.argmax(U, 1)"),
            "softmax that overflows first": """
def share_right(U, y):
    f = np.exp(U) / np.exp(U).sum(axis=1, keepdims=True)
    return float(np.mean(f.argmax(axis=1) == y))
""",
            "scores cut to integers": """
def share_right(U, y):
    return float(np.mean(np.argmax(U.astype(int), axis=1) == y))
""",
            "rounded scores": ("U, 1", "U.round(2), 1"),
            "half precision": ("U, 1", "U.astype(np.float16), 1"),
            "by probabilities, which are equal where scores nearly are": (
                "np.argmax(U, 1)",
                "np.argmax(np.exp(U - U.max(1, keepdims=True)), 1)",
            ),
            "the search for the highest begins at a fixed number": (
                "np.argmax(U, 1)",
                "np.argmax(np.maximum(U, -1e9), 1)",
            ),
            "scores cut off from above": ("np.argmax(U, 1)", "np.argmax(np.minimum(U, 1e9), 1)"),
            "axes of length 1 dropped, so that with one class the rows compete": (
                "np.argmax(U, 1) == y",
                "np.argmax(np.squeeze(U), -1) == y",
            ),
        },
        right={
            "a fraction": """
def share_right(U, y):
    from fractions import Fraction

    return Fraction(sum(int(np.argmax(u)) == k for u, k in zip(U, y)), len(y))
""",
            "loops": """
def share_right(U, y):
    right = 0
    for scores, label in zip(U, y):
        scores = list(scores)
        right += scores.index(max(scores)) == label
    return right / len(y)
""",
            "by comparison, with a warning and prints": """
def share_right(U, y):
    np.sqrt(U)  # of negative numbers
    best = U[np.arange(len(y)), y] >= U.max(axis=1)
    print(best)
    return np.count_nonzero(best) / best.size
""",
        },
        equivalent={
            "return np.mean(np.argmax(U, 1) == y) ⇒ return np.mean(np.argmax(U, -1) == y)": (
                "of two axes the second is the last"
            ),
        },
    ),
    "not_answered": Cases(
        mistakes={
            "id appended for each line": """
def not_answered(cells):
    ids = []
    for cell in cells:
        for line in cell["source"].split("\\n"):
            if cell["type"] == "code" and "raise NotImplementedError" in line:
                ids.append(cell["id"])
    return ids
""",
            "upper or lower case doesn't matter": """
def not_answered(cells):
    return [cell["id"] for cell in cells if cell["type"] == "code" and "raise notimplementederror" in cell["source"].lower()]
""",
            "comments skipped": """
def not_answered(cells):
    return [cell["id"] for cell in cells if cell["type"] == "code" and any("raise NotImplementedError" in line.split("#")[0] for line in cell["source"].splitlines())]
""",
            "the word raise and the word NotImplementedError anywhere": """
def not_answered(cells):
    return [cell["id"] for cell in cells if cell["type"] == "code" and ("raise" in cell["source"] and "NotImplementedError" in cell["source"])]
""",
            "text counts as well": ('cell["type"] == "code" and ', ""),
            "the answered ones": (
                '"raise NotImplementedError" in',
                '"raise NotImplementedError" not in',
            ),
            "only a source that is nothing but the stub": (
                '"raise NotImplementedError" in cell["source"]',
                'cell["source"] == "raise NotImplementedError"',
            ),
            "stops at the first": ("    return missing", "            return missing"),
            "cells and not their ids": ('append(cell["id"])', "append(cell)"),
            "numbers and not ids": ('append(cell["id"])', "append(cells.index(cell))"),
            "a set": ("return missing", "return set(missing)"),
            "sorted backwards": ("return missing", "return sorted(missing)[::-1]"),
            "how many": ("return missing", "return len(missing)"),
            "a line of its own only": """
def not_answered(cells):
    missing = []
    for cell in cells:
        if cell["type"] == "code" and any(l.strip().startswith("raise NotImplementedError") for l in cell["source"].splitlines()):
            missing.append(cell["id"])
    return missing
""",
            "only with ()": """
def not_answered(cells):
    missing = []
    for cell in cells:
        if cell["type"] == "code" and "raise NotImplementedError()" in cell["source"]:
            missing.append(cell["id"])
    return missing
""",
            "at the end only": """
def not_answered(cells):
    missing = []
    for cell in cells:
        if cell["type"] == "code" and cell["source"].rstrip().endswith("raise NotImplementedError()"):
            missing.append(cell["id"])
    return missing
""",
            "without raise": """
def not_answered(cells):
    missing = []
    for cell in cells:
        if cell["type"] == "code" and "NotImplementedError" in cell["source"]:
            missing.append(cell["id"])
    return missing
""",
            "the stub's comment": """
def not_answered(cells):
    missing = []
    for cell in cells:
        if cell["type"] == "code" and "YOUR CODE HERE" in cell["source"]:
            missing.append(cell["id"])
    return missing
""",
            "the last line only": ('in cell["source"]', 'in cell["source"].splitlines()[-1]'),
            "only lines that are nothing but the stub": (
                'in cell["source"]',
                'in cell["source"].splitlines()',
            ),
            "any blanks between the two words": (
                'cell["source"]:',
                '" ".join(cell["source"].split()):',
            ),
            "only the beginning of a long source": (
                'in cell["source"]',
                'in cell["source"][:1000]',
            ),
            "test cells are left out": (
                'cell["type"] == "code" and',
                'cell["type"] == "code" and not cell["id"].endswith("_test") and',
            ),
            "texts in a program are left out": (
                'in cell["source"]',
                """in cell["source"].replace('"raise', "").replace("'raise", "")""",
            ),
            "not where a longer word ends in raise": (
                '"raise NotImplementedError" in cell["source"]',
                '"raise NotImplementedError" in cell["source"].replace("praise", "")',
            ),
        },
        right={
            "in one line": """
def not_answered(cells):
    stub = "raise NotImplementedError"
    return [c["id"] for c in cells if c["type"] != "markdown" and stub in c["source"]]
""",
            "from the end, with prints": """
def not_answered(cells):
    missing = []
    while cells:
        cell = cells.pop()
        print(cell["id"])
        if cell["type"] == "code":
            if cell["source"].count("raise NotImplementedError") > 0:
                missing.insert(0, cell["id"])
    return missing
""",
        },
    ),
}
