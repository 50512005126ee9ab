"""Where things are in the repository."""

import pathlib

BENCH = pathlib.Path(__file__).resolve().parents[2]
ROOT = BENCH.parent.parent
RESULTS = BENCH / "results"
JAR = ROOT / "target/quarkus-app/quarkus-run.jar"
