<?php

declare(strict_types=1);

/*
 * What a master of resident functions loads before its children: all parts in this folder but the script that boots. A part that is not
 * there is left out.
 */
foreach (['native', 'wire', 'body', 'input', 'uploads', 'variables', 'request', 'session', 'shutdown', 'output', 'state', 'leaks', 'loop',
    'functions', 'frankenphp', 'applications'] as $relaisPart) {
    if (is_file(__DIR__ . "/$relaisPart.php")) {
        require_once __DIR__ . "/$relaisPart.php";
    }
}
unset($relaisPart);
