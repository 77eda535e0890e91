"""Start quickly: leave out what our own processes never use."""

import sys


def spare():
    """Spare this process the grammar that jsonschema compiles when nbformat imports it.

    It checks internationalised addresses, which no notebook has, is optional, and takes longer
    than all the rest of nbgrader.
    """
    sys.modules.setdefault("rfc3987_syntax", None)
