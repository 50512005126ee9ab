<?php
declare(strict_types=1);

namespace App;

final class Note
{
    public function __construct(
        public readonly int $id,
        public readonly string $text,
        public readonly string $time,
    ) {
    }
}
