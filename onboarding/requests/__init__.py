"""The request with which everything starts: the public page, and the vendor's decision."""
