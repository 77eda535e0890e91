"""Explorers: sliders over the figures of `mlpkit.plots`, one module a topic."""
