"""HAProxy's agent for gateways: `python3 -m servers.agent MANAGEMENT_PORT AGENT_PORT [MANAGEMENT_PORT AGENT_PORT]...`.

Each second it reads the `load` of every gateway in `/q/relais`, and answers on the agent ports with the part of its weight that a gateway should
have, such as `40%` (HAProxy's configuration manual, `agent-check`). The weights are those of Envoy's client-side weighted round robin:
requests a second over the utilization that they cause. It ends when its stdin ends."""

import json
import select
import socket
import sys
import time

from clients.blocking import LOOPBACK, get

LEAST = 5  # percent: a gateway without requests could never show that it has become faster
INTERVAL = 1.0  # seconds


def capacity(load):
    """Requests a second that a gateway would serve at its limit; None when it has served none lately."""
    rps, utilization = load.get("rps") or 0, load.get("applicationUtilization") or 0
    return rps / utilization if rps > 0 and utilization > 0 else None


def weights(loads):
    """The percentages of gateways with these loads, in their order."""
    capacities = [capacity(load) for load in loads]
    most = max((c for c in capacities if c is not None), default=None)
    return [100 if c is None or most is None else max(LEAST, round(100 * c / most)) for c in capacities]


def load(management):
    try:
        return json.loads(get(management, "/q/relais")[1] or b"{}").get("load") or {}
    except (OSError, ValueError):
        return {}


def main():
    ports = list(map(int, sys.argv[1:]))
    managements, agents = ports[::2], ports[1::2]
    listeners = {}
    for number, port in enumerate(agents):
        listener = socket.create_server((LOOPBACK, port))
        listeners[listener] = number
    told, due = [100] * len(agents), 0.0
    while True:
        if time.monotonic() >= due:
            told = weights([load(management) for management in managements])
            due = time.monotonic() + INTERVAL
        ready = select.select([sys.stdin, *listeners], [], [], max(0.0, due - time.monotonic()))[0]
        if sys.stdin in ready:
            return
        for listener in ready:
            connection, _ = listener.accept()
            with connection:
                try:
                    connection.sendall(b"%d%%\n" % told[listeners[listener]])
                except OSError:
                    pass


if __name__ == "__main__":
    main()
