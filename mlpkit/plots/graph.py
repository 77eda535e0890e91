"""Computational graphs as pictures: the tape's, and PyTorch's from grad_fn."""

from matplotlib.patches import FancyArrowPatch

from mlpkit.autodiff import trace
from mlpkit.plots.style import BLACK, BLUE, GREY, VERMILION, new_figure

# (edge colour, line width, box style) of parameters, other data, operations and the output.
_KINDS = {
    "parameter": (BLUE, 2.2, "round,pad=0.35"),
    "data": (GREY, 1.0, "square,pad=0.35"),
    "operation": (BLACK, 1.0, "round4,pad=0.35"),
    "output": (VERMILION, 2.2, "round4,pad=0.35"),
}


def draw_graph(labels, kinds, edges, *, width=7.5, height=3.6, font_size=8, downwards=False):
    """Draw a directed acyclic graph from left to right, each node right of all it is made of.

    Parameters
    ----------
    labels : list of str
        What stands in each node.
    kinds : list of str
        "parameter" (thick blue, rounded), "data" (grey, square corners), "operation" (black)
        or "output" (thick red) for each node.
    edges : list of tuple (int, int)
        From a node to one that is computed from it.
    width, height : float
        In inches.
    font_size : float
        In points.
    downwards : bool
        Draw from top to bottom instead, which suits long graphs.

    Returns
    -------
    LiveFigure

    Raises
    ------
    ValueError
        If labels and kinds differ in length, a kind is unknown, or the edges make a circle.
    """
    if len(labels) != len(kinds) or not set(kinds) <= set(_KINDS):
        raise ValueError(f"kinds must be {len(labels)} of {', '.join(_KINDS)}, got {kinds}")
    x = _columns(len(labels), edges)
    y = _rows(x, edges)
    if downwards:
        x, y = y, [-place for place in x]
    figure, axes = new_figure(height=height, width=width)
    ax = axes[0, 0]
    ax.axis("off")
    boxes = []
    for label, kind, at_x, at_y in zip(labels, kinds, x, y, strict=True):
        colour, line, style = _KINDS[kind]
        box = {"boxstyle": style, "edgecolor": colour, "facecolor": "white", "linewidth": line}
        at = {"ha": "center", "va": "center", "fontsize": font_size}
        boxes.append(ax.text(at_x, at_y, label, bbox=box, zorder=2, **at))
    ax.set(xlim=(min(x) - 0.6, max(x) + 0.6), ylim=(min(y) - 0.6, max(y) + 0.6))
    figure.draw_without_rendering()  # an arrow ends at the edge of a box, known once laid out
    places = list(zip(x, y, strict=True))
    for number, (a, b) in enumerate(edges):
        same = edges[:number].count((a, b)), edges.count((a, b))
        rad = _bow(places[a], places[b], same, downwards)
        ax.add_patch(_arrow(boxes[a], boxes[b], rad))
    return figure


def _arrow(start, end, rad):
    """An arrow from the edge of one text's box to that of another; rad is how far it bows out."""
    return FancyArrowPatch(
        posA=start.get_position(),
        posB=end.get_position(),
        patchA=start.get_bbox_patch(),
        patchB=end.get_bbox_patch(),
        shrinkA=0,
        shrinkB=0,
        connectionstyle=f"arc3,rad={rad}",
        arrowstyle="-|>",
        mutation_scale=8,
        color=GREY,
        linewidth=0.9,
        zorder=1,
    )


def _bow(start, end, same, downwards):
    """Return how far an arrow bows out; `same` is its number among equal ones, and how many."""
    before, count = same
    if count > 1:  # one arrow for each use, beside each other
        return 0.25 if before % 2 == 0 else -0.25
    across, along = abs(start[0] - end[0]), abs(start[1] - end[1])
    if across <= 1.01 and along <= 1.01:
        return 0
    # A longer way goes in a bow, so as not to pass behind what lies between.
    if across == 0:
        return 1
    return -0.3 if downwards else 0.3


