"""Figures of the course, one module a topic; `style` and `curves` are what they share.

Nothing here computes what is drawn: that is in the modules of `mlpkit` named for it.
"""

from mlpkit.environment import require

require("matplotlib", extra="lab")
