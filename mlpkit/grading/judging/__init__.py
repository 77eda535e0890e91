"""The process of the tests: one submission is judged here, and the process ends.

The bench runs tests, the functions of the submission are reached by proxy, and what a test found
becomes words and credit. It may import `room`, `text` and `job`.
"""
