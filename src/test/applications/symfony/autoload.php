<?php

/** Debian keeps Symfony's components on PHP's include path, each with a file that loads its classes. */

declare(strict_types=1);

foreach (['Bundle/FrameworkBundle', 'Bundle/SecurityBundle', 'Bundle/TwigBundle', 'Component/Form', 'Component/Mime',
    'Component/Security/Csrf', 'Component/Validator'] as $part) {
    require_once "Symfony/$part/autoload.php";
}
spl_autoload_register(static function (string $class): void {
    if (str_starts_with($class, 'Box\\')) {
        require __DIR__ . '/src/' . substr($class, 4) . '.php';
    }
});
