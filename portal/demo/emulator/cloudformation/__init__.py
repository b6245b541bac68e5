"""CloudFormation as the emulator plays it: templates, stacks over time, resources through the emulator's own APIs."""
