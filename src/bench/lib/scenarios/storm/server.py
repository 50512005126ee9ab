"""The gateways of chaos and soak: their functions note their runs in a ledger."""

import os
import pathlib

from judging.ledger import QUEUE_WAIT
from servers.relais import Relais, RelaisWithTls

SETTINGS = """functions:
  chaos/run:
    concurrency: 12
    on-abort: end
  chaos/again:
    idempotent: true
  chaos/pipe:
    body: stream
  chaos/poison:
    concurrency: 4
    timeout: 1s
"""


class WithLedger:
    """The scripts find the file by CHAOS_LEDGER. `time_limit`: seconds of a function."""

    def config(self):
        return super().config() | {
            "relais.functions.timeout": f"{self.time_limit}s",
            "relais.queue.max-wait": f"{QUEUE_WAIT:g}s",
            "relais.workers.environment": "CHAOS_LEDGER",
        }

    def start(self):
        self.ledger = self.home / "runs"
        self.ledger.touch()
        self.ledger.chmod(0o666)  # the PHP children may run as another user
        os.environ["CHAOS_LEDGER"] = str(self.ledger)
        (self.functions / "functions.yaml").write_text(SETTINGS)
        super().start()

    def take_ledger(self):
        """The lines up to now; it begins anew."""
        lines = self.ledger.read_text().splitlines()
        self.ledger.write_text("")
        return lines


class ChaosRelais(WithLedger, Relais):
    time_limit = 3

    def config(self):
        reload = {} if self.args.reload == "files" else {"relais.functions.reload": self.args.reload}
        return super().config() | {'relais.workers.php-settings."memory_limit"': "32M"} | reload


class SoakRelais(WithLedger, RelaisWithTls):
    time_limit = 15

    @property
    def ports(self):
        return {"http/1.1": self.port, "h2c": self.port, "h2": self.tls_port}

    @property
    def log(self):
        return self.home / f"{pathlib.Path(self.args.java).name}.log"
