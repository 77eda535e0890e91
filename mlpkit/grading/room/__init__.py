"""Where the code of a submission runs: the sandbox, a kernel in it, and what is loaded inside.

The judging side believes nothing that comes out of here. It may import `text` and `job`;
`inside` runs without the kit and imports nothing of it.
"""
