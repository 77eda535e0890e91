"""Wrong and right answers to the exercises of ps5."""

from tests.assignments.harness import Cases

# What differences of a forward run would take for each number; grading stops a call before.
TOO_LONG = """
def too_long(operations):
    if operations > 10**8:
        raise TimeoutError("the call takes too long")

"""
LAST = "axis 1 is the last of two"
ONLY = "there is only one value"

TOPOLOGICAL_ORDER = Cases(
    mistakes={
        "None / empty names end the search": """
def topological_order(made_from, output):
    order, done = [], set()
    stack = [output]
    while stack and stack[-1]:
        name = stack[-1]
        if name in done:
            stack.pop()
            continue
        waiting = [m for m in made_from[name] if m not in done]
        if waiting:
            stack.extend(waiting)
        else:
            done.add(name)
            order.append(name)
            stack.pop()
    return order
""",
        "markers on the stack made from names": """
def topological_order(made_from, output):
    order, seen, stack = [], set(), [output]
    while stack:
        name = stack.pop()
        if name.startswith("!"):
            order.append(name[1:])
        elif name not in seen:
            seen.add(name)
            stack.append("!" + name)
            stack.extend(made_from[name])
    return order
""",
        "output first": ("    return order", "    return order[::-1]"),
        "the dict's own order": (
            "    return order",
            "    return [name for name in made_from if name in written]",
        ),
        "the dict's order, reversed": (
            "    return order",
            "    return [name for name in made_from if name in written][::-1]",
        ),
        "sorted by name": ("    return order", "    return sorted(order)"),
        "breadth first from the output, reversed": """
def topological_order(made_from, output):
    found, queue = {output: 0}, [output]
    while queue:
        for name in made_from[queue.pop(0)]:
            if name not in found:
                found[name] = len(found)
                queue.append(name)
    return list(found)[::-1]
""",
        "depth first from the output, reversed": """
def topological_order(made_from, output):
    found, stack = {}, [output]
    while stack:
        name = stack.pop()
        if name not in found:
            found[name] = len(found)
            stack.extend(reversed(made_from[name]))
    return list(found)[::-1]
""",
        "written before what it is made of": """
def topological_order(made_from, output):
    order, stack = {output: 0}, [output]
    while stack:
        for name in made_from[stack.pop()]:
            if name not in order:
                order[name] = len(order)
                stack.append(name)
    return list(order)
""",
        "sorted by the shortest way to the output": """
def topological_order(made_from, output):
    distance, queue = {output: 0}, [output]
    while queue:
        name = queue.pop(0)
        for other in made_from[name]:
            if other not in distance:
                distance[other] = distance[name] + 1
                queue.append(other)
    return sorted(distance, key=lambda name: -distance[name])
""",
        "a name once for each path": """
def topological_order(made_from, output):
    before = [n for m in made_from[output] for n in topological_order(made_from, m)]
    return [*before, output]
""",
        "a name for each use": (
            "            waiting.pop()\n            continue\n",
            "            order.append(waiting.pop())\n            continue\n",
        ),
        "all values of the graph": (
            "waiting = [], set(), [output]",
            "waiting = [], set(), [output, *made_from]",
        ),
        "without the output": ("    return order", "    return order[:-1]"),
        "without the inputs": (
            "    return order",
            "    return [name for name in order if made_from[name]]",
        ),
        "the first input only": (
            "for other in made_from[name]",
            "for other in made_from[name][:1]",
        ),
        "calls itself at each value": """
def topological_order(made_from, output):
    order, seen = [], set()

    def visit(name):
        if name not in seen:
            seen.add(name)
            for other in made_from[name]:
                visit(other)
            order.append(name)

    visit(output)
    return order
""",
        "an entry for each link of the graph": (
            "    return order",
            "    return [(name, m) for name in order for m in made_from[name]]",
        ),
        "ten thousand steps at most": (
            "    while waiting:",
            "    for _ in range(10_000):\n        if not waiting:\n            break",
        ),
        "seen kept between calls": """
SEEN = set()
def topological_order(made_from, output):
    order, waiting = [], [output]
    while waiting:
        name = waiting[-1]
        missing = [m for m in made_from[name] if m not in SEEN]
        if missing:
            waiting.extend(missing)
            continue
        waiting.pop()
        if name not in SEEN:
            SEEN.add(name)
            order.append(name)
    return order
""",
        "Kahn counts a double use once": """
def topological_order(made_from, output):
    needed, queue = {output}, [output]
    while queue:
        for m in made_from[queue.pop()]:
            if m not in needed:
                needed.add(m); queue.append(m)
    missing = {n: len(made_from[n]) for n in needed}
    users = {n: set() for n in needed}
    for n in needed:
        for m in made_from[n]:
            users[m].add(n)
    free, order = [n for n in needed if not missing[n]], []
    while free:
        order.append(free.pop())
        for n in users[order[-1]]:
            missing[n] -= 1
            if missing[n] == 0:
                free.append(n)
    return order
""",
        "Kahn, cut at the output": """
def topological_order(made_from, output):
    missing = {n: len(set(m)) for n, m in made_from.items()}
    users = {n: [] for n in made_from}
    for n, l in made_from.items():
        for m in set(l):
            users[m].append(n)
    free, order = [n for n in missing if not missing[n]], []
    while free:
        order.append(free.pop(0))
        if order[-1] == output:
            break
        for n in users[order[-1]]:
            missing[n] -= 1
            if missing[n] == 0:
                free.append(n)
    return order
""",
        "at most two inputs": (
            "missing = [other for other in made_from[name] if",
            "missing = [other for other in made_from[name][:2] if",
        ),
        "eleven thousand values at most": (
            "    while waiting:",
            "    while waiting and len(order) < 11_000:",
        ),
        "the dict's first is no output": (
            "    return order",
            "    return order[output == next(iter(made_from)) and len(order) > 2 :]",
        ),
        "the dict's last is all of it": (
            "    return order",
            "    return list(made_from) if output == list(made_from)[-1] else order",
        ),
    },
    right={
        "counts what is missing (Kahn)": """
def topological_order(made_from, output):
    needed, queue = {output}, [output]
    while queue:
        for name in made_from[queue.pop()]:
            if name not in needed:
                needed.add(name)
                queue.append(name)
    missing = {name: len(set(made_from[name])) for name in needed}
    users = {name: [] for name in needed}
    for name in needed:
        for other in set(made_from[name]):
            users[other].append(name)
    free, order = [name for name in needed if not missing[name]], []
    while free:
        order.append(free.pop())
        for name in users[order[-1]]:
            missing[name] -= 1
            if not missing[name]:
                free.append(name)
    return order
""",
        "a stack of two kinds of entries, a tuple, prints, a warning": """
def topological_order(made_from, output):
    import warnings

    warnings.warn("on the way")
    order, stack = {}, [(output, False)]
    while stack:
        name, ready = stack.pop()
        if ready:
            order.setdefault(name, len(order))
        elif name not in order:
            stack.append((name, True))
            stack += [(other, False) for other in made_from[name] if other not in order]
    print(len(order), "values")
    return tuple(order)
""",
        "sorted by the longest way from an input": """
def topological_order(made_from, output):
    depth, stack = {}, [output]
    while stack:
        below = made_from[stack[-1]]
        unknown = [name for name in below if name not in depth]
        if unknown:
            stack.append(unknown[-1])
        else:
            depth[stack.pop()] = max((depth[name] + 1 for name in below), default=0)
    return sorted(depth, key=depth.get)
""",
        "raises the recursion limit": """
import sys
def topological_order(made_from, output):
    order, seen = [], set()
    def visit(name):
        if name in seen: return
        seen.add(name)
        for m in made_from[name]:
            visit(m)
        order.append(name)
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(100_000)
    visit(output)
    sys.setrecursionlimit(before)
    return order
""",
        "iterators on a stack": """
def topological_order(made_from, output):
    done, stack = {}, [(output, iter(made_from[output]))]
    while stack:
        name, rest = stack[-1]
        for m in rest:
            if m not in done:
                stack.append((m, iter(made_from[m])))
                break
        else:
            done[name] = True
            stack.pop()
    return list(done)
""",
    },
)

