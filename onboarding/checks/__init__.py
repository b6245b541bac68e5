"""Checks: pure functions from facts to findings. Never boto3, models or settings; what was not read is
`unknown`.
"""
