"""The permission ledger by noun. Each module holds the grants of one or two policies."""