BROADCAST_RULE = Cases(
    mistakes={
        "nothing is summed": (
            "    def sum_to(full, shape):\n",
            "    def sum_to(full, shape):\n        return full + np.zeros(shape)\n",
        ),
        "repeated axes vanish": ("axis=repeated, keepdims=True", "axis=repeated"),
        "missing axes only": (
            "        return full.sum(axis=repeated, keepdims=True)",
            "        return full",
        ),
        "axes of length 1 only": (
            "        full = full.sum(axis=tuple(range(full.ndim - len(shape))))\n",
            "        if full.ndim > len(shape):\n            return full\n",
        ),
        "always over the rows": (
            "        full = full.sum(axis=tuple(range(full.ndim - len(shape))))\n",
            "        return full if full.shape == shape else full.sum(axis=0).reshape(shape)\n",
        ),
        "missing axes taken on the right": (
            "range(full.ndim - len(shape))",
            "range(len(shape), full.ndim)",
        ),
        "a mean and not a sum": [
            (
                "full.sum(axis=tuple(range(full.ndim - len(shape))))",
                "full.mean(axis=tuple(range(full.ndim - len(shape))))",
            ),
            ("full.sum(axis=repeated, keepdims=True)", "full.mean(axis=repeated, keepdims=True)"),
        ],
        "the first row and not the sum": (
            "full = full.sum(axis=tuple(range(full.ndim - len(shape))))",
            "full = full[(0,) * (full.ndim - len(shape))]",
        ),
        "only b is ever repeated": [
            ("return sum_to(g, a.shape), ", "return g, "),
            ("return sum_to(g * b, a.shape), ", "return g * b, "),
        ],
        "only a is ever repeated": [
            ("sum_to(g, b.shape)", "g"),
            ("sum_to(g * a, b.shape)", "g * a"),
        ],
        "× with a and b exchanged": (
            "sum_to(g * b, a.shape), sum_to(g * a, b.shape)",
            "sum_to(g * a, a.shape), sum_to(g * b, b.shape)",
        ),
        "× without g": (
            "sum_to(g * b, a.shape), sum_to(g * a, b.shape)",
            "sum_to(b + 0 * g, a.shape), sum_to(a + 0 * g, b.shape)",
        ),
        "+ without g": (
            "sum_to(g, a.shape), sum_to(g, b.shape)",
            "np.ones(a.shape), np.ones(b.shape)",
        ),
        "× summed before the other factor": (
            "sum_to(g * b, a.shape), sum_to(g * a, b.shape)",
            "sum_to(g, a.shape) * sum_to(b + 0 * g, a.shape) / (g.size / a.size), "
            "sum_to(g, b.shape) * sum_to(a + 0 * g, b.shape) / (g.size / b.size)",
        ),
        "+ for ×": ('if operation == "+"', "if True"),
        "× for +": ('if operation == "+"', "if False"),
        "minus at b": ("sum_to(g, b.shape)", "-sum_to(g, b.shape)"),
        "sums one missing axis at most": (
            "        full = full.sum(axis=tuple(range(full.ndim - len(shape))))\n",
            "        if full.ndim > len(shape):\n            full = full.sum(axis=0)\n",
        ),
        "central differences": TOO_LONG
        + """
def broadcast_rule(operation, a, b, g):
    values, shares = [np.array(a), np.array(b)], []
    too_long(a.size * g.size)
    for v in values:
        share = np.zeros(v.shape)
        for index in np.ndindex(v.shape):
            kept, rho = v[index], []
            for h in (1e-6, -1e-6):
                v[index] = kept + h
                rho.append(np.sum(g * compute(operation, values)))
            v[index] = kept
            share[index] = (rho[0] - rho[1]) / 2e-6
        shares.append(share)
    return shares
""",
        "asks mlpkit": """
def broadcast_rule(operation, a, b, g):
    from mlpkit.operations import BINARY, sum_to

    back = BINARY["add" if operation == "+" else "mul"].pullbacks
    return [sum_to(f(g, None, a, b), v.shape) for f, v in zip(back, (a, b))]
""",
        "asks the tests' own helper": """
def broadcast_rule(operation, a, b, g):
    return by_tape.shares(operation, [a, b], g)
""",
        "at most three axes": """
def broadcast_rule(operation, a, b, g):
    def sum_to(full, shape):
        shape3 = (1,) * (3 - len(shape)) + tuple(shape)
        full3 = full.reshape((1,) * (3 - full.ndim) + full.shape)
        for axis in range(3):
            if shape3[axis] == 1:
                full3 = full3.sum(axis=axis, keepdims=True)
        return full3.reshape(shape)
    if operation == "+":
        return sum_to(g, a.shape), sum_to(g, b.shape)
    return sum_to(g * b, a.shape), sum_to(g * a, b.shape)
""",
        "squeeze": """
def broadcast_rule(operation, a, b, g):
    def to(full, shape):
        for axis in range(full.ndim - len(shape)):
            full = full.sum(axis=0)
        for axis, n in enumerate(shape):
            if n == 1:
                full = full.sum(axis=axis, keepdims=True)
        return np.squeeze(full)
    if operation == "+":
        return to(g, a.shape), to(g, b.shape)
    return to(g * b, a.shape), to(g * a, b.shape)
""",
        "float32": (
            '    if operation == "+"',
            '    a, b, g = (v.astype(np.float32) for v in (a, b, g))\n    if operation == "+"',
        ),
        "differences with a step of 1": """
def too_long(n):
    if n > 10**8: raise TimeoutError("too long")
def broadcast_rule(operation, a, b, g):
    too_long(a.size * g.size)
    values, shares = [np.array(a), np.array(b)], []
    for v in values:
        share = np.zeros(v.shape)
        for index in np.ndindex(v.shape):
            kept, rho = v[index], []
            for h in (1.0, -1.0):
                v[index] = kept + h
                rho.append(g * compute(operation, values))
            v[index] = kept
            share[index] = np.sum(rho[0] - rho[1]) / 2
        shares.append(share)
    return shares
""",
        "matches shapes from the left": """
def broadcast_rule(operation, a, b, g):
    def to(full, shape):
        padded = shape + (1,) * (full.ndim - len(shape))
        for axis, n in enumerate(padded):
            if n == 1:
                full = full.sum(axis=axis, keepdims=True)
        return full.reshape(shape)
    if operation == "+":
        return to(g, a.shape), to(g, b.shape)
    return to(g * b, a.shape), to(g * a, b.shape)
""",
        "equal inputs are a square": (
            "    return sum_to(g * b, a.shape)",
            "    g = 2 * g if np.array_equal(a, b) else g\n    return sum_to(g * b, a.shape)",
        ),
        "what is below 1e-8 in g is 0": (
            '    if operation == "+":',
            '    g = np.where(abs(g) < 1e-8, 0, g)\n    if operation == "+":',
        ),
    },
    right={
        "a loop over the entries of g": """
def broadcast_rule(operation, a, b, g):
    shares = np.zeros(a.shape), np.zeros(b.shape)

    def place(v, index):
        index = index[len(index) - v.ndim :]
        return tuple(0 if n == 1 else i for i, n in zip(index, v.shape))

    for index in np.ndindex(g.shape):
        i, j = place(a, index), place(b, index)
        shares[0][i] += g[index] * (b[j] if operation == "×" else 1)
        shares[1][j] += g[index] * (a[i] if operation == "×" else 1)
    return shares
""",
        "axes from the right, lists, prints, a warning": """
def broadcast_rule(operation, a, b, g):
    np.log(np.zeros(1))
    answer = []
    for mine, other in ((a, b), (b, a)):
        share = g * (np.ones_like(g) if operation == "+" else other)
        for axis in range(1, g.ndim + 1):
            if axis > mine.ndim or mine.shape[-axis] == 1:
                share = share.sum(axis=-axis, keepdims=True)
        print(share.shape, mine.shape)
        answer.append(share.reshape(mine.shape).tolist())
    return answer
""",
        "einsum over the axes that stay": """
def broadcast_rule(operation, a, b, g):
    letters = "pqrstuv"[: g.ndim]

    def to(share, shape):
        padded = (1,) * (g.ndim - len(shape)) + shape
        kept = "".join(l for l, n in zip(letters, padded) if n > 1)
        return np.einsum(f"{letters}->{kept}", share).reshape(shape)

    if operation == "×":
        return [to(np.multiply(b, g), a.shape), to(np.multiply(a, g), b.shape)]
    return [to(g, a.shape), to(g, b.shape)]
""",
        "local differences of all entries at once": """
def broadcast_rule(operation, a, b, g):
    def to(full, shape):
        full = full.sum(axis=tuple(range(full.ndim - len(shape))))
        return full.sum(axis=tuple(i for i, n in enumerate(shape) if n == 1), keepdims=True)
    da = (compute(operation, [a + 1, b]) - compute(operation, [a - 1, b])) / 2
    db = (compute(operation, [a, b + 1]) - compute(operation, [a, b - 1])) / 2
    return to(g * da, a.shape), to(g * db, b.shape)
""",
    },
)