def tape(output, inputs=(), **options):
    """Draw the graph that the tape holds behind a variable.

    Parameters
    ----------
    output : Variable, or Symbol of `autodiff_static`
        The graph's last node.
    inputs : sequence of Variable or Symbol
        With respect to what is differentiated; drawn as parameters.
    options
        Passed to `draw_graph`.
    """
    nodes = trace(output)
    number = {node: position for position, node in enumerate(nodes)}
    kinds = [_kind(node, output, inputs) for node in nodes]
    edges = [(number[parent], number[node]) for node in nodes for parent in node.parents]
    return draw_graph([_label(node) for node in nodes], kinds, edges, **options)


def _kind(node, output, inputs):
    if node is output:
        return "output"
    if node in inputs:
        return "parameter"
    return "operation" if node.parents else "data"


def grad_fn(tensor, names=None, **options):
    """Draw what PyTorch keeps behind a tensor: its grad_fn and, through it, all others.

    Parameters
    ----------
    tensor : torch.Tensor
        Computed from tensors with requires_grad.
    names : dict of torch.Tensor to str, optional
        Names for the leaves.
    options
        Passed to `draw_graph`.

    Raises
    ------
    ValueError
        If tensor has no grad_fn.
    """
    if getattr(tensor, "grad_fn", None) is None:
        raise ValueError("tensor must have a grad_fn, got none: nothing was recorded for it")
    nodes, edges = _walk(tensor.grad_fn)
    names = {id(leaf): name for leaf, name in (names or {}).items()}
    labels, kinds = [], []
    for node in nodes:
        leaf = getattr(node, "variable", None)
        title = node.name().removesuffix("Backward0").split("::")[-1]
        if leaf is None:
            kinds.append("operation")
        else:
            kinds.append("parameter")
            title = f"{names.get(id(leaf), title)}\n{tuple(leaf.shape)}"
        labels.append(title)
    kinds[0] = "output"
    return draw_graph(labels, kinds, edges, **options)


def _walk(grad_fn):
    """Return PyTorch's nodes behind one, itself first, and the edges to where each is used."""
    nodes, edges = [grad_fn], []
    for node in nodes:  # grows while it is walked
        children = [child for child, _ in node.next_functions if child is not None]
        for child in children:
            if child not in nodes:
                nodes.append(child)
            edges.append((nodes.index(child), nodes.index(node)))
    return nodes, edges


def _label(node):
    shape = f"\n{node.shape}" if hasattr(node, "value") and node.shape else ""
    if node.name:
        return node.name + shape
    if node.operation:
        return node.operation.symbol + shape
    return _constant(node) + shape


def _constant(node):
    """What stands in the node of a constant: its value if that is one number."""
    if hasattr(node, "value"):  # a Variable
        return "array" if node.shape else f"{float(node.value):.4g}"
    return f"{node.constant}" if isinstance(node.constant, int | float) else "array"


def _columns(count, edges):
    # The longest way to the output counts: each node stands just left of its first use.
    column = [0] * count
    for _ in range(count):
        late = [(a, column[b] - 1) for a, b in edges if column[a] >= column[b]]
        if not late:
            return [place - min(column) for place in column]
        for node, place in late:
            column[node] = min(column[node], place)
    if edges:
        raise ValueError(f"edges must make no circle, got {edges}")
    return column


def _rows(columns, edges):
    # From the output leftwards: as near as can be to what a node goes into, one apart.
    row = [0.0] * len(columns)
    for column in range(max(columns) - 1, -1, -1):
        wish = {}
        for node in (n for n, c in enumerate(columns) if c == column):
            uses = [row[end] for start, end in edges if start == node]
            wish[node] = sum(uses) / len(uses) if uses else 0.0
        order = sorted(wish, key=wish.get, reverse=True)
        centre = sum(wish.values()) / max(len(wish), 1)
        for place, node in enumerate(order):
            row[node] = centre + (len(order) - 1) / 2 - place
    return row
