"""Wrong and right answers to the exercises of ps4."""

from tests.assignments.harness import Cases

COSTLY = (
    "counted_parameters",
    "counted_step",
    "counted_plain",
    "counted_recomputing",
    "measured_recomputing",
    "most_alive",
    "most_of",
)


OPERATIONS = Cases(
    mistakes={
        "products by logarithms": (
            '"forward": product,',
            '"forward": [np.rint(np.exp(sum(np.log([N, a, b])))) for a, b in zip(widths, widths[1:])],',
        ),
        "δ by logarithms": (
            "[0] + product[1:]",
            "[0] + [round(2 ** sum(np.log2([N, a, b]))) for a, b in zip(widths[1:], widths[2:])]",
        ),
        "slopes in 32 bits": ("[N * width for", "[N * width % 2**32 for"),
        "one sample and one score: one operation": (
            "2 * N * widths[-1]",
            "(2 * N * widths[-1] if N * widths[-1] > 1 else 1)",
        ),
        "δ of the data as well": ("delta = [0] + product[1:]", "delta = product"),
        "δ under the index of the layer it belongs to": (
            "delta = [0] + product[1:]",
            "delta = product[1:] + [0]",
        ),
        "no δ from the output layer": ("[0] + product[1:]", "[0] + product[1:-1] + [0]"),
        "no δ below the second layer": ("[0] + product[1:]", "[0, 0] + product[2:]"),
        "forgets N in the products": ("[N * fan_in * fan_out", "[fan_in * fan_out"),
        "forgets N in the slopes": ("[N * width for", "[width for"),
        "forgets N in the loss": ("2 * N * widths[-1]", "2 * widths[-1]"),
        "∂L/∂W without its sum over the samples": (
            '"weights": product',
            '"weights": [number // N for number in product]',
        ),
        "counts two for a multiply-add": ("N * fan_in", "2 * N * fan_in"),
        "biases are counted": ("N * fan_in * fan_out", "N * (fan_in + 1) * fan_out"),
        "a unit alone needs no product": (
            "N * fan_in * fan_out",
            "N * fan_in * fan_out * (fan_out > 1)",
        ),
        "equal neighbours need no δ": (
            "delta = [0] + product[1:]",
            "delta = [p if a != b else 0 for p, a, b in zip([0] + product[1:], widths, widths[1:])]",
        ),
        "finds a layer by its width": (
            "return phases | {",
            "by_width = dict(zip(widths[1:], product))\n"
            '    phases["forward"] = [by_width[width] for width in widths[1:]]\n    return phases | {',
        ),
        "three hidden layers at most": (
            "return phases |",
            "return {n: v[:4] for n, v in phases.items()} |",
        ),
        "one sample: no sum, so no ∂L/∂W": (
            '"weights": product,',
            '"weights": product if N > 1 else [0] * len(product),',
        ),
        "integers of 32 bits": ("[N * fan_in * fan_out", "[N * fan_in * fan_out % 2**31"),
        "single precision": ('"weights": product,', '"weights": np.float32(product),'),
        "the answer of the widths before": (
            "    product =",
            "    known = operations.__dict__\n    N = known.setdefault(tuple(widths), N)\n    product =",
        ),
        "a square matrix in each layer": ("N * fan_in * fan_out", "N * fan_out * fan_out"),
        "one operation for each score": ("2 * N * widths[-1]", "N * widths[-1]"),
        "the loss shared out over N": ("2 * N * widths[-1]", "N * widths[-1] + widths[-1]"),
        "slopes of the layer below": (
            "for width in widths[1:-1]] + [0]",
            "for width in widths[:-1]]",
        ),
        "slopes also in the output layer": (
            "for width in widths[1:-1]] + [0]",
            "for width in widths[1:]]",
        ),
        "σ counts as well": ("[N * width for", "[2 * N * width for"),
        "no slopes in the first hidden layer": (
            "[N * width for width in widths[1:-1]] + [0]",
            "[0] + [N * width for width in widths[2:-1]] + [0]",
        ),
        "backward is twice forward": (
            '"weights": product, "delta": delta',
            '"weights": product, "delta": product',
        ),
        "layers without work left out": [
            ("    delta = [0] + product[1:]", "    delta = product[1:]"),
            ("for width in widths[1:-1]] + [0]", "for width in widths[1:-1]]"),
        ],
        "from the top down": (
            "return phases |",
            "return {name: numbers[::-1] for name, numbers in phases.items()} |",
        ),
        "sums over the layers": (
            "return phases |",
            "return {name: sum(numbers) for name, numbers in phases.items()} |",
        ),
        "(13) as it is printed, in every layer": """
def operations(N, widths):
    L, d, d_H, K = len(widths) - 2, widths[0], widths[1], widths[-1]
    first, inner, last = N * d * d_H, N * d_H**2, N * K * d_H
    product = [first] + [inner] * (L - 1) + [last]
    return {
        "forward": product,
        "weights": product,
        "delta": [2 * N * d_H**2 - first] + product[1:],
        "slopes": [N * d_H] * L + [0],
        "loss": [0] * L + [2 * N * K],
    }
""",
        "asks the tests' own helper": """
def operations(N, widths):
    return counted_step(N, widths)
""",
        "asks mlpkit": """
def operations(N, widths):
    from mlpkit import costs
    L, d, d_H, K = len(widths) - 2, widths[0], widths[1], widths[-1]
    whole = costs.operations_counted(N, L, d, d_H, K)
    return {name: [whole] * (L + 1) for name in "forward weights delta slopes loss".split()}
""",
    },
    right={
        "a loop over the layers, prints": """
def operations(N, widths):
    L = len(widths) - 2
    result = {"forward": [], "weights": [], "delta": [], "slopes": [], "loss": []}
    for l in range(1, L + 2):
        m = N * widths[l] * widths[l - 1]
        print("layer", l, m)
        result["forward"].append(m)
        result["weights"].append(m)
        result["delta"].append(m if l > 1 else 0)
        result["slopes"].append(N * widths[l] if l <= L else 0)
        result["loss"].append(0 if l <= L else N * widths[l] + N * widths[l])
    return result
""",
        "counts the entries of arrays that take no memory": """
def operations(N, widths):
    below = [np.broadcast_to(0.0, (N, width)) for width in widths[:-1]]
    above = [np.broadcast_to(0.0, (N, width)) for width in widths[1:]]
    product = [a.size * b.shape[1] for a, b in zip(above, below)]
    return {
        "forward": np.array(product),
        "weights": np.array([a.shape[1] * b.shape[1] * len(a) for a, b in zip(above, below)]),
        "delta": np.array([b.size * a.shape[1] for a, b in zip(above, below)]) * (
            np.arange(len(above)) > 0
        ),
        "slopes": [a.size for a in above[:-1]] + [0],
        "loss": [0 for a in above[:-1]] + [above[-1].size * 2],
    }
""",
        "floats, tuples, one more phase, a warning": """
def operations(N, widths):
    np.float64(1) / np.float64(0)
    w = np.asarray(widths, dtype=float)
    product = N * w[:-1] * w[1:]
    delta, slopes, loss = product.copy(), N * w[1:], 2 * N * w[1:]
    delta[0] = slopes[-1] = 0
    loss[:-1] = 0
    phases = {"forward": product, "weights": product, "delta": delta, "slopes": slopes}
    phases |= {"loss": loss, "update": 0 * loss}
    return {name: tuple(numbers) for name, numbers in phases.items()}
""",
    },
    equivalent={
        "product = [N * fan_in * fan_out for fan_in, fan_out in zip(widths, widths[1:])] ⇒ product = [N * fan_in * fan_out for fan_in, fan_out in zip(widths[1:], widths)]": "a product of the same two widths",
    },
)

