"""Speed as ratios to a limit measured in the same run; knows the whole house, and nothing knows it."""
