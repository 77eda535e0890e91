"""A small NumPy package under a course on neural networks."""

__version__ = "1.1.0"