PARAMETERS = Cases(
    mistakes={
        "P in 32 bits": ("return size(1), m", "return size(1) % 2**32, m"),
        "P in single precision": ("return size(1), m", "return np.float32(size(1)), m"),
        "lists of up to a hundred": (
            "*(m * width for width in widths[1:-1])",
            "*(m * width for width in widths[1:-1][:100])",
        ),
        "no biases": ("fan_out * (fan_in + 1)", "fan_out * fan_in"),
        "(14) as it is printed, without b¹": (
            "for fan_in, fan_out in zip(sizes, sizes[1:]))",
            "for fan_in, fan_out in zip(sizes, sizes[1:])) - sizes[1]",
        ),
        "no bias in the output layer": (
            "for fan_in, fan_out in zip(sizes, sizes[1:]))",
            "for fan_in, fan_out in zip(sizes, sizes[1:])) - sizes[-1]",
        ),
        "a bias for each input": ("fan_out * (fan_in + 1)", "(fan_out + 1) * fan_in"),
        "no output layer": ("zip(sizes, sizes[1:])", "zip(sizes, sizes[1:-1])"),
        "no first layer": ("zip(sizes, sizes[1:])", "zip(sizes[1:], sizes[2:])"),
        "Z and H are parameters too": ("return size(1), m", "return size(1) + 2 * sum(widths), m"),
        "square matrices": ("fan_out * (fan_in + 1)", "fan_out * (fan_out + 1)"),
        "widens the inputs too": ("[widths[0], *(", "[m * widths[0], *("),
        "widens the outputs too": (", widths[-1]]", ", m * widths[-1]]"),
        "widens the first hidden layer only": (
            "*(m * width for width in widths[1:-1])",
            "m * widths[1], *widths[2:-1]",
        ),
        "takes P to be proportional to m": """
def parameters(widths, budget):
    P = sum(b * (a + 1) for a, b in zip(widths, widths[1:]))
    return P, budget // P, P * (budget // P)
""",
        "takes P to grow with m²": """
def parameters(widths, budget):
    P = sum(b * (a + 1) for a, b in zip(widths, widths[1:]))
    m = int((budget / P) ** 0.5)
    return P, m, P * m * m
""",
        "the first that is too large": (
            "return size(1), m, size(m)",
            "return size(1), m + 1, size(m + 1)",
        ),
        "one too small": (
            "return size(1), m, size(m) if m else 0",
            "return size(1), max(m - 1, 0), size(m - 1) if m > 1 else 0",
        ),
        "what is exactly enough doesn't fit": ("2**power) <= budget", "2**power) < budget"),
        "at least 1, though it doesn't fit": (
            "return size(1), m, size(m) if m else 0",
            "m = max(m, 1)\n    return size(1), m, size(m)",
        ),
        "P_m of a network with no hidden units": ("size(m) if m else 0", "size(m)"),
        "tries m up to 10": """
def parameters(widths, budget):
    def size(m):
        sizes = [widths[0], *(m * width for width in widths[1:-1]), widths[-1]]
        return sum(fan_out * (fan_in + 1) for fan_in, fan_out in zip(sizes, sizes[1:]))

    m = max([n for n in range(1, 11) if size(n) <= budget], default=0)
    return size(1), m, size(m) if m else 0
""",
        "tries m up to a hundred": (
            "    m = 0\n",
            "    budget = min(budget, size(100))\n    m = 0\n",
        ),
        "tries m up to a million": (
            "    m = 0\n",
            "    budget = min(budget, size(10**6))\n    m = 0\n",
        ),
        "tries m up to budget / P": (
            "return size(1), m, size(m) if m else 0",
            "m = min(m, budget // size(1))\n    return size(1), m, size(m) if m else 0",
        ),
        "P is 0 as well where nothing fits": (
            "return size(1), m,",
            "return size(1) if m else 0, m,",
        ),
        "hidden layers of one width are one layer": (
            "for width in widths[1:-1])",
            "for width in dict.fromkeys(widths[1:-1]))",
        ),
        "single precision": (
            "return size(1), m, size(m) if m else 0",
            "return size(1), m, np.float32(size(m)) if m else 0",
        ),
        "the answer of the widths before": """
def parameters(widths, budget, known={}):
    d, *hidden, K = widths
    square = sum(a * b for a, b in zip(hidden, hidden[1:]))
    linear = d * hidden[0] + K * hidden[-1] + sum(hidden)
    if tuple(widths) not in known:
        m = 0
        while square * (m + 1) ** 2 + linear * (m + 1) + K <= budget:
            m += 1
        known[tuple(widths)] = m
    m = known[tuple(widths)]
    return square + linear + K, m, square * m * m + linear * m + K if m else 0
""",
        "the budget for P_m": ("size(m) if m else 0", "budget if m else 0"),
        "asks the tests' own helper": """
def parameters(widths, budget):
    d, *hidden, K = widths
    size = lambda m: counted_parameters([d, *(m * width for width in hidden), K])
    m = 0
    while size(m + 1) <= budget:
        m += 1
    return size(1), m, size(m) if m else 0
""",
        "asks mlpkit": """
def parameters(widths, budget):
    from mlpkit.costs import parameters_counted
    L, d, d_H, K = len(widths) - 2, widths[0], widths[1], widths[-1]
    P = parameters_counted(L, d, d_H, K)
    return P, 1, P
""",
        "32 bits, where widths are below a million": (
            "return size(1), m, size(m) if m else 0",
            "P = size(1) % 2**32 if max(widths) < 10**6 else size(1)\n"
            "    return P, m, size(m) if m else 0",
        ),
    },
    right={
        "a quadratic equation, rounded down": """
def parameters(widths, budget):
    d, *hidden, K = widths
    square = sum(a * b for a, b in zip(hidden, hidden[1:]))
    linear = d * hidden[0] + K * hidden[-1] + sum(hidden)
    P = lambda m: square * m * m + linear * m + K
    if P(1) > budget:
        return P(1), 0, 0
    if square == 0:
        m = (budget - K) // linear
    else:
        m = int((-linear + (linear**2 + 4 * square * (budget - K)) ** 0.5) / (2 * square))
        m += P(m + 1) <= budget
        m -= P(m) > budget
    return [P(1), m, P(m)]
""",
        "arrays of shapes, doubles and halves, a warning": """
def parameters(widths, budget):
    np.log(np.zeros(1))

    def size(m):
        w = np.array(widths)
        w[1:-1] *= m
        return w[1:] @ (w[:-1] + 1)

    low, high = 0, 1
    while size(high) <= budget:
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        print(low, high)
        low, high = (middle, high) if size(middle) <= budget else (low, middle)
    return np.int64(size(1)), float(low), np.float64(size(low)) * (low > 0)
""",
        "tries m = 1, 2, 3, …": """
def parameters(widths, budget):
    d, *hidden, K = widths
    square = sum(a * b for a, b in zip(hidden, hidden[1:]))
    linear = d * hidden[0] + K * hidden[-1] + sum(hidden)
    m = 1
    while square * m * m + linear * m + K <= budget:
        m += 1
    m -= 1
    return square + linear + K, m, square * m * m + linear * m + K if m else 0
""",
    },
    equivalent={
        "for power in range(20, -1, -1): ⇒ for power in range(21, -1, -1):": "one more digit, which is 0 for every m of the text",
    },
)

