"""Clients that send load or single requests to a server and account for what comes back.

`http1` and `frames` read the two protocols without any socket, so every client shares them."""
