# Sourced by the scripts: `run NAME ARGS...` runs scenarios/NAME.py in a fresh scratch directory, and whatever way it ends,
# nothing that it started stays. The directory with the logs is kept when the run failed.
bench=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
export PYTHONPATH=$bench/lib PYTHONDONTWRITEBYTECODE=1

run() {
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/relais-bench-XXXXXX")
  chmod 755 "$scratch" # the PHP children may run as another user
  child=
  trap clean_up EXIT
  trap 'if [[ $child ]]; then kill -TERM "$child" 2>/dev/null || true; fi' INT TERM
  RELAIS_BENCH_SCRATCH=$scratch python3 -m "scenarios.$1" "${@:2}" &
  child=$!
  local status=0
  wait "$child" || status=$?
  if kill -0 "$child" 2>/dev/null; then # a signal ended the wait: the program is cleaning up
    wait "$child" || status=$?
  fi
  exit "$status"
}

clean_up() {
  local status=$?
  python3 -m servers.processes "$scratch"
  if ((status == 0)) || [[ ! -s $scratch/pids ]]; then
    rm -rf "$scratch"
  else
    echo "logs: $scratch" >&2
  fi
}
