<?php

/** What Symfony's plug-in for Composer writes, in short. */

declare(strict_types=1);

if ((require_once __DIR__ . '/autoload.php') === true) {
    return;
}
$app = require $_SERVER['SCRIPT_FILENAME'];
$runtime = $_SERVER['APP_RUNTIME'] ?? $_ENV['APP_RUNTIME'] ?? 'Symfony\\Component\\Runtime\\SymfonyRuntime';
$runtime = new $runtime(['project_dir' => dirname(__DIR__)]);
[$app, $arguments] = $runtime->getResolver($app)->resolve();
exit($runtime->getRunner($app(...$arguments))->run());
