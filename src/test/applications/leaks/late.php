<?php

declare(strict_types=1);

/** Loads no class. Its file is loaded once, and registers it then. */
final class Late
{
    public function load(string $class): void
    {
    }
}

spl_autoload_register([new Late(), 'load']);