CORRECTION = Cases(
    mistakes={
        "floats throughout": """
def correction(N, L, d, d_H, K, step):
    with_d = {"plain": 2, "input": 3, "frozen": 1}[step]
    hidden = (L - 1) * (3 * d_H**2 + d_H)
    printed = N * (hidden + d_H * (2 * d_H + d + 3 * K + 1) + 2 * K)
    right = N * (hidden + d_H * (with_d * d + 3 * K + 1) + 2 * K)
    vanishes = {"plain": 2 * d_H, "input": d_H, "frozen": 0}[step]
    hidden = float(hidden)
    printed = float(N) * (hidden + d_H * (2.0 * d_H + d + 3 * K + 1) + 2 * K)
    right = float(N) * (hidden + d_H * (with_d * float(d) + 3 * K + 1) + 2 * K)
    return right - printed, vanishes
""",
        "as many inputs as units: no δ": (
            "    vanishes =",
            "    difference -= N * (L - 1) * d_H**2 * (step != 'input' and d == d_H)\n    vanishes =",
        ),
        "one sample, one layer: no ∂L/∂X": (
            "    vanishes =",
            "    difference -= N * d * d_H * (step == 'input' and N == L == 1)\n    vanishes =",
        ),
        "the zero of a line in single precision": (
            "return difference, vanishes",
            "line = np.float32(N * d_H * (products_with_d - 1) or 1)\n"
            "    zero = int(np.float32(d) - np.float32(difference) / line)\n"
            "    return difference, zero if vanishes else 0",
        ),
        "printed − counted": (
            "N * d_H * (products_with_d * d - (2 * d_H + d))",
            "N * d_H * ((2 * d_H + d) - products_with_d * d)",
        ),
        "forgets N": ("N * d_H * (products", "d_H * (products"),
        "forgets the factor d_H": ("N * d_H * (products", "N * (products"),
        "drops the printed d": ("(2 * d_H + d))", "2 * d_H)"),
        "always the plain step": (
            '{"frozen": 1, "plain": 2, "input": 3}[step]\n',
            "2\n    step = 'plain'\n",
        ),
        "plain with ∂L/∂X": [
            ('"plain": 2, "input": 3', '"plain": 3, "input": 3'),
            ('"plain": 2 * d_H', '"plain": d_H'),
        ],
        "one product fewer in each step": [
            ('"frozen": 1, "plain": 2, "input": 3', '"frozen": 0, "plain": 1, "input": 2'),
            ('"plain": 2 * d_H, "input": d_H', '"plain": 0, "input": 2 * d_H'),
        ],
        "frozen: W¹ isn't used at all": ('"frozen": 1', '"frozen": 0'),
        "frozen: no slopes in the first layer": (
            "    vanishes =",
            "    difference -= N * d_H * (step == 'frozen')\n    vanishes =",
        ),
        "frozen: no δ¹ either": (
            "    vanishes =",
            "    difference -= N * d_H**2 * (step == 'frozen' and L > 1)\n    vanishes =",
        ),
        "input: σ′ also at the data": (
            "    vanishes =",
            "    difference += N * d * (step == 'input')\n    vanishes =",
        ),
        "the missing b¹ of (14) is in it": (
            "    vanishes =",
            "    difference += d_H\n    vanishes =",
        ),
        "biases are counted": (
            "    vanishes =",
            "    difference += N * (L * d_H + K)\n    vanishes =",
        ),
        "a correction in each layer": ("difference = N *", "difference = L * N *"),
        "without its sign": ("return difference, vanishes", "return abs(difference), vanishes"),
        "vanishes always at 2 d_H": ('"input": d_H}', '"input": 2 * d_H}'),
        "vanishes at d_H / 2": ('"plain": 2 * d_H,', '"plain": d_H // 2,'),
        "vanishes at the given d if it does there": (
            "return difference, vanishes",
            "return difference, d if difference == 0 else 0",
        ),
        "frozen: vanishes at 2 d_H": ('"frozen": 0,', '"frozen": 2 * d_H,'),
        "frozen: vanishes at a negative d": ('"frozen": 0,', '"frozen": -2 * d_H,'),
        "looks for the zero up to d": """
def correction(N, L, d, d_H, K, step):
    c = {"frozen": 1, "plain": 2, "input": 3}[step]
    f = lambda d: N * d_H * (c * d - (2 * d_H + d))
    return f(d), next((n for n in range(1, d + 1) if f(n) == 0), 0)
""",
        "looks for the zero up to a large number": (
            "return difference, vanishes",
            "return difference, vanishes if vanishes <= 10**6 else 0",
        ),
        "looks for the zero up to a small number": (
            "return difference, vanishes",
            "return difference, vanishes if vanishes <= 100 else 0",
        ),
        "one hidden layer has no correction": (
            "return difference, vanishes",
            "return difference if L > 1 else 0, vanishes",
        ),
        "input: vanishes at d_H / 2": ('"input": d_H}', '"input": d_H // 2}'),
        "vanishes is -1 where nothing does it": ('"frozen": 0,', '"frozen": -1,'),
        "single precision": (
            "return difference, vanishes",
            "return np.float32(difference), vanishes",
        ),
        "vanishes first": ("return difference, vanishes", "return vanishes, difference"),
        "the correction only": ("return difference, vanishes", "return difference"),
        "asks the tests' own helper": """
def correction(N, L, d, d_H, K, step):
    counted = sum(map(sum, counted_step(N, [d, *[d_H] * L, K], step).values()))
    printed = N * ((L - 1) * (3 * d_H**2 + d_H) + d_H * (2 * d_H + d + 3 * K + 1) + 2 * K)
    return counted - printed, {"plain": 2 * d_H, "input": d_H, "frozen": 0}[step]
""",
        "asks mlpkit": """
def correction(N, L, d, d_H, K, step):
    return costs.operations_difference(N, L, d, d_H, K), 2 * d_H
""",
    },
    right={
        "both formulas written out, a search": """
def correction(N, L, d, d_H, K, step):
    times = 3 - (step == "frozen") + (step == "input") - 1
    rest = 2 * N * K + N * L * d_H + 3 * N * (L - 1) * d_H**2 + 3 * N * d_H * K
    same = N * ((L - 1) * (3 * d_H**2 + d_H) + d_H * (2 * d_H + 3 * K + 1) + 2 * K)
    counted = lambda d: rest + times * N * d * d_H
    printed = lambda d: same + N * d_H * d
    right_at = next((n for n in range(1, 2 * d_H + 1) if counted(n) == printed(n)), 0)
    return counted(d) - printed(d), right_at
""",
        "slope and intercept from two points, floats": """
def correction(N, L, d, d_H, K, step):
    print(step, "at", d)
    times = 1.0 + (step != "frozen") + (step == "input")
    at = lambda d: N * d_H * times * d - N * d_H * (2 * d_H + d)
    slope, intercept = at(1.0) - at(0.0), at(0.0)
    return np.array([slope * d + intercept, -intercept / slope if slope else 0.0])
""",
        "cases, a warning": """
def correction(N, L, d, d_H, K, step):
    np.sqrt(np.array([-1.0]))
    if step == "plain":
        return [N * d_H * (d - 2 * d_H), d_H + d_H]
    if step == "input":
        return [2 * N * d_H * (d - d_H), np.int64(d_H)]
    return [-2 * N * d_H**2, 0]
""",
    },
)

