<?php

/** What Composer would write, over Debian's packages. */

declare(strict_types=1);

foreach (['Bundle/FrameworkBundle', 'Component/Runtime', 'Component/Dotenv'] as $part) {
    require_once "Symfony/$part/autoload.php";
}
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'App\\')) {
        require __DIR__ . '/../src/' . substr($class, 4) . '.php';
    }
});

return 'the loader';
