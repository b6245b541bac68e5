"""AWS services where moto alone is too kind: each module answers the operations in its `OPERATIONS`."""
