"""The ledgers of a run with faults (requests, runs of scripts, events) and the judge that compares them."""
