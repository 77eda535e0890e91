"""Figures of the course, one module a topic; each function returns a matplotlib figure."""

from mlpkit.environment import require

require("matplotlib", extra="lab")
