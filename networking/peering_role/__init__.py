"""The narrow role that a customer may lend in the account of a target VPC: its permissions and its renderings."""
