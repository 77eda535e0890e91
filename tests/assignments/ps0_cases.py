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
            "lists, more names, a warning on the way": """
def forward_shapes(N, d, d_H, K):
    np.zeros(1) / 0
    shapes = {"X": [N, d], "W": [d_H, d], "b1": [d_H], "C": [K, d_H], "b2": [K]}
    shapes["Z"] = [N, shapes["W"][0]]
    shapes["H"] = list(shapes["Z"])
    shapes["U"] = [N, shapes["C"][0]]
    return shapes
""",
        },
    ),
    "hidden_layer": Cases(
        mistakes={
            "as it was": ("W.T", "W"),
            "no max": ("return np.maximum(pre_activation, 0)", "return pre_activation"),
            "maximum over the array": ("np.maximum(pre_activation, 0)", "pre_activation.max()"),
            "no bias": (" + b1", ""),
            "turned around": (
                "np.maximum(pre_activation, 0)",
                "np.maximum(pre_activation, 0).T",
            ),
            "bias inside another factor": ("X @ W.T + b1", "(X + b1[0]) @ W.T"),
            "reshaped and not transposed": ("W.T", "W.reshape(W.shape[::-1])"),
            "minimum": ("np.maximum", "np.minimum"),
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
            "the number and not the share": ("np.mean", "np.sum"),
            "the share of errors": ("chosen == y", "chosen != y"),
            "along the samples": ("chosen == y", "np.argmax(U, axis=0)[y] == y"),
            "argmax of the whole array": ("axis=1", "axis=None"),
            "the lowest score": ("np.argmax", "np.argmin"),
            "scores near 0 only": (
                "chosen = np.argmax(U, axis=1)",
                "chosen = np.argmax(U > 0, axis=1)",
            ),
            "in per cent": ("float(np.mean(chosen == y))", "100 * float(np.mean(chosen == y))"),
            "the chosen classes": ("return float(np.mean(chosen == y))", "return chosen"),
        },
        right={
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
    ),
    "not_answered": Cases(
        mistakes={
            "text counts as well": ('cell["type"] == "code" and ', ""),
            "the answered ones": (
                '"raise NotImplementedError" in',
                '"raise NotImplementedError" not in',
            ),
            "whole source and not a part": (
                '"raise NotImplementedError" in cell["source"]',
                'cell["source"] == "raise NotImplementedError"',
            ),
            "stops at the first": ("    return missing", "            return missing"),
            "cells and not their ids": ('append(cell["id"])', "append(cell)"),
            "numbers and not ids": ('append(cell["id"])', "append(cells.index(cell))"),
            "a set": ("return missing", "return set(missing)"),
            "sorted": ("return missing", "return sorted(missing)[::-1]"),
            "how many": ("return missing", "return len(missing)"),
        },
        right={
            "in one line": """
def not_answered(cells):
    stub = "raise NotImplementedError"
    return [c["id"] for c in cells if c["type"] != "markdown" and stub in c["source"]]
""",
            "line by line, from the end, with prints": """
def not_answered(cells):
    missing = []
    while cells:
        cell = cells.pop()
        print(cell["id"])
        if cell["type"] == "code":
            for line in cell["source"].split("\\n"):
                if line.strip().startswith("raise NotImplementedError"):
                    missing.insert(0, cell["id"])
                    break
    return missing
""",
        },
    ),
}