MEMORY = Cases(
    mistakes={
        "θ in single precision": ("itemsize * (P +", "itemsize * (int(np.float32(P)) +"),
        "Z and H of every layer": ('2 if kind in ("swish", "sine") else 1', "2"),
        "H only, of every layer": ('2 if kind in ("swish", "sine") else 1', "1"),
        "Z where it isn't needed": (
            '2 if kind in ("swish", "sine") else 1',
            '1 if kind in ("swish", "sine") else 2',
        ),
        "swish from H": ('("swish", "sine")', '("sine",)'),
        "sine from H, by √(1 − h²)": ('("swish", "sine")', '("swish",)'),
        "Z for ReLU": ('("swish", "sine")', '("swish", "sine", "relu")'),
        "Z for softplus": ('("swish", "sine")', '("swish", "sine", "softplus")'),
        "Z for the sigmoid": ('("swish", "sine")', '("swish", "sine", "sigmoid")'),
        "finds a layer by its width": """
def memory(N, widths, sigma, P, itemsize):
    arrays = [2 if kind in ("swish", "sine") else 1 for kind in sigma]
    by_layer = [
        N * width * number
        for width, number in ((w, arrays[widths.index(w) - 1]) for w in widths[1:-1])
    ]
    return by_layer, itemsize * (P + sum(by_layer))
""",
        "finds a layer by its σ": (
            "for width, number in zip(widths[1:-1], arrays)]",
            "for width, number in zip((widths[1 + sigma.index(kind)] for kind in sigma), arrays)]",
        ),
        "each number once in the sum": ("(P + sum(by_layer))", "(P + sum(set(by_layer)))"),
        "one sample: Z for none": (
            "for kind in sigma]",
            "for kind in sigma]\n    arrays = [1] * len(arrays) if N == 1 else arrays",
        ),
        "σ in reverse order": ("for kind in sigma]", "for kind in sigma[::-1]]"),
        "only the last σ": ("for kind in sigma]", "for kind in [sigma[-1]] * len(sigma)]"),
        "single precision": (
            "return by_layer, itemsize * (P",
            "return by_layer, np.float32(itemsize) * (P",
        ),
        "integers of 32 bits": (
            "N * width * number for",
            "int(np.int32(N * width * number % 2**31)) for",
        ),
        "nothing for ReLU": (
            '2 if kind in ("swish", "sine") else 1',
            '0 if kind == "relu" else 2 if kind in ("swish", "sine") else 1',
        ),
        "forgets N": ("N * width * number", "width * number"),
        "one layer, as (15) has it": (
            "sum(by_layer))",
            "max(by_layer))",
        ),
        "the same number in every layer": ("N * width * number for", "N * widths[1] * number for"),
        "the width of the layer below": ("zip(widths[1:-1], arrays)", "zip(widths, arrays)"),
        "the width of the layer above": ("zip(widths[1:-1], arrays)", "zip(widths[2:], arrays)"),
        "U is stored too": ("sum(by_layer))", "sum(by_layer) + N * widths[-1])"),
        "X is stored too": ("sum(by_layer))", "sum(by_layer) + N * widths[0])"),
        "the gradient too": ("(P + sum(by_layer))", "(2 * P + sum(by_layer))"),
        "θ forgotten": ("itemsize * (P + sum(by_layer))", "itemsize * sum(by_layer)"),
        "θ in numbers, the rest in bytes": (
            "itemsize * (P + sum(by_layer))",
            "P + itemsize * sum(by_layer)",
        ),
        "numbers, not bytes": ("itemsize * (P + sum(by_layer))", "P + sum(by_layer)"),
        "always eight bytes": [("itemsize * (P + sum(by_layer))", "8 * (P + sum(by_layer))")],
        "the layers in bytes": (
            "return by_layer, itemsize",
            "return [itemsize * number for number in by_layer], itemsize",
        ),
        "θ in every layer": ("return by_layer,", "return [P + number for number in by_layer],"),
        "the sum and not the list": ("return by_layer,", "return sum(by_layer),"),
        "asks the tests' own helper": """
def memory(N, widths, sigma, P, itemsize):
    arrays = [2 if kind in ("swish", "sine") else 1 for kind in sigma]
    by_layer = [N * width * number for width, number in zip(widths[1:-1], arrays)]
    return by_layer, itemsize * (counted_parameters(widths) + sum(by_layer))
""",
        "asks mlpkit": """
def memory(N, widths, sigma, P, itemsize):
    from mlpkit.costs import memory_counted
    L, d, d_H, K = len(sigma), widths[0], widths[1], widths[-1]
    whole = memory_counted(N, L, d, d_H, K)
    return [(whole - P) // L] * L, itemsize * whole
""",
        "in single precision tanh and sigmoid keep Z": (
            'in ("swish", "sine") else 1',
            'in ("swish", "sine", *["tanh", "sigmoid"] * (itemsize == 4)) else 1',
        ),
        "in single precision softplus keeps Z": (
            'in ("swish", "sine") else 1',
            'in ("swish", "sine", *["softplus"] * (itemsize == 4)) else 1',
        ),
        "of one layer of relu a byte a number": (
            "itemsize * (P + sum(by_layer))",
            'itemsize * (P + sum(by_layer) * (sigma != ["relu"])) + sum(by_layer) * (sigma == ["relu"])',
        ),
    },
    right={
        "a loop, numpy integers": """
def memory(N, widths, sigma, P, itemsize):
    from_H = {"tanh", "sigmoid", "softplus", "relu"}
    by_layer = np.zeros(len(sigma), dtype=np.int64)
    for l, kind in enumerate(sigma):
        by_layer[l] += N * widths[l + 1]
        if kind not in from_H:
            by_layer[l] += N * widths[l + 1]
    total = P * itemsize
    for number in by_layer:
        total += number * itemsize
    return by_layer, total
""",
        "searches for two slopes at one h, prints, a warning": """
def memory(N, widths, sigma, P, itemsize):
    np.exp(np.array([1e4]))
    z = np.linspace(-6, 6, 6001)
    of = {
        "tanh": np.tanh(z), "sigmoid": 1 / (1 + np.exp(-z)), "softplus": np.log1p(np.exp(z)),
        "relu": np.maximum(z, 0), "swish": z / (1 + np.exp(-z)), "sine": np.sin(z),
    }
    numbers = []
    for width, kind in zip(widths[1:-1], sigma):
        slope = np.gradient(of[kind], z)
        both = bool((slope < -0.05).any() and (slope > 0.05).any())
        print(kind, both)
        numbers.append(float(N * width * (1 + both)))
    return (numbers, itemsize * P + itemsize * sum(numbers))
""",
    },
    equivalent={
        "by_layer = [N * width * number for width, number in zip(widths[1:-1], arrays)] ⇒ by_layer = [N * width * number for width, number in zip(arrays, widths[1:-1])]": "a product of the same two numbers",
        "arrays = [2 if kind in ('swish', 'sine') else 1 for kind in sigma] ⇒ arrays = [2 if kind in ('sine', 'swish') else 1 for kind in sigma]": "the same two words",
        "by_layer = [N * width * number for width, number in zip(widths[1:-1], arrays)] ⇒ by_layer = [N * width * number for width, number in zip(widths[1:], arrays)]": "zip ends with the shorter list, of L numbers",
    },
)

