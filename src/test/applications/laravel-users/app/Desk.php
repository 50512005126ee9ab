<?php

declare(strict_types=1);

namespace App;

/** A service that is made at boot and, as it should not, writes down whom it has served. */
final class Desk
{
    public ?string $served = null;
}
