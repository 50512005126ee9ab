"""The ledgers of a run with faults (requests, runs of scripts, events) and the judge who compares them."""
