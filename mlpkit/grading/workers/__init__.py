"""Processes that judge: servers on this machine, and workers on others.

It may import `judging`, `room`, `text` and `job`, and knows nothing of a course or a gradebook.
"""
