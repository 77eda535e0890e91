"""A small NumPy package under a course on neural networks."""
