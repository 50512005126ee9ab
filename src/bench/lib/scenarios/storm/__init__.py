"""Faults under load, for chaos and soak: the clients and their ledger, what is done to the processes, and what is left behind."""
