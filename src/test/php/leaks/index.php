<?php

/*
 * A resident function that leaks: each kind in _kinds.php once. "leak=KIND&value=V" leaks that one, "see=KIND" tells what a later request sees
 * of it, and without either it tells the kinds and what is to become of each.
 */

declare(strict_types=1);

require __DIR__ . '/_kept.php';

set_error_handler(static fn (): bool => false, E_ALL);
set_exception_handler(static function (Throwable $thrown): void {
    echo get_class($thrown);
});
ini_set('precision', '12');
mt_srand(7);
putenv('RELAIS_BOOT=set');
Kept::$database = new PDO('sqlite::memory:');
Kept::$queue = new SplQueue();
$kinds = require __DIR__ . '/_kinds.php';
$kept = [];

return function () use ($kinds, &$kept): void {
    static $last = null;
    header('Content-Type: application/json');
    $kind = $_GET['leak'] ?? null;
    if ($kind === null) {
        $answer = isset($_GET['see']) ? $kinds[$_GET['see']]['see']() : array_map(static fn (array $one): array => $one['expect'], $kinds);
    } elseif ($kind === 'worker-variable') {
        $answer = $last = $_GET['value'];
    } elseif ($kind === 'worker-reference') {
        $answer = $kept[] = $_GET['value'];
    } else {
        $answer = $kinds[$kind]['leak']($_GET['value']);
    }
    echo json_encode(['pid' => getmypid(), 'answer' => $answer]);
};
