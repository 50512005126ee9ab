<?php

declare(strict_types=1);

/** Where an application keeps things. */
final class Kept
{
    public static ?PDO $database = null;

    public static ?PDO $late = null;

    public static ?Settings $settings = null;

    public static ?SplQueue $queue = null;

    public static ?string $user = null;

    public static int $visits = 0;

    public static array $items = [];

    public static mixed $deep = null;

    public static array $files = [];

    public static array $listeners = [];

    private static ?self $instance = null;

    private array $services = [];

    private ?string $name = null;

    public static function instance(): self
    {
        return self::$instance ??= new self();
    }

    public function add(string $value): void
    {
        $this->services[] = (object) ['value' => $value];
    }

    public function rename(string $name): void
    {
        $this->name = $name;
    }

    public function remember(string $value): int
    {
        static $remembered = [];
        $remembered[] = $value;
        return count($remembered);
    }
}

function remembered(string $value): string
{
    static $first = null;
    $before = $first;
    $first = $value;
    return (string) $before;
}

/** Sets something once. */
final class Settings
{
    private ?self $circle = null;

    public function __construct()
    {
        $this->set();
    }

    public function circle(): void
    {
        $this->circle = $this;
    }

    private function set(): void
    {
        ini_set('user_agent', 'Settings');
    }
}

/** A stream wrapper that opens nothing. */
final class NoStream
{
    public mixed $context = null;

    public function stream_open(): bool
    {
        return false;
    }
}

/** A filter that filters nothing. */
final class NoFilter extends php_user_filter
{
}