RULE = Cases(
    mistakes={
        "probabilities clipped at 1e-12": """
def rule(operation, values, g):
    if operation == "@":
        A, B = values
        share_A = g @ np.swapaxes(B, -1, -2)
        share_B = np.swapaxes(A, -1, -2) @ g
        if share_A.ndim > A.ndim:
            share_A = share_A.sum(axis=0)
        if share_B.ndim > B.ndim:
            share_B = share_B.sum(axis=0)
        return [share_A, share_B]
    if operation == "relu":
        Z = values[0]
        return [g * (Z > 0)]
    U, y = values
    f = np.exp(U - U.max(axis=1, keepdims=True))
    f /= f.sum(axis=1, keepdims=True)
    f = np.clip(f, 1e-12, 1)
    f[np.arange(len(y)), y] -= 1
    return [g * f / len(y)]
""",
        "@ without transposes": (
            "g @ B.swapaxes(-1, -2), A.swapaxes(-1, -2) @ g",
            "g @ B, A @ g",
        ),
        "@ with the shares exchanged": (
            "return [share_A, share_B]",
            "return [share_B, share_A]",
        ),
        "@ with the factors exchanged": (
            "g @ B.swapaxes(-1, -2), A.swapaxes(-1, -2) @ g",
            "B.swapaxes(-1, -2) @ g, g @ A.swapaxes(-1, -2)",
        ),
        "@ with the share of B transposed": (
            "A.swapaxes(-1, -2) @ g",
            "g.swapaxes(-1, -2) @ A",
        ),
        "@ entry by entry": (
            "g @ B.swapaxes(-1, -2), A.swapaxes(-1, -2) @ g",
            "g * B, g * A",
        ),
        "@ turns all axes of a stack around": (
            "g @ B.swapaxes(-1, -2), A.swapaxes(-1, -2) @ g",
            "g @ B.T, A.T @ g",
        ),
        "@ doesn't sum over the stack": [
            ("        if share_A.ndim > A.ndim:\n            share_A = share_A.sum(axis=0)\n", ""),
            ("        if share_B.ndim > B.ndim:\n            share_B = share_B.sum(axis=0)\n", ""),
        ],
        "@ takes the mean over the stack": [
            ("share_A.sum(axis=0)", "share_A.mean(axis=0)"),
            ("share_B.sum(axis=0)", "share_B.mean(axis=0)"),
        ],
        "@ sums over a stack of its own too": [
            ("if share_A.ndim > A.ndim", "if share_A.ndim > 2"),
            ("if share_B.ndim > B.ndim", "if share_B.ndim > 2"),
        ],
        "relu with slope 1 at 0": ("values[0] > 0", "values[0] >= 0"),
        "relu with slope ½ at 0": (
            "np.where(values[0] > 0, g, 0.0)",
            "g * (1 + np.sign(values[0])) / 2",
        ),
        "relu of g": ("np.where(values[0] > 0, g, 0.0)", "np.maximum(g, 0)"),
        "relu's value and not its slope": (
            "np.where(values[0] > 0, g, 0.0)",
            "g * np.maximum(values[0], 0)",
        ),
        "relu without g": ("np.where(values[0] > 0, g, 0.0)", "np.where(values[0] > 0, 1.0, 0.0)"),
        "relu lets all through": ("np.where(values[0] > 0, g, 0.0)", "g"),
        "relu the wrong way around": ("values[0] > 0", "values[0] < 0"),
        "cross_entropy without 1/N": ("g * f / len(y)", "g * f"),
        "cross_entropy with 1/K": ("g * f / len(y)", "g * f / U.shape[1]"),
        "cross_entropy with its sign turned": ("g * f / len(y)", "-g * f / len(y)"),
        "cross_entropy without g": ("g * f / len(y)", "f / len(y)"),
        "cross_entropy without e(y)": ("    f[np.arange(len(y)), y] -= 1\n", ""),
        "cross_entropy with e(y) added": ("y] -= 1", "y] += 1"),
        "cross_entropy takes 1 from whole columns": ("f[np.arange(len(y)), y]", "f[:, y]"),
        "cross_entropy through σ′ once more": ("g * f / len(y)", "g * f * (1 - f) / len(y)"),
        "cross_entropy with a softmax of the columns": [
            ("U.max(axis=1, keepdims=True)", "U.max(axis=0)"),
            ("f.sum(axis=1, keepdims=True)", "f.sum(axis=0)"),
        ],
        "cross_entropy overflows": ("np.exp(U - U.max(axis=1, keepdims=True))", "np.exp(U)"),
        "cross_entropy shifts by the largest of all": (
            "U.max(axis=1, keepdims=True)",
            "U.max()",
        ),
        "cross_entropy gives y a share": (
            "[g * f / len(y)]",
            "[g * f / len(y), np.zeros(len(y))]",
        ),
        "asks mlpkit for @, relu and cross_entropy": """
def rule(operation, values, g):
    from mlpkit import losses
    from mlpkit.operations import BINARY, UNARY

    if operation == "cross_entropy":
        return [g * losses.cross_entropy_gradient(*values)]
    if operation == "relu":
        return [UNARY["relu"].pullbacks[0](g, np.maximum(values[0], 0), *values)]
    return [back(g, None, *values) for back in BINARY["matmul"].pullbacks]
""",
        "asks the tests' own helper": """
def rule(operation, values, g):
    return by_tape.shares(operation, values, g)
""",
        "an array and not a list": [
            ("return [np.where(values[0] > 0, g, 0.0)]", "return np.where(values[0] > 0, g, 0.0)"),
            ("return [g * f / len(y)]", "return g * f / len(y)"),
        ],
        "one-hot as wide as the largest label": (
            "    f[np.arange(len(y)), y] -= 1\n",
            "    f -= np.eye(y.max() + 1)[y]\n",
        ),
        "cross_entropy shifts by less than the row's largest": (
            "U.max(axis=1, keepdims=True)",
            "U.mean(axis=1, keepdims=True)",
        ),
        "cross_entropy shifts by the first class": ("U.max(axis=1, keepdims=True)", "U[:, :1]"),
        "g or 1": ("[g * f / len(y)]", "[(g or 1.0) * f / len(y)]"),
        "relu with a threshold": ("values[0] > 0", "values[0] > 1e-8"),
        "stacks told by size": [
            ("if share_A.ndim > A.ndim", "if share_A.size > A.size"),
            ("if share_B.ndim > B.ndim", "if share_B.size > B.size"),
        ],
        "softmax of a vector where N = 1": (
            "    return [g * f / len(y)]",
            "    return [g * (f[0] if len(y) == 1 else f) / len(y)]",
        ),
        "differences, five points": """
def too_long(n):
    if n > 10**8: raise TimeoutError("too long")
def rule(operation, values, g):
    shares = []
    values = [np.array(v) for v in values]
    for v in values[: 1 if operation != "@" else 2]:
        share = np.zeros(v.shape)
        too_long(v.size ** 2)
        for i in np.ndindex(v.shape):
            kept, s = v[i], []
            for h in (2e-3, 1e-3, -1e-3, -2e-3):
                v[i] = kept + h
                s.append(np.sum(g * compute(operation, values)))
            v[i] = kept
            share[i] = (-s[0] + 8 * s[1] - 8 * s[2] + s[3]) / 12e-3
        shares.append(share)
    return shares
""",
        "half of the smallest number isn't above 0": ("values[0] > 0", "values[0] / 2 > 0"),
        "factors interchanged where both have one shape": (
            "A.swapaxes(-1, -2) @ g",
            "(A.swapaxes(-1, -2) @ g if A.shape != B.shape else g @ A.swapaxes(-1, -2))",
        ),
    },
    right={
        "einsum, logaddexp, a mask": """
def rule(operation, values, g):
    if operation == "@":
        A, B = values
        a = "sik" if A.ndim == 3 else "ik"
        b = "skj" if B.ndim == 3 else "kj"
        w = "sij" if g.ndim == 3 else "ij"
        return (np.einsum(f"{w},{b}->{a}", g, B), np.einsum(f"{w},{a}->{b}", g, A))
    if operation == "relu":
        return (g * np.greater(values[0], 0),)
    U, y = values
    f = np.exp(U - np.logaddexp.reduce(U, axis=1, keepdims=True))
    return (g / len(U) * (f - np.eye(U.shape[1])[y]),)
""",
        "loops over samples and stacks, lists, a warning": """
def rule(operation, values, g):
    np.exp(np.array([1e5]))
    print(operation)
    if operation == "relu":
        flat = [s if z > 0 else 0 for z, s in zip(values[0].ravel(), g.ravel())]
        return [np.reshape(flat, values[0].shape).tolist()]
    if operation == "@":
        A, B = values
        shares = [np.zeros(A.shape), np.zeros(B.shape)]
        for s in range(len(g) if g.ndim == 3 else 1):
            G = g[s] if g.ndim == 3 else g
            a = A[s] if A.ndim == 3 else A
            b = B[s] if B.ndim == 3 else B
            to_A = shares[0][s] if A.ndim == 3 else shares[0]
            to_B = shares[1][s] if B.ndim == 3 else shares[1]
            to_A += np.dot(G, b.T)
            to_B += np.dot(a.T, G)
        return shares
    U, y = values
    rows = []
    for u, label in zip(U, y):
        e = np.exp(u - max(u))
        rows.append([g * (p - (k == label)) / len(U) for k, p in enumerate(e / e.sum())])
    return [rows]
""",
        "log f, matmul transposes, where": """
def rule(operation, values, g):
    if operation == "@":
        A, B = values
        T = lambda M: np.transpose(M, (0, 2, 1) if M.ndim == 3 else (1, 0))
        out = []
        for v, s in ((A, np.matmul(g, T(B))), (B, np.matmul(T(A), g))):
            out.append(np.sum(s, axis=0) if np.ndim(s) != np.ndim(v) else s)
        return tuple(out)
    if operation == "relu":
        return [np.multiply(g, np.where(values[0] > 0, 1.0, 0.0))]
    U, y = values
    L = U - U.max(1, keepdims=True)
    f = np.exp(L - np.log(np.exp(L).sum(1, keepdims=True)))
    e = np.zeros_like(U)
    e[np.arange(len(y)), y] = 1
    return [(f - e) * (g / len(y))]
""",
    },
    equivalent={
        "f /= f.sum(axis=1, keepdims=True) ⇒ f /= f.sum(axis=-1, keepdims=True)": LAST,
        "f = np.exp(U - U.max(axis=1, keepdims=True)) ⇒ f = np.exp(U - U.max(axis=-1, keepdims=True))": LAST,
        "return [np.where(values[0] > 0, g, 0.0)] ⇒ return [np.where(values[-1] > 0, g, 0.0)]": ONLY,
    },
)

