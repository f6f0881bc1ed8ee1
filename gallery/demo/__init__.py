"""The demo garden: its data, its plan from a seed, and how it is planted."""
