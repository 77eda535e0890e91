"""The sizes of a network, and what they cost."""

from mlpkit import costs
from mlpkit.costs import memory_by_holder, work_by_layer
from mlpkit.explorers.controls import Story, slider, steps
from mlpkit.explorers.shell import Explorer
from mlpkit.plots.cost import cost_figure

SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500, 784, 1000, 2000, 5000)


def cost():
    """Make the explorer of (13)–(15), printed and counted.

    Returns
    -------
    Explorer
        Controls: N, L, d, d_H and K.
    """
    controls = {
        "N": _size("N, samples", 50),
        "L": slider("L, hidden layers", 1, 32, 3),
        "d": _size("d, inputs", 784),
        "d_H": _size("d_H, units a layer", 100),
        "K": _size("K, outputs", 10),
    }
    story = Story("L", seconds=0.5, beside={"d_H": (10, 50, 100, 500, 1000)})
    return Explorer("What a network costs", cost_figure, describe, controls, story=story)


def _size(label, value):
    return steps(label, SIZES, value, "{:,}")


def describe(N, L, d, d_H, K):
    """Say what the picture shows; arguments as for `plots.cost.cost_figure`."""
    operations = costs.operations_counted(N, L, d, d_H, K)
    error = operations / costs.operations_as_printed(N, L, d, d_H, K)
    work = {phase: sum(parts) for phase, parts in work_by_layer(N, L, d, d_H, K).items()}
    holders = memory_by_holder(N, L, d, d_H, K)
    holder = max(holders, key=holders.get)
    return (
        f"N = {N}, L = {L}, d = {d}, d_H = {d_H}, K = {K}: {operations:,} operations, "
        f"{error:.3f} times the printed (13); the backward step costs "
        f"{(work['∂ρ/∂W'] + work['δ']) / work['forward']:.2f} times the forward step. "
        f"{costs.parameters_counted(L, d, d_H, K):,} parameters. "
        f"Counted memory {costs.memory_counted(N, L, d, d_H, K):,} numbers, printed (15) "
        f"{costs.memory_as_printed(N, L, d, d_H, K):,}. "
        f"Most memory goes to {holder}: {holders[holder]:,} numbers."
    )
