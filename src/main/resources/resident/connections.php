<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * Connections to databases that stay in memory, of which a transaction may be left open. Methods of classes cannot be recorded, so they are
 * looked for in what the application keeps: its worker, statics and globals. That costs some milliseconds in a large application, so it is
 * done after the first request and then after two, four, eight and so on, and in each checked request.
 */
final class Connections
{
    private const MOST = 50_000;

    /** @var \WeakMap<object, true>|null */
    private static ?\WeakMap $known = null;

    private static int $requests = 0;

    /** Looks for connections in these values and whatever they hold, up to {@see MOST} values. */
    public static function find(iterable $roots): void
    {
        self::$known ??= new \WeakMap();
        $left = self::MOST;
        $seen = [];
        $next = [[...$roots]];
        while ($next !== [] && $left > 0) {
            $value = \array_pop($next);
            if (\is_object($value)) {
                if (isset($seen[\spl_object_id($value)])) {
                    continue;
                }
                $seen[\spl_object_id($value)] = $value;
                if (self::isConnection($value)) {
                    self::$known[$value] = true;
                    continue;
                }
                $value = Shape::inside($value);
            }
            foreach ($value as $inner) {
                if (\is_array($inner) || \is_object($inner)) {
                    $next[] = $inner;
                }
                $left--;
            }
        }
    }

    /**
     * Rolls back what transactions the connections have open. To be called after each request.
     *
     * @param bool $checked whether the request was a checked one, after which connections are looked for
     * @return list<string> the classes of the connections that had one
     */
    public static function rollBack(bool $checked): array
    {
        $requests = ++self::$requests;
        if ($checked || ($requests & ($requests - 1)) === 0) {
            self::find(Places::values());
        }
        return \count(self::$known) > 0 || Recorder::$transactions !== [] ? self::rollBackOpen() : [];
    }

    /** @return list<string> */
    private static function rollBackOpen(): array
    {
        $put = [];
        foreach (self::$known as $connection => $_) {
            try {
                if (self::isOpen($connection)) {
                    $connection instanceof \PDO ? $connection->rollBack() : \pg_query($connection, 'ROLLBACK');
                    $put[] = 'transaction of ' . $connection::class;
                }
            } catch (\Throwable) {
                unset(self::$known[$connection]);
            }
        }
        foreach (Recorder::$transactions as $connection) {
            try {
                $connection->rollback();
                $put[] = 'transaction of ' . $connection::class;
            } catch (\Throwable) {
                continue;
            }
        }
        Recorder::$transactions = [];
        return $put;
    }

    private static function isConnection(object $value): bool
    {
        return $value instanceof \PDO || $value instanceof \PgSql\Connection;
    }

    private static function isOpen(object $connection): bool
    {
        return $connection instanceof \PDO
            ? $connection->inTransaction()
            : \pg_transaction_status($connection) !== \PGSQL_TRANSACTION_IDLE;
    }
}
