"""What the demo starts with: emulated AWS accounts on one side, people and requests on the other."""