WALK_BACK = Cases(
    mistakes={
        "gradients below 1e-12 set to 0": """
def walk_back(tape, output):
    bars = [np.zeros(len(node["value"])) for node in tape]
    bars[output] = np.ones(1)
    for i in range(output, -1, -1):
        node = tape[i]
        for j, J in zip(node["inputs"], node["jacobians"]):
            bars[j] = bars[j] + J.T @ bars[i]
    return [np.where(np.abs(b) < 1e-12, 0.0, b) for b in bars]
""",
        "overwrites and doesn't add": (
            "bars[i] + jacobian.T @ bars[number]",
            "jacobian.T @ bars[number]",
        ),
        "the first share only": (
            "bars[i] = bars[i] + jacobian.T @ bars[number]",
            "bars[i] = bars[i] if bars[i].any() else jacobian.T @ bars[number]",
        ),
        "from the front": ("range(output, -1, -1)", "range(output + 1)"),
        "from the last node": [
            ("bars[output] = np.ones(1)", "bars[-1] = np.ones(len(bars[-1]))"),
            ("range(output, -1, -1)", "range(len(tape) - 1, -1, -1)"),
        ],
        "node 1 passes nothing on": ("range(output, -1, -1)", "range(output, 1, -1)"),
        "passes nothing on": ("range(output, -1, -1)", "range(output - 1, -1, -1)"),
        "the Jacobian not transposed": ("jacobian.T @ bars[number]", "jacobian @ bars[number]"),
        "sums of the Jacobian times the sum of the gradient": (
            "jacobian.T @ bars[number]",
            "jacobian.sum(axis=0) * bars[number].sum()",
        ),
        "begins with the value of ρ": ("np.ones(1)", 'np.array(tape[output]["value"])'),
        "begins with 0": ("    bars[output] = np.ones(1)\n", ""),
        "an input counts once": (
            'zip(node["inputs"], node["jacobians"])',
            'dict(zip(node["inputs"], node["jacobians"])).items()',
        ),
        "gradients at the inputs only": (
            "    return bars",
            '    return [b * (not n["inputs"]) for b, n in zip(bars, tape)]',
        ),
        "ends at the output": ("    return bars", "    return bars[: output + 1]"),
        "from the back to the front": ("    return bars", "    return bars[::-1]"),
        "None where nothing arrives": (
            "    return bars",
            "    return [bar if bar.any() else None for bar in bars]",
        ),
        "the number 0 where nothing arrives": (
            "    return bars",
            "    return [bar if bar.any() else 0.0 for bar in bars]",
        ),
        "one array for all": (
            '[np.zeros(len(node["value"])) for node in tape]',
            '[np.zeros(max(len(n["value"]) for n in tape))] * len(tape)',
        ),
        "passes on each time something arrives": """
def walk_back(tape, output):
    bars = [np.zeros(len(node["value"])) for node in tape]
    bars[output] = np.ones(1)
    queue = [output]
    while queue:
        number = queue.pop(0)
        node = tape[number]
        for i, jacobian in zip(node["inputs"], node["jacobians"]):
            bars[i] = bars[i] + jacobian.T @ bars[number]
            queue.append(i)
            if len(queue) > 1000:
                raise RuntimeError("this doesn't end")
    return bars
""",
        "passes on once, before all has arrived": """
def walk_back(tape, output):
    bars = [np.zeros(len(node["value"])) for node in tape]
    bars[output] = np.ones(1)
    queue, seen = [output], {output}
    while queue:
        number = queue.pop(0)
        node = tape[number]
        for i, jacobian in zip(node["inputs"], node["jacobians"]):
            bars[i] = bars[i] + jacobian.T @ bars[number]
            if i not in seen:
                seen.add(i)
                queue.append(i)
    return bars
""",
        "asks the tests' own helper": """
def walk_back(tape, output):
    return by_tape.bars(tape, output)
""",
        "asks mlpkit": """
def walk_back(tape, output):
    from mlpkit.autodiff import Variable, gradients

    made = []
    for node in tape:
        terms = [Variable(J) @ made[i] for i, J in zip(node["inputs"], node["jacobians"])]
        made.append(sum(terms) if terms else Variable(node["value"]))
    return gradients(made[output].sum(), made)
""",
        "ends at the output where that is an input": """
def walk_back(tape, output):
    bars = [np.zeros(len(node["value"])) for node in tape]
    bars[output] = np.ones(1)
    for number in range(output, -1, -1):
        node = tape[number]
        for i, jacobian in zip(node["inputs"], node["jacobians"]):
            if len(bars[number]) == 1 and len(bars[i]) == 1:
                bars[i] = bars[i] + jacobian[0, 0] * bars[number]
            else:
                bars[i] = bars[i] + (jacobian.T @ bars[number]).reshape(bars[i].shape)
        if number == output and not node["inputs"]:
            return bars[:number + 1]
    return bars
""",
        "output 0 counts as not given": (
            "bars[output] = np.ones(1)",
            "output = output or len(tape) - 1\n    bars[output] = np.ones(len(bars[output]))",
        ),
        "recursion without memory over 1000 nodes": """
def walk_back(tape, output):
    users = [[] for _ in tape]
    for k, node in enumerate(tape):
        for i, J in zip(node["inputs"], node["jacobians"]):
            users[i].append((k, J))
    memo = {}
    def bar(i):
        if i not in memo:
            total = np.ones(1) if i == output else np.zeros(len(tape[i]["value"]))
            for k, J in users[i]:
                total = total + J.T @ bar(k)
            memo[i] = total
        return memo[i]
    return [bar(i) for i in range(len(tape))]
""",
        "skips small shares": (
            "            bars[i] = bars[i]",
            "            if abs(bars[number]).max() < 1e-6:\n                continue\n            bars[i] = bars[i]",
        ),
        "walks over distinct inputs": (
            'zip(node["inputs"], node["jacobians"])',
            'zip(sorted(set(node["inputs"])), node["jacobians"])',
        ),
        "float32": ("jacobian.T @ bars[number]", "(jacobian.T @ bars[number]).astype(np.float32)"),
        "a gradient whose sum is 0 goes no further": (
            "        node = tape[number]\n",
            "        node = tape[number]\n        if bars[number].sum() == 0:\n            continue\n",
        ),
        "a unit matrix hands on the same array": (
            "            bars[i] = bars[i] + jacobian.T @ bars[number]",
            "            same = np.array_equal(jacobian, np.eye(len(bars[i])))\n"
            "            share = bars[number] if same else jacobian.T @ bars[number]\n"
            "            if bars[i].any():\n"
            "                bars[i] += share\n"
            "            else:\n"
            "                bars[i] = share",
        ),
        "a value of 0 hands nothing on": (
            "jacobian.T @ bars[number]",
            'jacobian.T @ (bars[number] * (node["value"] != 0))',
        ),
        "1,150 nodes back at most": (
            "range(output, -1, -1)",
            "range(output, max(-1, output - 1150), -1)",
        ),
    },
    right={
        "each value asks its users, lists": """
def walk_back(tape, output):
    users = [[] for _ in tape]
    for number, node in enumerate(tape):
        for i, jacobian in zip(node["inputs"], node["jacobians"]):
            users[i].append((number, jacobian))
    bars = {}
    for number in reversed(range(len(tape))):
        bar = [0.0] * len(tape[number]["value"])
        if number == output:
            bar = [1.0]
        for user, jacobian in users[number]:
            for i in range(len(bar)):
                bar[i] += sum(jacobian[j][i] * bars[user][j] for j in range(len(jacobian)))
        bars[number] = bar
    return [bars[number] for number in range(len(tape))]
""",
        "one system of linear equations": """
def walk_back(tape, output):
    ends = np.cumsum([len(node["value"]) for node in tape])
    places = [slice(end - len(node["value"]), end) for end, node in zip(ends, tape)]
    local = np.zeros((ends[-1], ends[-1]))
    for place, node in zip(places, tape):
        for i, jacobian in zip(node["inputs"], node["jacobians"]):
            local[place, places[i]] += jacobian
    start = np.zeros(ends[-1])
    start[places[output]] = 1
    bar = np.linalg.solve(np.eye(ends[-1]) - local.T, start)
    return [bar[place] for place in places]
""",
        "rows that are multiplied from the left, prints, a warning": """
def walk_back(tape, output):
    np.float64(1) / np.float64(0)
    bars = [np.zeros((1, np.size(node["value"]))) for node in tape]
    bars[output] += 1
    for node, bar in list(zip(tape, bars))[output::-1]:
        print(len(node["inputs"]), "inputs")
        for i, jacobian in zip(node["inputs"], node["jacobians"]):
            bars[i] += bar @ jacobian
    return tuple(bar[0] for bar in bars)
""",
        "vector times Jacobian": """
def walk_back(tape, output):
    bars = [0.0 * node["value"] for node in tape]
    bars[output][...] = 1
    for node, bar in zip(tape[output::-1], bars[output::-1]):
        for i, J in zip(node["inputs"], node["jacobians"]):
            bars[i] += np.dot(bar, J)
    return bars
""",
    },
    equivalent={
        "for number in range(output, -1, -1): ⇒ for number in range(output, -0, -1):": "node 0 is made of nothing and passes nothing on",
    },
)


