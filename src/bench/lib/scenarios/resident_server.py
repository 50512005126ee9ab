"""The gateway of src/bench/resident-ledger: resident functions that say what they are made of and note their runs."""

import os

from servers import processes
from servers.relais import Relais

CHILDREN = {"ledger": 6, "counted": 2, "leaky": 2, "mixed": 4}  # of the resident functions
BOOT, EACH = "_boot.php", "_each.php"  # the files of a version: loaded once for each process, and in each request

LEDGER = """<?php
$boot = require __DIR__ . '/_boot.php';
$runs = fopen(getenv('RESIDENT_LEDGER'), 'a');
return function () use ($boot, $runs): void {
    $id = $_GET['id'];
    fwrite($runs, "begin $id " . getmypid() . "\\n");
    $before = require __DIR__ . '/_each.php';
    usleep(1000 * (int) ($_GET['ms'] ?? 0));
    $each = require __DIR__ . '/_each.php';
    echo json_encode(['id' => $id, 'pid' => getmypid(), 'versions' => [$boot, $before, $each]]), "\\n";
    fwrite($runs, "end $id " . getmypid() . "\\n");
};
"""

COUNTED = """<?php
$count = 0;
return function () use (&$count): void {
    echo getmypid(), ' ', ++$count, "\\n";
};
"""

LEAKY = """<?php
class Leak { public static array $kept = []; }
return function (): void {
    Leak::$kept[] = random_bytes(64 * 1024);
    echo getmypid(), ' ', count(Leak::$kept), "\\n";
};
"""

MIXED = """<?php
$count = 0;
return function () use (&$count): void {
    ++$count;
    switch ($_GET['way'] ?? '') {
        case 'exit':
            echo 'exit';
            exit;
        case 'fatal':
            (function (int $x) {})('no');
            break;
        case 'slow':
            for ($i = 0; $i < 20; $i++) {
                echo str_repeat('s', 1000);
                flush();
                usleep(25000);
            }
            break;
        case 'upload':
            $file = $_FILES['file']['tmp_name'];
            move_uploaded_file($file, "$file.moved");
            echo md5_file("$file.moved");
            unlink("$file.moved");
            break;
        case 'post':
            echo md5(file_get_contents('php://input'));
            break;
        case 'finish':
            echo 'finish';
            fastcgi_finish_request();
            usleep(10000);
            break;
        default:
            ini_set('precision', '7');
            echo 'ok';
    }
};
"""


class ResidentRelais(Relais):
    def prepare(self):
        super().prepare()
        self.ledger = self.home / "runs"
        self.ledger.touch()
        self.ledger.chmod(0o666)  # the PHP children may run as another user
        os.environ["RESIDENT_LEDGER"] = str(self.ledger)
        for name, text in (("ledger", LEDGER), ("counted", COUNTED), ("leaky", LEAKY), ("mixed", MIXED)):
            (self.functions / name).mkdir()
            (self.functions / name / "index.php").write_text(text)
        self.place(1)
        more = {"counted": "max-requests: 60", "leaky": "max-memory: 8M", "mixed": "max-requests: 1000, max-memory: 32M"}
        (self.functions / "functions.yaml").write_text("functions:\n" + "".join(
            f"  {name}: {{resident: {{script: index.php, children: {count}{', ' + more[name] if name in more else ''}}}}}\n"
            for name, count in CHILDREN.items()))

    def config(self):
        return super().config() | {"relais.workers.environment": "RESIDENT_LEDGER", "relais.functions.reload": "files",
                                   "relais.functions.timeout": "20s"}

    def place(self, version, in_place=False):
        """Writes both files of a version: each beside the old one and renamed onto it, or over it."""
        for name in (BOOT, EACH):
            file = self.functions / "ledger" / name
            new = file if in_place else file.with_name("." + name)
            new.write_text(f"<?php\nreturn {version};\n")
            if not in_place:
                os.rename(new, file)

    def workers(self, pool):
        """The status of a resident function's workers."""
        return [worker for each in self.status().get("pools", []) if each["name"] == f"function:{pool}" for worker in each["workers"]]

    def pids(self, pool):
        """The processes of the children that serve it."""
        return [child["pid"] for worker in self.workers(pool) for child in worker["children"] if child["pid"] > 0]

    def all_children(self):
        return [child for master in self.masters() for child in self.children(master)]

    def log(self):
        return next(self.home.glob("java*.log")).read_text(errors="replace")

    def runs(self):
        """The lines of the ledger, split."""
        return [line.split() for line in self.ledger.read_text().splitlines()]


def descriptors_of(procs):
    """How many descriptors processes have open, of those that have not ended meanwhile."""
    counted = []
    for p in procs:
        try:
            counted.append(processes.descriptors(p.pid).total())
        except OSError:
            pass
    return counted
