"""What every address answers to whom: the table, one module per app. A new address without a row fails."""
