"""Reports in Markdown, as they stand in src/bench/results."""
