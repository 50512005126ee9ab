<?php

declare(strict_types=1);

namespace Relais\Resident;

/** The session of the running request, as far as the engine would end it with the request. */
final class Session
{
    private static bool $exists = false;

    public static function booted(): void
    {
        self::$exists = function_exists('session_commit');
    }

    /** Without FFI an id can only be replaced, so the engine takes one that comes from a cookie for one that the script has set. */
    public static function begin(): void
    {
        if (self::$exists && Native::$session === null && session_id() !== '') {
            $id = $_COOKIE[session_name()] ?? '';
            session_id(is_string($id) && preg_match('/^[A-Za-z0-9,-]{1,256}$/D', $id) ? $id : '');
        }
    }

    /** Stores it and releases its lock. */
    public static function close(): void
    {
        if (self::$exists && session_status() === PHP_SESSION_ACTIVE) {
            session_commit();
        }
    }

    /** When the head has been forgotten: the next request takes its id from its own cookie. */
    public static function forget(): void
    {
        if (!self::$exists || session_id() === '') {
            return;
        }
        self::close(); // it was opened after the answer was complete
        if (Native::$session !== null) {
            session_id('');
            Native::$session->id = null;
        }
    }
}
