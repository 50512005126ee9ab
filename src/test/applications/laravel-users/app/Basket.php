<?php

declare(strict_types=1);

namespace App;

/** What one request collects: the container makes one for each request that asks for it. */
final class Basket
{
    /** @var list<string> */
    public array $things = [];
}