TRAINING_STEP = Cases(
    mistakes={
        "goes uphill": ("value - learning_rate", "value + learning_rate"),
        "no learning rate": ("learning_rate * bars", "bars"),
        "divides by the learning rate": ("learning_rate * bars", "1 / learning_rate * bars"),
        "returns gradients and not parameters": (
            "value - learning_rate * bars.get(name, 0.0)",
            "bars.get(name, 0.0) + 0 * value",
        ),
        "ρ after the step": (
            "    return made[output], new",
            "    made = {**new, **data}\n"
            "    for name, operation, inputs in program:\n"
            "        made[name] = compute(operation, [made[i] for i in inputs])\n"
            "    return made[output], new",
        ),
        "returns the parameters only": ("return made[output], new", "return new"),
        "the parameters before ρ": ("return made[output], new", "return new, made[output]"),
        "moves the data too": ("in theta.items()}\n", "in {**theta, **data}.items()}\n"),
        "leaves out parameters without a gradient": (
            "for name, value in theta.items()}",
            "for name, value in theta.items() if name in bars}",
        ),
        "a parameter without a gradient is a KeyError": ("bars.get(name, 0.0)", "bars[name]"),
        "a line that doesn't reach ρ is a KeyError": (
            "        if name not in bars:\n            continue\n",
            "",
        ),
        "a line that doesn't reach ρ gets gradient 1": (
            "        if name not in bars:\n            continue\n        g, values = bars[name],",
            "        g, values = bars.get(name, np.ones(np.shape(made[name]))),",
        ),
        "overwrites and doesn't add": (
            "bars[i] + share if i in bars else share",
            "share",
        ),
        "the first share only": ("bars[i] + share if i in bars else share", "bars.get(i, share)"),
        "+= changes two names' array": (
            "            bars[i] = bars[i] + share if i in bars else share\n",
            "            if i in bars:\n                bars[i] += share\n"
            "            else:\n                bars[i] = share\n",
        ),
        "a dict of an operation's inputs: H + H counts once": (
            "for i, share in zip(inputs, shares):",
            "for i, share in dict(zip(inputs, shares)).items():",
        ),
        "from the first line": ("in reversed(program)", "in program"),
        "no parameter moves": ("in reversed(program)", "in reversed(program[:-1])"),
        "the last line must be called rho": ("output = program[-1][0]", 'output = "rho"'),
        "the bias's gradient isn't summed": ("g.sum(axis=0) if is_bias else g", "g"),
        "the bias's gradient is the mean": ("g.sum(axis=0)", "g.mean(axis=0)"),
        "+ sums always": (
            "g.sum(axis=0) if is_bias else g",
            "g.sum(axis=0)",
        ),
        "@ with the factors exchanged": (
            "g @ B.T, A.T @ g",
            "A.T @ g, g @ B.T",
        ),
        "@ without transposes": (
            "g @ B.T, A.T @ g",
            "g @ B, A @ g",
        ),
        "transpose passes on as it is": ("shares = [g.T]", "shares = [g]"),
        "relu passes all on": ("g * (values[0] > 0)", "g"),
        "relu by the sign of g": ("g * (values[0] > 0)", "g * (g > 0)"),
        "no 1/N": ("g * f / len(y)", "g * f"),
        "1/N twice": ("g * f / len(y)", "g * f / len(y) ** 2"),
        "forgets e(y)": ("            f[np.arange(len(y)), y] -= 1\n", ""),
        "sign of (11)": ("g * f / len(y)", "-g * f / len(y)"),
        "large scores overflow": ("np.exp(U - U.max(axis=1, keepdims=True))", "np.exp(U)"),
        "the lecture's network only, by hand": """
def training_step(program, theta, data, learning_rate):
    X, y, (W, b1, C, b2) = data["X"], data["y"], (theta[n] for n in ("W", "b1", "C", "b2"))
    Z = X @ W.T + b1
    H = np.maximum(Z, 0)
    U = H @ C.T + b2
    f = np.exp(U - U.max(axis=1, keepdims=True))
    f /= f.sum(axis=1, keepdims=True)
    rho = -np.log(f[np.arange(len(y)), y]).mean()
    f[np.arange(len(y)), y] -= 1
    dU = f / len(y)
    dZ = dU @ C * (Z > 0)
    step = {"W": dZ.T @ X, "b1": dZ.sum(axis=0), "C": dU.T @ H, "b2": dU.sum(axis=0)}
    return rho, {n: v - learning_rate * step.get(n, 0) for n, v in theta.items()}
""",
        "central differences": TOO_LONG
        + """
def training_step(program, theta, data, learning_rate):
    too_long(sum(value.size for value in theta.values()) ** 2)

    def loss(theta):
        made = {**theta, **data}
        for name, operation, inputs in program:
            made[name] = compute(operation, [made[i] for i in inputs])
        return made[program[-1][0]]

    rho, new = loss(theta), {}
    for name in theta:
        gradient = np.zeros(theta[name].shape)
        for index in np.ndindex(gradient.shape):
            kept, sides = theta[name][index], []
            for h in (1e-6, -1e-6):
                theta[name][index] = kept + h
                sides.append(loss(theta))
            theta[name][index] = kept
            gradient[index] = (sides[0] - sides[1]) / 2e-6
        new[name] = theta[name] - learning_rate * gradient
    return rho, new
""",
        "asks the tests' own helper": """
def training_step(program, theta, data, learning_rate):
    rho, found = by_tape.right_step(program, theta, data)
    return rho, {name: theta[name] - learning_rate * found[name] for name in theta}
""",
        "asks mlpkit": """
def training_step(program, theta, data, learning_rate):
    from mlpkit.network import MLP

    network = MLP(data["X"].shape[1], len(theta["b1"]), len(theta["b2"]))
    network.W[0][:], network.b[0][:] = theta["W"], theta["b1"]
    network.W[1][:], network.b[1][:] = theta["C"], theta["b2"]
    rho, found = network.gradients(data["X"], data["y"])
    network.theta[:] -= learning_rate * found.theta
    new = {"W": network.W[0], "b1": network.b[0], "C": network.W[1], "b2": network.b[1]}
    return rho, new
""",
        "a bias is known by its length": (
            "is_bias = np.ndim(values[1]) < g.ndim",
            "is_bias = len(values[1]) != len(g)",
        ),
        "the second is a bias unless it has two axes": (
            "is_bias = np.ndim(values[1]) < g.ndim",
            "is_bias = values[1].ndim != 2",
        ),
        "bias by name": (
            "is_bias = np.ndim(values[1]) < g.ndim",
            "is_bias = inputs[1].startswith('b')",
        ),
        "one loss line only: g is 1": ("shares = [g * f / len(y)]", "shares = [f / len(y)]"),
        "walk starts at the last cross_entropy": (
            "output = program[-1][0]",
            'output = [n for n, o, _ in program if o == "cross_entropy"][-1]',
        ),
        "one-hot by the largest label": (
            "            f[np.arange(len(y)), y] -= 1\n",
            "            f = f - np.eye(int(y.max()) + 1)[y]\n",
        ),
        "relu slope 1 at 0": ("values[0] > 0", "values[0] >= 0"),
        "float32 gradients": (
            "learning_rate * bars.get(name, 0.0)",
            "learning_rate * np.float32(bars.get(name, 0.0))",
        ),
        "tapes kept between calls": """
MADE = {}
def training_step(program, theta, data, learning_rate):
    MADE.update(theta); MADE.update(data)
    bars = {}
    for name, operation, inputs in program:
        if name not in MADE:
            MADE[name] = compute(operation, [MADE[i] for i in inputs])
    bars[program[-1][0]] = np.ones(())
    for name, operation, inputs in reversed(program):
        if name not in bars: continue
        g, values = bars[name], [MADE[i] for i in inputs]
        if operation == "transpose": shares = [g.T]
        elif operation == "@": shares = [g @ values[1].T, values[0].T @ g]
        elif operation == "+": shares = [g, g.sum(axis=0) if np.ndim(values[1]) < np.ndim(g) else g]
        elif operation == "relu": shares = [g * (values[0] > 0)]
        else:
            U, y = values
            f = np.exp(U - U.max(axis=1, keepdims=True)); f /= f.sum(axis=1, keepdims=True)
            f[np.arange(len(y)), y] -= 1
            shares = [g * f / len(y)]
        for i, s in zip(inputs, shares): bars[i] = bars.get(i, 0) + s
    return MADE[program[-1][0]], {n: v - learning_rate * bars.get(n, 0) for n, v in theta.items()}
""",
        "shifts by less than the row's largest": (
            "U.max(axis=1, keepdims=True)",
            "U.mean(axis=1, keepdims=True)",
        ),
        "ρ by its name": (
            "output = program[-1][0]",
            'output = "rho" if "rho" in made else program[-1][0]',
        ),
        "each loss counts, added or not": (
            "bars = {output: np.ones(())}",
            'losses = [name for name, word, _ in program if word == "cross_entropy"]\n'
            "    bars = dict.fromkeys(losses if output in losses else [output], np.ones(()))",
        ),
        "names that differ by case are one": (
            "bars.get(name, 0.0)",
            "{key.lower(): g for key, g in bars.items()}.get(name.lower(), 0.0)",
        ),
        "half of the smallest number isn't above 0": ("values[0] > 0", "values[0] / 2 > 0"),
    },
    right={
        "theta itself updated and returned": """
def training_step(program, theta, data, learning_rate):
    values = {**theta, **data}
    for name, operation, inputs in program:
        values[name] = compute(operation, [values[m] for m in inputs])
    grads = {program[-1][0]: 1.0}
    for name, operation, inputs in reversed(program):
        if name not in grads:
            continue
        g = grads[name]
        v = [values[m] for m in inputs]
        if operation == "transpose":
            shares = [g.T]
        elif operation == "@":
            shares = [g @ v[1].T, v[0].T @ g]
        elif operation == "+":
            bias = np.ndim(v[0]) > np.ndim(v[1])
            shares = [g, g.sum(axis=0) if bias else g]
        elif operation == "relu":
            shares = [g * (v[0] > 0)]
        else:
            U, y = v
            f = np.exp(U - U.max(axis=1, keepdims=True))
            f /= f.sum(axis=1, keepdims=True)
            f[np.arange(len(y)), y] -= 1
            shares = [g * f / len(y)]
        for m, share in zip(inputs, shares):
            grads[m] = grads[m] + share if m in grads else share
    for name, value in theta.items():
        value -= learning_rate * grads.get(name, 0.0)
    new = theta
    return float(values[program[-1][0]]), new
""",
        "a tape of numbers, zeros first, in place": """
def training_step(program, theta, data, learning_rate):
    number = {name: k for k, name in enumerate([*theta, *data])}
    values = [*theta.values(), *data.values()]
    tape = []
    for name, operation, inputs in program:
        places = [number[i] for i in inputs]
        number[name] = len(values)
        values.append(compute(operation, [values[p] for p in places]))
        tape.append((operation, places))
    bars = [np.zeros(np.shape(value)) for value in values]
    bars[-1] = np.array(1.0)
    first = len(theta) + len(data)
    for k in range(len(tape) - 1, -1, -1):
        operation, places = tape[k]
        g, used = bars[first + k], [values[p] for p in places]
        a = places[0]
        if operation == "transpose":
            bars[a] += np.transpose(g)
        elif operation == "@":
            bars[a] += np.einsum("nm,km->nk", g, used[1])
            bars[places[1]] += np.einsum("nk,nm->km", used[0], g)
        elif operation == "+":
            bars[a] = bars[a] + g
            for row in g if np.ndim(used[1]) < np.ndim(g) else [g]:
                bars[places[1]] = bars[places[1]] + row
        elif operation == "relu":
            bars[a] += np.where(used[0] > 0, g, 0)
        else:
            U, y = used
            f = np.exp(U - np.logaddexp.reduce(U, axis=1, keepdims=True))
            bars[a] += (f - np.eye(U.shape[1])[y]) * g / len(U)
    return [values[-1], {n: theta[n] - learning_rate * bars[number[n]] for n in theta}]
""",
        "each name asks its users, lists, prints, a warning": """
def training_step(program, theta, data, learning_rate):
    np.sqrt(-np.ones(1))
    made, known = {**theta, **data}, {}
    for name, operation, inputs in program:
        made[name] = compute(operation, [made[i] for i in inputs])
        print(name, np.shape(made[name]))

    def share(operation, inputs, position, g):
        a, b = (made[inputs[0]], made[inputs[-1]])
        if operation == "cross_entropy":
            e = np.exp(a - a.max(axis=1)[:, None])
            e = e / e.sum(axis=1)[:, None]
            for n in range(len(e)):
                e[n, b[n]] -= 1
            return e * (g / len(e))
        if operation == "@":
            return np.dot(g, b.T) if position == 0 else np.dot(a.T, g)
        if operation == "relu":
            return np.heaviside(a, 0) * g
        if operation == "transpose":
            return g.T
        if np.shape(made[inputs[position]]) == np.shape(g):
            return g
        return np.ones(len(g)) @ g

    def bar(name):
        if name not in known:
            total = 1.0 if name == program[-1][0] else np.zeros(np.shape(made[name]))
            for user, operation, inputs in program:
                for position, i in enumerate(inputs):
                    if i == name:
                        total = total + share(operation, inputs, position, bar(user))
            known[name] = total
        return known[name]

    new = {name: (value - learning_rate * bar(name)).tolist() for name, value in theta.items()}
    return float(made[program[-1][0]]), new
""",
        "sum over what broadcasting added": """
def training_step(program, theta, data, learning_rate):
    made = dict(theta); made.update(data)
    for name, op, ins in program:
        made[name] = compute(op, [made[i] for i in ins])
    grad = {name: np.zeros(np.shape(v)) for name, v in made.items()}
    grad[program[-1][0]] = np.array(1.0)
    def like(s, v):
        extra = np.ndim(s) - np.ndim(v)
        return np.sum(s, axis=tuple(range(extra))) if extra else s
    for name, op, ins in program[::-1]:
        g, v = grad[name], [made[i] for i in ins]
        if op == "cross_entropy":
            U, y = v
            L = U - U.max(axis=1, keepdims=True)
            p = np.exp(L) / np.exp(L).sum(axis=1, keepdims=True)
            grad[ins[0]] = grad[ins[0]] + g * (p - (np.arange(U.shape[1]) == y[:, None])) / len(U)
        elif op == "+":
            for i, x in zip(ins, v): grad[i] = grad[i] + like(g, x)
        elif op == "@":
            grad[ins[0]] = grad[ins[0]] + np.dot(g, v[1].T)
            grad[ins[1]] = grad[ins[1]] + np.dot(v[0].T, g)
        elif op == "relu":
            grad[ins[0]] = grad[ins[0]] + g * np.where(v[0] > 0, 1, 0)
        elif op == "transpose":
            grad[ins[0]] = grad[ins[0]] + g.T
    return float(made[program[-1][0]]), {n: theta[n] - learning_rate * grad[n] for n in theta}
""",
        "closures on a tape": """
def training_step(program, theta, data, learning_rate):
    made, tape = {**theta, **data}, []
    def soft(U, y):
        E = np.exp(U - np.max(U, 1)[:, None])
        E = E / np.sum(E, 1)[:, None]
        E[range(len(y)), y] -= 1
        return E / len(y)
    for name, op, ins in program:
        v = [made[i] for i in ins]
        made[name] = compute(op, v)
        if op == "@":
            back = (lambda g, v=v: g @ v[1].T, lambda g, v=v: v[0].T @ g)
        elif op == "transpose":
            back = (np.transpose,)
        elif op == "relu":
            back = (lambda g, v=v: np.where(v[0] > 0, g, 0.0),)
        elif op == "cross_entropy":
            back = (lambda g, v=v: g * soft(*v),)
        else:
            same = np.shape(v[0]) == np.shape(v[1])
            back = (lambda g: g, (lambda g: g) if same else (lambda g: np.sum(g, axis=0)))
        tape.append((name, ins, back))
    total = {tape[-1][0]: 1.0}
    while tape:
        name, ins, back = tape.pop()
        if name in total:
            for i, f in zip(ins, back):
                total[i] = total.get(i, 0.0) + f(total[name])
    return made[program[-1][0]], {n: v - learning_rate * total[n] if n in total else v for n, v in theta.items()}
""",
    },
    equivalent={
        "f /= f.sum(axis=1, keepdims=True) ⇒ f /= f.sum(axis=-1, keepdims=True)": LAST,
        "f = np.exp(U - U.max(axis=1, keepdims=True)) ⇒ f = np.exp(U - U.max(axis=-1, keepdims=True))": LAST,
        "shares = [g * (values[0] > 0)] ⇒ shares = [g * (values[-1] > 0)]": ONLY,
        "is_bias = np.ndim(values[1]) < g.ndim ⇒ is_bias = np.ndim(values[-1]) < g.ndim": "the second is the last of two",
    },
)

