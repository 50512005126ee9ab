"""The command line options and the scratch directory of every script."""

import os
import pathlib
import signal
import sys

from servers.paths import JAR


def counts_of_processes(parser):
    parser.add_argument("--children", type=int, default=16, help="PHP children in all (default 16)")
    parser.add_argument("--workers", type=int, default=2, help="Relais workers that share the children (default 2)")
    parser.add_argument("--connections", type=int, default=64, help="clients (default 64)")


def options(parser):
    """The command line options that every script has, but for `peers`, which has several packages of Relais."""
    counts_of_processes(parser)
    parser.add_argument("--java", default="java", metavar="PATH", help="the java program")
    parser.add_argument("--jvm", action="append", default=[], metavar="OPTION", help="a JVM option; may be repeated")
    parser.add_argument("--config", action="append", default=[], metavar="KEY=VALUE", help="a config key of Relais")
    parser.add_argument("--jar", type=pathlib.Path, default=JAR, help="the packaged application (default target/quarkus-app/quarkus-run.jar)")


def scratch():
    """The run's directory, made and removed by run.sh. SIGTERM becomes an exit that runs every `finally`."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return pathlib.Path(os.environ["RELAIS_BENCH_SCRATCH"])
