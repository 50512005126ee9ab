<?php

declare(strict_types=1);

namespace App;

final class User extends \Illuminate\Auth\GenericUser
{
    public static function named(string $name): self
    {
        return new self(['id' => $name, 'remember_token' => '']);
    }
}
