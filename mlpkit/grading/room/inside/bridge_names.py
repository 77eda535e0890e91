"""The words that judge and bridge must agree on; the bridge itself is loaded without a package."""

CALL = "call"
DESCRIBE = "describe"
MIME = "application/x-mlpkit"
