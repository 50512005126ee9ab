"""What is measured: a module for each script of src/bench, run as `python3 -m scenarios.NAME` (see ../run.sh)."""
