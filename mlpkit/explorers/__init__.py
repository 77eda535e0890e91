"""Explorers: controls over the figures of `mlpkit.plots`, one module a topic."""

from mlpkit.environment import require

require("anywidget", extra="lab")