RECOMPUTE = Cases(
    mistakes={
        "k = 1: the last segment's memory": (
            "max(stored, N * (kept + held))",
            "max(stored if k > 1 else 0, N * (kept + held))",
        ),
        "H of a layer alone at the end is there already": (
            "        stored = max(",
            "        held -= segment[0] * (hold == 'segment' and k > 1 == len(segment) and L > 1)\n"
            "        stored = max(",
        ),
        "what is stored in 32 bits": (
            "return operations, stored",
            "return operations, stored % 2**32",
        ),
        "what is stored in single precision": (
            "return operations, stored",
            "return operations, np.float32(stored)",
        ),
        "the last segment is computed on the way forward too": ("0 if end == L else 1", "1"),
        "only the last layer is not computed on the way forward": (
            "0 if end == L else 1",
            "0 if l == L else 1",
        ),
        "kept layers aren't computed again": (
            "(forward + back - 1) *",
            "(forward + (back if l % k else 0) - 1) * (forward or back > 1) *",
        ),
        "everything once more": ("(forward + back - 1)", "1"),
        "nothing again": ("(forward + back - 1)", "0"),
        "the first computation counted twice": ("(forward + back - 1)", "(forward + back)"),
        "a layer costs its own square": ("widths[l - 1] * widths[l]", "widths[l] ** 2"),
        "the product one layer too high": (
            "N * widths[l - 1] * widths[l]",
            "N * widths[l] * widths[l + 1]",
        ),
        "no N in the operations": ("* N * widths[l - 1]", "* widths[l - 1]"),
        "σ computed again counts": (
            "N * widths[l - 1] * widths[l]",
            "N * (widths[l - 1] + 1) * widths[l]",
        ),
        "the plain step left out": (
            "operations, stored, kept = plain,",
            "operations, stored, kept = 0,",
        ),
        "a layer held: as if the segment were": ("end - l + 1", "1"),
        "a layer held: one computation too few": ("end - l + 1", "end - l"),
        "a layer held: from the bottom to the top": ("end - l + 1", "l - start"),
        "a layer held: always from X": ("end - l + 1", "L - l + 1"),
        "no N in the memory": ("N * (kept + held)", "kept + held"),
        "H only": [
            ("2 * sum(segment) if", "sum(segment) if"),
            ("else 2 * max(segment)", "else max(segment)"),
        ],
        "Z and H of the kept layers": ("kept += widths[start]", "kept += 2 * widths[start]"),
        "the H that a segment starts from isn't counted": (
            "N * (kept + held)",
            "N * (kept - widths[start] * (start > 0) + held)",
        ),
        "all kept layers at all times": (
            "N * (kept + held)",
            "N * (sum(widths[k : L : k]) + held)",
        ),
        "H of the last segment is kept as well": (
            "kept += widths[start]",
            "kept += widths[start] + widths[L] * (end == L)",
        ),
        "X is kept": [("if start > 0:", "if True:")],
        "the layer above is kept": ("kept += widths[start]", "kept += widths[start + 1]"),
        "only the last segment's memory": (
            "stored = max(stored, N * (kept + held))",
            "stored = N * (kept + held)",
        ),
        "only the first segment's memory": ("max(stored, N * (kept + held))", "stored or N * held"),
        "the sum over the segments": ("max(stored, N * (kept + held))", "stored + N * held"),
        "a layer held: the last of the segment": ("2 * max(segment)", "2 * segment[-1]"),
        "a layer held: H only": ("2 * max(segment)", "max(segment)"),
        "the segment held in both ways": (
            '2 * sum(segment) if hold == "segment" else 2 * max(segment)',
            "2 * sum(segment)",
        ),
        "the two ways mixed up": [
            ('back = 1 if hold == "segment"', 'back = 1 if hold == "layer"'),
            ('2 * sum(segment) if hold == "segment"', '2 * sum(segment) if hold == "layer"'),
        ],
        "finds a layer by its width": (
            "held = 2 * sum(segment) if",
            "segment = list(dict.fromkeys(segment))\n        held = 2 * sum(segment) if",
        ),
        "kept layers of one width once": (
            "kept += widths[start]",
            "kept += widths[start] * (widths[start] not in widths[k:start:k])",
        ),
        "k up to 10": (
            "    L = len(widths) - 2\n",
            "    L = len(widths) - 2\n    k = min(k, 10)\n",
        ),
        "one hidden layer: nothing is stored": (
            "return operations, stored",
            "return operations, stored if L > 1 else 0",
        ),
        "a layer held: each segment is computed as it is held": (
            "forward = 0 if end == L else 1",
            'forward = 0 if end == L or hold == "layer" else 1',
        ),
        "a layer held: the top's neighbour as well": (
            "else 2 * max(segment)",
            "else 2 * max(map(sum, zip(segment, [0, *segment])))",
        ),
        "single precision": ("return operations, stored", "return np.float32(operations), stored"),
        "one sample for all": ("operations += (", "operations += min(N, 32) // N * ("),
        "a last short segment is forgotten": ("range(0, L, k)", "range(0, L - k + 1, k)"),
        "k > L isn't foreseen": (
            "    L = len(widths) - 2\n",
            "    L = len(widths) - 2\n    widths = widths + [1] * (k - L) if k > L else widths\n"
            "    L = max(k, L)\n",
        ),
        "equal widths, as in the lecture": (
            "    L = len(widths) - 2\n",
            "    L = len(widths) - 2\n    widths = [widths[0], *[widths[1]] * L, widths[-1]]\n",
        ),
        "asks the tests' own helper": """
def recompute(N, widths, k, hold, plain):
    arguments = (N, widths, k, hold)
    return counted_recomputing(*arguments), measured_recomputing(*arguments)
""",
        "asks mlpkit": """
def recompute(N, widths, k, hold, plain):
    L, d, d_H = len(widths) - 2, widths[0], widths[1]
    extra = recomputation.extra_multiply_adds(N, L, d, d_H, k, hold == "segment")
    return plain + extra, recomputation.stored_numbers(N, L, d_H, k, hold == "segment")
""",
    },
    right={
        "plays the algorithm, layer by layer": """
def recompute(N, widths, k, hold, plain):
    L = len(widths) - 2
    computed, held, most = [0] * (L + 1), {}, 0
    segments = [list(range(1, L + 1))[i : i + k] for i in range(0, L, k)]
    kept = []
    for segment in segments[:-1]:
        for layer in segment:
            computed[layer] += 1
        kept.append(segment[-1])
    for segment in reversed(segments):
        if hold == "segment":
            for layer in segment:
                computed[layer] += 1
            now = 2 * sum(widths[layer] for layer in segment)
            most = max(most, now + sum(widths[layer] for layer in kept))
        else:
            for top in reversed(segment):
                for layer in segment:
                    if layer <= top:
                        computed[layer] += 1
                most = max(most, 2 * widths[top] + sum(widths[layer] for layer in kept))
        if kept:
            kept.pop()
    first = sum(N * widths[layer - 1] * widths[layer] for layer in range(1, L + 1))
    forward = sum(N * widths[l - 1] * widths[l] * computed[l] for l in range(1, L + 1))
    return plain - first + forward, N * most
""",
        "formulas with arrays, a warning": """
def recompute(N, widths, k, hold, plain):
    np.float64(0) / np.float64(0)
    w = np.array(widths)
    L = len(w) - 2
    layer = np.arange(1, L + 1)
    segment = (layer - 1) // k
    product = w[:-2] * w[1:-1]
    end = np.minimum((segment + 1) * k, L)
    extra = np.where(hold == "segment", 1, end - layer + 1) - (segment == segment[-1])
    heads = [w[k * s] if s else 0 for s in range(segment[-1] + 1)]
    gather = np.sum if hold == "segment" else np.max
    held = [2 * gather(w[1:-1][segment == s]) for s in range(segment[-1] + 1)]
    print(heads, held)
    return plain + N * np.dot(extra, product), N * np.max(np.cumsum(heads) + held)
""",
        "recursive, floats": """
def recompute(N, widths, k, hold, plain):
    def back(start, kept):
        end = min(start + k, L)
        own = widths[start + 1 : end + 1]
        work, most = 0.0, 0.0
        for n, width in enumerate(own):
            times = (1 if hold == "segment" else len(own) - n) - (end == L)
            work += times * widths[start + n] * width
            most = most + 2 * width if hold == "segment" else max(most, 2 * width)
        if end == L:
            return work, kept + most
        above, most_above = back(end, kept + widths[end])
        return work + above, max(kept + most, most_above)

    L = len(widths) - 2
    work, most = back(0, 0)
    return [float(plain) + N * work, N * most]
""",
    },
    equivalent={
        "operations, stored, kept = (plain, 0, 0) ⇒ operations, stored, kept = (plain, 1, 0)": "the most is at least one Z and one H, so 2",
        "operations, stored, kept = (plain, 0, 0) ⇒ operations, stored, kept = (plain, -1, 0)": "the most is at least one Z and one H, so 2",
    },
)