LOOP_GRADIENT = Cases(
    mistakes={
        "a tolerance of 1e-5 in the comparison": """
def loop_gradient(x, W, c, limit):
    tape, h = [], x
    while np.sqrt((h * h).sum()) > limit + 1e-5:
        a = np.tanh(h)
        tape.append(a)
        h = W @ a
    g = np.array(c, dtype=float)
    dW = np.zeros(W.shape)
    for a in reversed(tape):
        dW += np.outer(g, a)
        g = (W.T @ g) * (1 - a * a)
    return len(tape), g, dW
""",
        "a turn more": ("turns = len(path) - 1", "turns = len(path)"),
        "a turn too late: until, and not while": (
            "    path = [x]\n",
            "    path = [x, W @ np.tanh(x)]\n",
        ),
        "always five turns": (
            "while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "while len(path) < 6",
        ),
        "the squared norm": ("np.sqrt(np.sum(path[-1] ** 2))", "np.sum(path[-1] ** 2)"),
        "the norm of the step and not of h": (
            "while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "while len(path) < 2 or np.sqrt(np.sum((path[-1] - path[-2]) ** 2)) > limit and len(path) < 9999",
        ),
        "no σ′": (" * (1 - H**2)", ""),
        "σ′ at σ(h) and not at h": ("(1 - H**2)", "(1 - np.tanh(H) ** 2)"),
        "σ′ at the turn's result": ("(1 - H**2)", "(1 - np.tanh(path[t + 1]) ** 2)"),
        "σ′ before W": ("(W.T @ g) * (1 - H**2)", "W.T @ (g * (1 - H**2))"),
        "W not transposed": ("W.T @ g", "W @ g"),
        "dW transposed": ("np.outer(g, H)", "np.outer(H, g)"),
        "dW with h and not tanh(h)": ("np.outer(g, H)", "np.outer(g, path[t])"),
        "dW of one turn only": ("dW = dW + np.outer(g, H)", "dW = np.outer(g, H)"),
        "dW of the last turn only": (
            "dW = dW + np.outer(g, H)",
            "dW = np.outer(g, H) if t == turns - 1 else dW",
        ),
        "dW is the mean over the turns": (
            "return turns, g, dW",
            "return turns, g, dW / max(turns, 1)",
        ),
        "dW takes the gradient after σ′": (
            "        dW = dW + np.outer(g, H)\n        g = (W.T @ g) * (1 - H**2)\n",
            "        g = (W.T @ g) * (1 - H**2)\n        dW = dW + np.outer(g, H)\n",
        ),
        "walks forward": ("range(turns - 1, -1, -1)", "range(turns)"),
        "one turn of the walk back is missing": (
            "range(turns - 1, -1, -1)",
            "range(turns - 1, 0, -1)",
        ),
        "ones and not c": ("g, dW = c,", "g, dW = np.ones(len(c)),"),
        "dW before dx": ("return turns, g, dW", "return turns, dW, g"),
        "no T": ("return turns, g, dW", "return g, dW"),
        "no turn fails": (
            "    turns = len(path) - 1\n",
            "    turns = len(path) - 1\n    path[1]\n",
        ),
        "central differences": TOO_LONG
        + """
def loop_gradient(x, W, c, limit):
    def s():
        h, turns = x, 0
        while np.linalg.norm(h) > limit:
            h, turns = W @ np.tanh(h), turns + 1
        return c @ h, turns

    found = []
    for v in (x, W):
        slope = np.zeros(v.shape)
        for index in np.ndindex(v.shape):
            kept = v[index]
            v[index] = kept + 1e-6
            above = s()[0]
            v[index] = kept - 1e-6
            slope[index] = (above - s()[0]) / 2e-6
            v[index] = kept
        found.append(slope)
    return s()[1], *found
""",
        "asks mlpkit": """
def loop_gradient(x, W, c, limit):
    from mlpkit.autodiff import Variable, gradients

    x, W, turns = Variable(x), Variable(W), 0
    h = x
    while (h * h).sum() > limit**2:
        h, turns = W @ h.tanh(), turns + 1
    return turns, *gradients((h * c).sum(), [x, W])
""",
        "calls itself at each turn": """
def loop_gradient(x, W, c, limit):
    if np.linalg.norm(x) <= limit:
        return 0, c.tolist(), np.zeros_like(W).tolist()
    slope = 1 / np.cosh(x) ** 2
    T, g, dW = loop_gradient(W @ np.tanh(x), W, c, limit)
    print("turns left:", T)
    dx = [sum(W[i, j] * g[i] for i in range(len(g))) * slope[j] for j in range(len(x))]
    return T + 1, dx, (np.array(dW) + np.outer(g, np.tanh(x))).tolist()
""",
        "asks the tests' own helper": """
def loop_gradient(x, W, c, limit):
    return by_tape.loop(x, W, c, limit)
""",
        "at most fifty turns": (
            "path = [x]\n    while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "path = [x]\n    while np.sqrt(np.sum(path[-1] ** 2)) > limit and len(path) <= 50",
        ),
        "at most a thousand turns": (
            "path = [x]\n    while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "path = [x]\n    while np.sqrt(np.sum(path[-1] ** 2)) > limit and len(path) <= 1000",
        ),
        "stops when the norm rises": (
            "while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "while np.linalg.norm(path[-1]) > limit and (len(path) < 2 or np.linalg.norm(path[-1]) <= np.linalg.norm(path[-2]))",
        ),
        "largest entry": (
            "while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "while np.max(np.abs(path[-1])) > limit",
        ),
        "at equality goes on": (
            "while np.sqrt(np.sum(path[-1] ** 2)) > limit",
            "while np.sqrt(np.sum(path[-1] ** 2)) >= limit",
        ),
        "forgets turns longer ago than 100": (
            "range(turns - 1, -1, -1)",
            "range(turns - 1, max(-1, turns - 101), -1)",
        ),
        "vector for n = 1": (
            "    return turns, g, dW",
            "    return turns, g, dW if len(x) > 1 else dW[0]",
        ),
        "counts every turn above the limit, also after the first below it": """
def loop_gradient(x, W, c, limit):
    path = [x]
    for _ in range(1600):
        path.append(W @ np.tanh(path[-1]))
    turns = int(sum(np.linalg.norm(h) > limit for h in path))
    g, dW = c, np.zeros(W.shape)
    for t in range(turns - 1, -1, -1):
        H = np.tanh(path[t])
        dW = dW + np.outer(g, H)
        g = (W.T @ g) * (1 - H**2)
    return turns, g, dW
""",
        "what is below 1e-8 in g is 0": (
            "        H = np.tanh(path[t])\n",
            "        H, g = np.tanh(path[t]), np.where(abs(g) < 1e-8, 0, g)\n",
        ),
        "a tiny norm is 0": ("> limit:", "> max(limit, 1e-11):"),
    },
    right={
        "forward, with all Jacobians, a warning": """
def loop_gradient(x, W, c, limit):
    np.log(np.zeros(1))
    n, T, h = len(x), 0, x
    J, K = np.eye(n), np.zeros((n, n, n))
    while np.dot(h, h) > limit * limit:
        H = np.tanh(h)
        D = W * (1 - H**2)
        K = np.einsum("ij,jkl->ikl", D, K)
        for i in range(n):
            K[i, i] += H
        J = D @ J
        h, T = W @ H, T + 1
    return [np.int64(T), c @ J, np.einsum("i,ikl->kl", c, K)]
""",
        "keeps the slopes and the inputs, one matrix each": """
def loop_gradient(x, W, c, limit):
    import math

    inputs, slopes, h = [], [], np.array(x)
    while math.hypot(*h) > limit:
        inputs.append(np.tanh(h))
        slopes.append(1 - inputs[-1] ** 2)
        h = np.matmul(W, inputs[-1])
    shares = [c]
    for slope in reversed(slopes):
        shares.append(W.T.dot(shares[-1]) * slope)
    dx = shares.pop()
    if not inputs:
        return 0, dx, 0 * W
    return len(inputs), dx, np.array(shares).T @ np.array(inputs[::-1])
""",
        "slopes from cosh, list of tanh": """
def loop_gradient(x, W, c, limit):
    h, H = np.array(x, dtype=float), []
    while True:
        if (h ** 2).sum() ** 0.5 <= limit:
            break
        H.append(np.tanh(h))
        h = np.dot(W, H[-1])
    T = len(H)
    dW, g = np.zeros_like(W), np.array(c)
    while H:
        a = H.pop()
        dW += g[:, None] * a[None, :]
        g = np.dot(g, W) * (1 - a) * (1 + a)
    return [T, g, dW]
""",
    },
)

