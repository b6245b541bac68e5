"""IAM as a judge: policy documents, conditions and the order in which they decide."""
