<?php

declare(strict_types=1);

namespace App;

use Illuminate\Contracts\Auth\{Authenticatable, UserProvider};

/** Everybody with a name is a user; there is no database and no password. */
final class Users implements UserProvider
{
    public function retrieveById($identifier): User
    {
        return User::named($identifier);
    }

    public function retrieveByToken($identifier, $token): ?User
    {
        return null;
    }

    public function updateRememberToken(Authenticatable $user, $token): void
    {
    }

    public function retrieveByCredentials(array $credentials): ?User
    {
        return null;
    }

    public function validateCredentials(Authenticatable $user, array $credentials): bool
    {
        return false;
    }
}
