"""Explorers: sliders over the figures of `mlpkit.plots`, one module a topic."""

from mlpkit.environment import require

require("ipywidgets", extra="lab")