BEST_K = Cases(
    mistakes={
        "ties of what is stored in single precision": (
            "(operations[k - 1], stored[k - 1], k, needed)",
            "(operations[k - 1], np.float32(stored[k - 1]), k, needed)",
        ),
        "what nearly fits": ("if needed <= budget:", "if needed <= budget * (1 + 1e-14):"),
        "the first with these operations": """
def best_k(operations, stored, N, P, itemsize, budget):
    fits = [itemsize * (2 * P + N * numbers) <= budget for numbers in stored]
    if not any(fits):
        return 0, 0
    k = 1 + operations.index(min(o for o, fit in zip(operations, fits) if fit))
    return k, itemsize * (2 * P + N * stored[k - 1])
""",
        "k = 1 isn't worth a look": ("range(1, len(stored) + 1)", "range(2, len(stored) + 1)"),
        "the budget in single precision": (
            "if needed <= budget:",
            "if np.float32(needed) <= np.float32(budget):",
        ),
        "bytes of one are bits": (
            "(operations[k - 1], stored[k - 1], k, needed)",
            "(operations[k - 1], stored[k - 1], k, needed * (1 if itemsize > 1 else 8))",
        ),
        "one k always fits": ("if needed <= budget:", "if needed <= budget or len(stored) == 1:"),
        "looks at k up to a limit": (
            "range(1, len(stored) + 1)",
            "range(1, len(stored[:400]) + 1)",
        ),
        "looks at few k only": ("range(1, len(stored) + 1)", "range(1, min(len(stored), 10) + 1)"),
        "k that divides L only": (
            "if needed <= budget:",
            "if needed <= budget and len(stored) % k == 0:",
        ),
        "single precision": (
            "(operations[k - 1], stored",
            "(np.float32(operations[k - 1]), stored",
        ),
        "a budget of 0 is none given": (
            "    fitting = []\n",
            "    fitting = []\n    budget = budget or float('inf')\n",
        ),
        "operations for N samples against bytes": (
            "(operations[k - 1], stored[k - 1], k, needed)",
            "(operations[k - 1] + needed, stored[k - 1], k, needed)",
        ),
        "counts k from 0": (
            "return min(fitting)[2:]",
            "return (min(fitting)[2] - 1, min(fitting)[3])",
        ),
        "forgets the gradient": ("(2 * P + N *", "(P + N *"),
        "forgets θ and the gradient": ("(2 * P + N *", "(N *"),
        "forgets N": ("N * stored[k - 1]", "stored[k - 1]"),
        "θ for each sample": ("(2 * P + N * stored[k - 1])", "N * (2 * P + stored[k - 1])"),
        "numbers, not bytes": ("itemsize * (2 * P", "(2 * P"),
        "itemsize for the stored only": (
            "itemsize * (2 * P + N * stored[k - 1])",
            "2 * P + itemsize * N * stored[k - 1]",
        ),
        "what is exactly enough doesn't fit": ("needed <= budget", "needed < budget"),
        "the least memory": (
            "(operations[k - 1], stored[k - 1], k, needed)",
            "(stored[k - 1], operations[k - 1], k, needed)",
        ),
        "the largest k that fits": (
            "min(fitting)[2:]",
            "max(fitting, key=lambda plan: plan[2])[2:]",
        ),
        "the smallest k that fits": (
            "min(fitting)[2:]",
            "min(fitting, key=lambda plan: plan[2])[2:]",
        ),
        "the most memory that fits": (
            "min(fitting)[2:]",
            "max(fitting, key=lambda plan: plan[3])[2:]",
        ),
        "the most operations": ("min(fitting)[2:]", "max(fitting)[2:]"),
        "the best of all, fitting or not": ("if needed <= budget:", "if True:"),
        "stops at the first that doesn't fit": (
            "            fitting.append((operations[k - 1], stored[k - 1], k, needed))",
            "            fitting.append((operations[k - 1], stored[k - 1], k, needed))\n"
            "        elif fitting:\n            break",
        ),
        "among equal operations the first": (
            "min(fitting)[2:]",
            "min(fitting, key=lambda plan: plan[0])[2:]",
        ),
        "among equal operations the last": (
            "min(fitting)[2:]",
            "min(fitting, key=lambda plan: (plan[0], -plan[2]))[2:]",
        ),
        "of two equal ones the larger k": (
            "min(fitting)[2:]",
            "min(fitting, key=lambda plan: (plan[0], plan[1], -plan[2]))[2:]",
        ),
        "the last k isn't looked at": ("range(1, len(stored) + 1)", "range(1, len(stored))"),
        "fails where nothing fits": ("min(fitting)[2:] if fitting else (0, 0)", "min(fitting)[2:]"),
        "k = 1 where nothing fits": ("else (0, 0)", "else (1, itemsize * (2 * P + N * stored[0]))"),
        "the budget for what is needed": ("min(fitting)[2:] if", "(min(fitting)[2], budget) if"),
        "what is left for what is needed": (
            "min(fitting)[2:] if",
            "(min(fitting)[2], budget - min(fitting)[3]) if",
        ),
        "k only": ("min(fitting)[2:] if fitting else (0, 0)", "min(fitting)[2] if fitting else 0"),
        "√(L/2), as for least memory": """
def best_k(operations, stored, N, P, itemsize, budget):
    k = round((len(stored) / 2) ** 0.5)
    return k, itemsize * (2 * P + N * stored[k - 1])
""",
        "asks the tests' own helper": """
def best_k(operations, stored, N, P, itemsize, budget):
    L = len(stored)
    work = [counted_recomputing(1, [4] * (L + 2), k, "segment") for k in range(1, L + 1)]
    k = work.index(min(work)) + 1
    return k, itemsize * (2 * P + N * stored[k - 1])
""",
        "asks mlpkit": """
def best_k(operations, stored, N, P, itemsize, budget):
    L = len(stored)
    extra = [recomputation.extra_multiply_adds(1, L, 1, 1, k) for k in range(1, L + 1)]
    k = extra.index(min(extra)) + 1
    return k, itemsize * (2 * P + N * stored[k - 1])
""",
    },
    right={
        "a loop with the best so far": """
def best_k(operations, stored, N, P, itemsize, budget):
    best, least = 0, 0
    for k, (work, numbers) in enumerate(zip(operations, stored), start=1):
        needed = P * itemsize + P * itemsize + N * numbers * itemsize
        if needed > budget:
            continue
        print(k, work, needed)
        better = best == 0 or work < operations[best - 1]
        same = best > 0 and work == operations[best - 1] and numbers < stored[best - 1]
        if better or same:
            best, least = k, needed
    return [best, least]
""",
        "sorts arrays, a warning": """
def best_k(operations, stored, N, P, itemsize, budget):
    np.log(np.array([0.0]))
    needed = itemsize * (2.0 * P + N * np.array(stored))
    for index in np.lexsort((np.arange(len(stored)), stored, operations)):
        if needed[index] <= budget:
            return np.int64(index + 1), needed[index]
    return 0, 0
""",
    },
    equivalent={
        "return min(fitting)[2:] if fitting else (0, 0) ⇒ return min(fitting)[-2:] if fitting else (0, 0)": "of four entries the last two",
    },
)

