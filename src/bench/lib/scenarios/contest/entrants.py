"""Who takes part."""

import sys
from typing import Callable, NamedTuple

from servers import contenders, packages

LEADING = ("nginx", "nginx-kept", "apache-php")  # that the goals name: measured in all rounds, as Relais is


class Entrant(NamedTuple):
    """`make(directory, name)` gives its server, which lies in the folder `name`. `leading`: takes part in each round, the others in a few."""

    name: str
    make: Callable
    leading: bool
    shipped: bool = False
    relais: bool = False


def peer(kind, args, shipped=False):
    def make(directory, name):
        return type(kind.__name__, (kind,), {"name": name, "address": args.address})(args, directory)

    return Entrant(kind.name, make, kind.name in LEADING, shipped)


def package(name, maker, args):
    def make(directory, as_name):
        server = maker(directory, as_name)
        server.address = args.address
        server.make_cache()
        return server

    return Entrant(name, make, True, relais=True)


def entrants(args):
    """Those of --servers, else all; a quick run is without what Debian ships."""
    every = [*(peer(kind, args) for kind in contenders.CONTENDERS),
             *(package(name, maker, args) for name, maker in packages.packages(args)),
             *(peer(kind, args, shipped=True) for kind in contenders.SHIPPED)]
    names = [entrant.name for entrant in every]
    if not args.servers:
        return [entrant for entrant in every if not (args.quick and entrant.shipped)]
    if unknown := set(args.servers) - set(names) - {"relais"}:
        sys.exit(f"--servers: no {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    return [entrant for entrant in every if entrant.name in args.servers or entrant.relais and "relais" in args.servers]