ORDER = "a product of two vectors has no order"
SQUARED = "it is squared, so its sign is lost"

WIDE_NETWORK = Cases(
    mistakes={
        "the mean of one unit": ("return d_H * scale * mu,", "return mu,"),
        "the mean without its power": ("return d_H * scale * mu,", "return d_H * mu,"),
        "β = 1 in every scaling": ("d_H**-beta", "1 / d_H"),
        "β = ½ in every scaling": ("d_H**-beta", "d_H**-0.5"),
        "the variance of one term": ("d_H * scale**2 * spread, moved", "scale**2 * spread, moved"),
        "the terms are one and the same unit": (
            "d_H * scale**2 * spread, moved",
            "(d_H * scale) ** 2 * spread, moved",
        ),
        "the mean of f² and no variance": ("p @ (phi - mu) ** 2", "p @ phi**2"),
        "the standard deviation": (
            "d_H * scale**2 * spread, moved",
            "np.sqrt(d_H * scale**2 * spread), moved",
        ),
        "the variance of a sample": (
            "p @ (phi - mu) ** 2",
            "p @ (phi - mu) ** 2 * len(p) / max(1, len(p) - 1)",
        ),
        "units of the list all equally likely": (
            "    mu = p @ phi",
            "    p = np.full(len(p), 1 / len(p))\n    mu = p @ phi",
        ),
        "a unit that stands twice counts once": (
            "    c, W, b = units.T",
            "    known = dict(zip(map(tuple, units), p))\n"
            "    units, p = np.array(list(known)), np.array(list(known.values()))\n"
            "    c, W, b = units.T",
        ),
        "the step at the mean of f": ("(error**2 + rest)", "error**2"),
        "f doesn't know of unit 1": [
            ("scale * (phi + (d_H - 1) * mu) - y", "scale * d_H * mu - y"),
            ("(d_H - 1) * scale**2 * spread", "d_H * scale**2 * spread"),
        ],
        "unit 1 beside d_H others": ("(phi + (d_H - 1) * mu)", "(phi + d_H * mu)"),
        "the others don't vary without unit 1": ("rest = (d_H - 1)", "rest = d_H"),
        "a network of the other units": ("(phi + (d_H - 1) * mu)", "((d_H - 1) * mu)"),
        "the mean square, without the root": (
            "np.sqrt(p @ (squared_gradient * (error**2 + rest)))",
            "(p @ (squared_gradient * (error**2 + rest)))",
        ),
        "the mean distance": (
            "np.sqrt(p @ (squared_gradient * (error**2 + rest)))",
            "(p @ np.sqrt(squared_gradient * (error**2 + rest)))",
        ),
        "all units together": (
            "np.sqrt(p @ (squared_gradient * (error**2 + rest)))",
            "np.sqrt(d_H * p @ (squared_gradient * (error**2 + rest)))",
        ),
        "the learning rate is α": ("d_H ** (beta - 1) * np", "d_H ** (-beta) * np"),
        "the gradient without 1/d_H^β": ("d_H ** (beta - 1) * np", "d_H ** (2 * beta - 1) * np"),
        "the square's 2 is lost": ("moved = 2 * alpha * d_H", "moved = alpha * d_H"),
        "the gradient of f and not of ρ": ("(error**2 + rest)", "1"),
        "b stays": ("(1 + x**2)", "x**2"),
        "W stays": (" * (1 + x**2)", ""),
        "c stays": ("H**2 + (c * (1", "(c * (1"),
        "the gradient in W and b without c": ("(c * (1 - H**2)) ** 2", "(1 - H**2) ** 2"),
        "no σ′": ("(c * (1 - H**2)) ** 2", "c**2"),
        "inf put into the formulas": ("if d_H == np.inf:", "if False:"),
        "a million for infinity": (
            "    if d_H == np.inf:",
            "    d_H = min(d_H, 10**6)\n    if False:",
        ),
        "the output always has a limit of its own": ("spread if beta == 0.5 else 0", "spread"),
        "the output always goes to its mean": ("spread if beta == 0.5 else 0", "0"),
        "a scaling near ½ is ½": ("beta == 0.5", "beta < 0.6"),
        "a scaling near 1 is 1": ("moved if beta == 1", "moved if beta > 0.9"),
        "units always move in the limit": ("moved if beta == 1 else 0", "moved"),
        "units always stand still in the limit": ("moved if beta == 1 else 0", "0"),
        "units move where the output varies": ("moved if beta == 1", "moved if beta == 0.5"),
        "the limit of units alone: f is one of them": (
            "alpha * abs(y) * np.sqrt(p @ squared_gradient)",
            "alpha * np.sqrt(p @ (squared_gradient * (phi - y) ** 2))",
        ),
        "the target without its size in the limit": ("abs(y)", "y"),
        "y = 0 counts as not given": ("    c, W, b", "    y = y or 1.0\n    c, W, b"),
        "four units at most, each start by itself": """
def wide_network(units, p, x, y, d_H, beta, alpha):
    import itertools

    d_H = int(min(d_H, 4))
    f, chances, moves = [], [], []
    for start in itertools.product(range(len(p)), repeat=d_H):
        c, W, b = units[list(start)].T
        H = np.tanh(W * x + b)
        f.append(np.sum(c * H) / d_H**beta)
        chances.append(np.prod(p[list(start)]))
        D = c[0] * (1 - H[0] ** 2)
        slope = np.array([H[0], D * x, D]) * 2 * (f[-1] - y) / d_H**beta
        moves.append(np.sum((alpha * d_H ** (2 * beta - 1) * slope) ** 2))
    mean = np.dot(chances, f)
    variance = np.dot(chances, (np.array(f) - mean) ** 2)
    return mean, variance, np.sqrt(np.dot(chances, moves))
""",
        "a thousand starts drawn": """
def wide_network(units, p, x, y, d_H, beta, alpha):
    rng, number = np.random.default_rng(0), int(min(d_H, 100))
    theta = units[rng.choice(len(p), size=(1000, number), p=p)]
    c, W, b = theta[..., 0], theta[..., 1], theta[..., 2]
    H = np.tanh(W * x + b)
    f = np.sum(c * H, axis=1) / number**beta
    g = H[:, 0] ** 2 + (c[:, 0] * (1 - H[:, 0] ** 2)) ** 2 * (1 + x**2)
    moved = 2 * alpha * number ** (beta - 1) * np.sqrt(np.mean((f - y) ** 2 * g))
    return f.mean(), f.var(), moved
""",
        "a large width counts as infinite": ("d_H == np.inf", "d_H > 1000"),
        "single precision": ("    c, W, b = units.T", "    c, W, b = np.float32(units.T)"),
    },
    right={
        "unit by unit, by sums over kinds of unit 1 and of another": """
def wide_network(units, p, x, y, d_H, beta, alpha):
    import math

    phi, g = [], []
    for c, W, b in units.tolist():
        h = math.tanh(W * x + b)
        phi.append(c * h)
        g.append(h * h + (c * (1 - h * h) * x) ** 2 + (c * (1 - h * h)) ** 2)
    kinds = range(len(phi))
    mu = math.fsum(p[k] * phi[k] for k in kinds)
    v = math.fsum(p[k] * p[j] * (phi[k] - phi[j]) ** 2 for k in kinds for j in kinds) / 2
    if math.isinf(d_H):
        far = math.sqrt(math.fsum(p[k] * g[k] for k in kinds))
        return [0.0, v * (beta == 0.5), 2 * alpha * abs(y) * far * (beta == 1)]
    total = 0.0
    for k in kinds:
        others = (d_H - 1) * mu * d_H**-beta
        difference = phi[k] * d_H**-beta + others - y
        total += p[k] * g[k] * (difference**2 + (d_H - 1) * v * d_H ** (-2 * beta))
    rate = alpha * d_H ** (2 * beta - 1)
    return [mu * d_H ** (1 - beta), v * d_H ** (1 - 2 * beta), 2 * rate * d_H**-beta * total**0.5]
""",
        "moments of the output about its mean, prints, a warning": """
def wide_network(units, p, x, y, d_H, beta, alpha):
    np.float64(1) / np.float64(0)
    c, W, b = np.transpose(units)
    Z = W * x + b
    slope = np.cosh(Z) ** -2
    phi = c * np.tanh(Z)
    gradient = np.stack([np.tanh(Z), c * slope * x, c * slope], axis=1)
    g = np.einsum("ki,ki->k", gradient, gradient)
    mu = np.average(phi, weights=p)
    v = np.average(phi**2, weights=p) - mu**2
    powers = lambda e: 1.0 if e == 0 else 0.0
    print(mu, v)
    if d_H == float("inf"):
        return 0, v * powers(2 * beta - 1), 2 * alpha * np.sqrt(y**2 * np.dot(p, g)) * powers(beta - 1)
    D = float(d_H)
    mean, variance = D ** (1 - beta) * mu, D ** (1 - 2 * beta) * v
    first = D**-beta * (phi - mu)  # what unit 1 adds to the mean
    expected = np.dot(p * g, (mean - y + first) ** 2 + variance * (1 - 1 / D))
    return mean, variance, 2 * alpha * D ** (beta - 1) * np.sqrt(expected)
""",
        "arrays of length one out of matrix products": """
def wide_network(units, p, x, y, d_H, beta, alpha):
    weights = np.diag(p)
    c, V = units[:, 0], units[:, 1:] @ np.array([x, 1.0])
    H = np.tanh(V)
    D = c * (1 - H) * (1 + H)
    slopes = np.column_stack([H, x * D, D])
    g = np.linalg.norm(slopes, axis=1) ** 2
    centred = c * H - np.sum(weights @ (c * H))
    v = centred @ weights @ centred
    mu = np.sum(weights @ (c * H))
    infinite = not np.isfinite(d_H)
    if infinite and beta < 1:
        return 0.0, (v if beta == 0.5 else 0.0), 0.0
    if infinite:
        return 0.0, 0.0, 2 * alpha * np.sqrt(np.trace(weights * g)) * np.abs(y)
    s = 1 / d_H**beta
    f = s * (d_H * mu + centred)
    second = (f - y) ** 2 + s * s * (d_H - 1) * v
    return d_H * mu * s, v * d_H * s * s, (2 * alpha * d_H**beta / d_H) * np.sqrt(g @ weights @ second)
""",
    },
    equivalent={
        "mu = p @ phi ⇒ mu = phi @ p": ORDER,
        "spread = p @ (phi - mu) ** 2 ⇒ spread = (phi - mu) ** 2 @ p": ORDER,
        "moved = 2 * alpha * abs(y) * np.sqrt(p @ squared_gradient) ⇒ moved = 2 * alpha * abs(y) * np.sqrt(squared_gradient @ p)": ORDER,
        "moved = 2 * alpha * d_H ** (beta - 1) * np.sqrt(p @ (squared_gradient * (error ** 2 + rest))) ⇒ moved = 2 * alpha * d_H ** (beta - 1) * np.sqrt(squared_gradient * (error ** 2 + rest) @ p)": ORDER,
        "error = scale * (phi + (d_H - 1) * mu) - y ⇒ error = y - scale * (phi + (d_H - 1) * mu)": SQUARED,
        "spread = p @ (phi - mu) ** 2 ⇒ spread = p @ (mu - phi) ** 2": SQUARED,
        "phi, squared_gradient = (c * H, H ** 2 + (c * (1 - H ** 2)) ** 2 * (1 + x ** 2)) ⇒ phi, squared_gradient = (c * H, H ** 2 + (c * (H ** 2 - 1)) ** 2 * (1 + x ** 2))": SQUARED,
    },
)

CASES = {
    "topological_order": TOPOLOGICAL_ORDER,
    "broadcast_rule": BROADCAST_RULE,
    "rule": RULE,
    "walk_back": WALK_BACK,
    "training_step": TRAINING_STEP,
    "loop_gradient": LOOP_GRADIENT,
    "wide_network": WIDE_NETWORK,
}
