<?php

/*
 * A resident function that leaks in the ways of kinds.php. "leak=KIND&value=V" leaves something behind, "see=KIND" tells what a later request
 * sees of it, "end" ends the script, and without any it tells the kinds and what is to become of each. Each answer tells what was found
 * after the request before it.
 */

declare(strict_types=1);

require __DIR__ . '/kept.php';

set_error_handler(static fn (): bool => false, E_ALL);
set_exception_handler(static function (Throwable $thrown): void {
    echo get_class($thrown);
});
ini_set('precision', '12');
mt_srand(7);
putenv('RELAIS_BOOT=set');
Kept::$database = new PDO('sqlite::memory:');
Kept::$queue = new SplQueue();
$kinds = require __DIR__ . '/kinds.php';
$kept = [];

// Each request is checked, as in development.
$told = new ReflectionProperty(Relais\Resident\Loop::class, 'told');
$told->setValue(null, ['RELAIS_CHECK' => '1'] + $told->getValue());
unset($told);

return function () use ($kinds, &$kept): void {
    static $last = null;
    if (isset($_GET['end'])) {
        exit('ended');
    }
    $found = [];
    foreach (['found', 'initialised'] as $name) {
        array_push($found, ...(new ReflectionProperty(Relais\Resident\Leaks::class, $name))->getValue());
    }
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
    header('Content-Type: application/json');
    echo json_encode(['pid' => getmypid(), 'found' => $found, 'answer' => $answer]);
};
