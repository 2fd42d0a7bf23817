"""A person's own notes: written quietly, kept as they are typed, read by nobody else."""
