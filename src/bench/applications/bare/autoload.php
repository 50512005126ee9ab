<?php

/** Debian keeps Symfony's components on PHP's include path, each with a file that loads its classes. */

declare(strict_types=1);

require_once 'Symfony/Bundle/FrameworkBundle/autoload.php';
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Bare\\')) {
        require __DIR__ . '/src/' . substr($class, 5) . '.php';
    }
});