MOST_AT_ONCE = Cases(
    mistakes={
        "nothing is ever thrown away": (
            "        for other in last_used:\n            del there[other]\n",
            "",
        ),
        "Z stays where σ′ is taken from H": ('[f"Z{l}"] if needs[l - 1] == "H" else []', "[]"),
        "H goes as soon as the layer above is there": [
            (
                'make(f"Z{l}", N * widths[l])',
                'make(f"Z{l}", N * widths[l], [f"H{l - 1}"] if l > 1 and needs[l - 2] == "Z" else [])',
            ),
            (
                'make("U", N * widths[-1])',
                'make("U", N * widths[-1], [f"H{L}"] if needs[-1] == "Z" else [])',
            ),
            (', [f"H{l}"] if l and needs[l - 1] == "Z" else []', ""),
        ],
        "H stays until its layer is passed": [
            (', [f"H{l}"] if l and needs[l - 1] == "Z" else []', ""),
            (
                '[f"delta{l}", needs[l - 1] + str(l)]',
                '[f"delta{l}", f"H{l}"] + [f"Z{l}"] * (needs[l - 1] == "Z")',
            ),
        ],
        "H goes with ∂L/∂W although σ′ needs it": [
            ('[f"H{l}"] if l and needs[l - 1] == "Z" else []', '[f"H{l}"] if l else []'),
            (
                '[f"delta{l}", needs[l - 1] + str(l)]',
                '[f"delta{l}"] + [f"Z{l}"] * (needs[l - 1] == "Z")',
            ),
        ],
        "σ′ from Z in every layer": (
            "    there, most",
            '    needs = ["Z" for _ in needs]\n    there, most',
        ),
        "σ′ from H in every layer": (
            "    there, most",
            '    needs = ["H" for _ in needs]\n    there, most',
        ),
        "needs from the top down": ("    there, most", "    needs = needs[::-1]\n    there, most"),
        "U stays": ('make("dU", N * widths[-1], ["U"])', 'make("dU", N * widths[-1])'),
        "∂L/∂U in the place of U": (
            'make("U", N * widths[-1])\n    make("dU", N * widths[-1], ["U"])',
            'make("dU", N * widths[-1])',
        ),
        "∂L/∂Z of the layer above stays": ("N * widths[l], [dZ])", "N * widths[l])"),
        "δ stays": ('[f"delta{l}", needs[l - 1] + str(l)]', "[needs[l - 1] + str(l)]"),
        "what σ′ is taken from stays": ('[f"delta{l}", needs[l - 1] + str(l)]', '[f"delta{l}"]'),
        "∂L/∂Z in the place of δ": [
            ('            make(f"delta{l}", N * widths[l], [dZ])\n', ""),
            (
                '            dZ = f"dZ{l}"\n            make(dZ, N * widths[l], [f"delta{l}", '
                "needs[l - 1] + str(l)])",
                '            above, dZ = dZ, f"dZ{l}"\n'
                "            make(dZ, N * widths[l], [above, needs[l - 1] + str(l)])",
            ),
        ],
        "an array of slopes as well": (
            '            dZ = f"dZ{l}"\n',
            '            dZ = f"dZ{l}"\n            make("slopes", N * widths[l], ["slopes"])\n',
        ),
        "what a line needs goes before it runs": (
            "        there[name] = size\n",
            "        for other in last_used:\n            del there[other]\n"
            "        last_used = ()\n        there[name] = size\n",
        ),
        "counted when a line is over": [
            (
                "        if sum(there.values()) > most:\n"
                "            most, names = sum(there.values()), list(there)\n",
                "",
            ),
            (
                "            del there[other]\n",
                "            del there[other]\n        if sum(there.values()) > most:\n"
                "            most, names = sum(there.values()), list(there)\n",
            ),
        ],
        "the last of several lines": ("sum(there.values()) > most", "sum(there.values()) >= most"),
        "X is counted": ("there, most, names = {}", 'there, most, names = {"X": N * widths[0]}'),
        "gradients aren't counted": [
            (
                'make(f"dW{l + 1}", widths[l] * widths[l + 1], ',
                'make("none", 0, ["none"] + (',
            ),
            ('if l and needs[l - 1] == "Z" else [])', 'if l and needs[l - 1] == "Z" else []))'),
            ('        make(f"db{l + 1}", widths[l + 1])\n', ""),
        ],
        "all gradients are there from the start": (
            '    L, dZ = len(needs), "dU"\n',
            '    L, dZ = len(needs), "dU"\n    for l in range(L, -1, -1):\n'
            '        there[f"dW{l + 1}"] = widths[l] * widths[l + 1]\n'
            '        there[f"db{l + 1}"] = widths[l + 1]\n',
        ),
        "gradients of the layer at work only": (
            '        if l:\n            make(f"delta',
            '        if l:\n            there.pop(f"dW{l + 2}", 0), there.pop(f"db{l + 2}", 0)\n'
            '            make(f"delta',
        ),
        "a gradient of a bias for each sample": (
            'make(f"db{l + 1}", widths[l + 1])',
            'make(f"db{l + 1}", N * widths[l + 1])',
        ),
        "no gradients of the biases": ('        make(f"db{l + 1}", widths[l + 1])\n', ""),
        "looks at the forward step only": ("range(L, -1, -1)", "range(0)"),
        "layers are counted from 0": (
            "list(there)",
            "[n[:-1] + str(int(n[-1]) - 1) if n[-1].isdigit() else n for n in there]",
        ),
        "dU is called dZ": (
            "    return most, names",
            '    return most, [f"dZ{L + 1}" if n == "dU" else n for n in names]',
        ),
        "all that has been made by then": [
            ("    def make(name", "    made = []\n\n    def make(name"),
            (
                "        there[name] = size\n",
                "        there[name] = size\n        made.append(name)\n",
            ),
            ("list(there)", "list(made)"),
        ],
        "2 N L d_H, as (15) should have it": (
            "    return most, names",
            '    return 2 * N * sum(widths[1:-1]), [k + str(l) for l in range(1, L + 1) for k in "ZH"]',
        ),
        "the largest array": (
            "    return most, names",
            "    return max(map(there.get, there)), names[-1:]",
        ),
        "names and then the most": ("return most, names", "return names, most"),
        "the most alone": ("return most, names", "return most"),
        "one sample in U": ('make("U", N * widths[-1])', 'make("U", widths[-1])'),
        "numbers of 32 bits": ("return most, names", "return most % 2**31, names"),
        "the names of the call before of so many layers": (
            "    return most, names",
            "    kept = most_at_once.__dict__.setdefault(str(needs), names)\n    return most, kept",
        ),
        "the answer for these widths in another order": (
            "    return most, names",
            "    known = most_at_once.__dict__\n"
            "    return known.setdefault((N, str(needs), *sorted(widths)), (most, names))",
        ),
        "ten layers at most": ("range(L, -1, -1)", "range(L, max(-1, L - 10), -1)"),
    },
    right={
        "the last use of each found by looking through the lines": """
def most_at_once(N, widths, needs):
    L, K = len(needs), widths[-1]
    lines = []
    for l in range(1, L + 1):
        lines.append((f"Z{l}", N * widths[l], {f"H{l - 1}"}))
        lines.append((f"H{l}", N * widths[l], {f"Z{l}"}))
    lines += [("U", N * K, {f"H{L}"}), ("dU", N * K, {"U"})]
    for l in range(L + 1, 0, -1):
        G = "dU" if l == L + 1 else f"dZ{l}"
        lines.append((f"dW{l}", widths[l] * widths[l - 1], {G, f"H{l - 1}"}))
        lines.append((f"db{l}", widths[l], {G}))
        if l > 1:
            lines.append((f"delta{l - 1}", N * widths[l - 1], {G}))
            lines.append((f"dZ{l - 1}", N * widths[l - 1], {f"delta{l - 1}", f"{needs[l - 2]}{l - 1}"}))
    last = {}
    for at, (_, _, reads) in enumerate(lines):
        for name in reads:
            last[name] = at
    alive, total, best = {}, 0, (0, [])
    for at, (name, size, reads) in enumerate(lines):
        alive[name] = size
        total += size
        if total > best[0]:
            best = total, sorted(alive)
        for gone in [each for each in reads if last[each] == at and each in alive]:
            total -= alive.pop(gone)
    return best
""",
        "bars from line to line, cumulative sums, a set": """
def most_at_once(N, widths, needs):
    L = len(needs)
    bars, down = [], {}
    back = 2 * L + 2
    for l in range(L + 1, 0, -1):
        down[l] = back
        back += 4 if l > 1 else 2
    for l in range(1, L + 1):
        z, h = 2 * l - 2, 2 * l - 1
        size, dW, dZ = N * widths[l], down[l + 1], down[l + 1] + 3
        bars.append((f"Z{l}", size, z, dZ if needs[l - 1] == "Z" else h))
        bars.append((f"H{l}", size, h, dZ if needs[l - 1] == "H" else dW))
        bars.append((f"delta{l}", size, dZ - 1, dZ))
        bars.append((f"dZ{l}", size, dZ, down[l] + (2 if l > 1 else 1)))
    bars.append(("U", N * widths[-1], 2 * L, 2 * L + 1))
    bars.append(("dU", N * widths[-1], 2 * L + 1, down[L + 1] + 2))
    for l in range(1, L + 2):
        bars.append((f"dW{l}", widths[l] * widths[l - 1], down[l], back))
        bars.append((f"db{l}", widths[l], down[l] + 1, back))
    change = np.zeros(back + 2, dtype=np.int64)
    for _, size, first, last in bars:
        change[first] += size
        change[last + 1] -= size
    sums = np.cumsum(change)
    at = int(np.argmax(sums[:back]))
    print("line", at)
    return sums[at], {name for name, _, first, last in bars if first <= at <= last}
""",
        "a history of states, then the first largest, lists": """
def most_at_once(N, widths, needs):
    w, L, now, states = widths, len(needs), [], []
    size = {"U": N * w[-1], "dU": N * w[-1]}
    for l in range(1, L + 2):
        size |= {f"dW{l}": w[l] * w[l - 1], f"db{l}": w[l]}
        size |= {f"{kind}{l}": N * w[l] for kind in ("Z", "H", "delta", "dZ")}

    def line(name, *done):
        now.append(name)
        states.append(list(now))
        for each in done:
            now.remove(each)

    for l, kind in enumerate(needs, start=1):
        line(f"Z{l}")
        if kind == "H":
            line(f"H{l}", f"Z{l}")
        else:
            line(f"H{l}")
    line("U")
    line("dU", "U")
    for l in range(L, -1, -1):
        above = f"dZ{l + 1}" if l < L else "dU"
        kind = needs[l - 1] if l else ""
        line(f"dW{l + 1}", *([f"H{l}"] if kind == "Z" else []))
        line(f"db{l + 1}")
        if l:
            line(f"delta{l}", above)
            line(f"dZ{l}", f"delta{l}", f"{kind}{l}")
    totals = [float(sum(size[name] for name in state)) for state in states]
    return [max(totals), states[totals.index(max(totals))]]
""",
    },
    equivalent={
        "there, most, names = ({}, 0, []) ⇒ there, most, names = ({}, 1, [])": "two lines make two",
        "there, most, names = ({}, 0, []) ⇒ there, most, names = ({}, -1, [])": "a line makes one",
    },
)

CASES = {
    "operations": OPERATIONS,
    "parameters": PARAMETERS,
    "correction": CORRECTION,
    "memory": MEMORY,
    "recompute": RECOMPUTE,
    "best_k": BEST_K,
    "most_at_once": MOST_AT_ONCE,
}
