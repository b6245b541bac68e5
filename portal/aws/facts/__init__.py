"""What AWS said, as frozen dataclasses: one module per kind of resource, no judgment, no call.

Every fact is made by `from_aws(document)` from the dictionary that botocore returns, and survives `to_json`
and `from_json`, so that a survey of an account can be stored and judged again later.
"""
