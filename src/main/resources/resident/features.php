<?php

declare(strict_types=1);

namespace Relais\Resident;

/** What extensions are set to that this PHP may have or not: mbstring, libxml, intl, session. */
final class Features
{
    /** Functions that put back what {@see look} tells, or ini values. */
    private const NAMES = [
        'spl_autoload_extensions', 'mb_internal_encoding', 'mb_http_output', 'mb_language', 'mb_substitute_character', 'mb_detect_order',
        'mb_regex_encoding', 'mb_regex_set_options', 'libxml_use_internal_errors', 'libxml_set_external_entity_loader',
        'ini intl.default_locale', 'ini session.save_handler',
    ];

    private const HANDLER = 11;

    /** @var list<mixed> */
    private static array $booted = [];

    private static bool $strings = false;

    private static bool $expressions = false;

    private static bool $xml = false;

    private static bool $entities = false;

    private static bool $locale = false;

    private static bool $session = false;

    /** @var array<string, string> */
    private static array $sessionIni = [];

    public static function booted(): void
    {
        self::$strings = \extension_loaded('mbstring');
        self::$expressions = \function_exists('mb_regex_encoding');
        self::$xml = \extension_loaded('libxml');
        self::$entities = \function_exists('libxml_get_external_entity_loader');
        self::$locale = \extension_loaded('intl');
        self::$session = \extension_loaded('session');
        self::$sessionIni = self::$session ? \array_map('strval', \ini_get_all('session', false)) : [];
        self::$booted = self::look();
    }

    /**
     * Puts back what differs, and clears what has no function that tells its state.
     *
     * @return list<string> what was changed
     */
    public static function putBack(): array
    {
        $put = [];
        $now = self::look();
        if ($now !== self::$booted) {
            foreach ($now as $i => $value) {
                if ($value !== self::$booted[$i]) {
                    $put[] = $name = self::NAMES[$i];
                    \str_starts_with($name, 'ini ') ? self::putBackIni(\substr($name, 4), self::$booted[$i]) : $name(self::$booted[$i]);
                }
            }
        }
        if (self::$xml) {
            \libxml_clear_errors();
        }
        \strtok('', '');
        \clearstatcache();
        return $put;
    }

    public static function session(): array
    {
        return isset($_SESSION) ? self::putBackSession() : [];
    }

    /** @return list<mixed> what is set, in the order of {@see NAMES}; null for what this PHP does not have */
    private static function look(): array
    {
        return [
            \spl_autoload_extensions(),
            self::$strings ? \mb_internal_encoding() : null,
            self::$strings ? \mb_http_output() : null,
            self::$strings ? \mb_language() : null,
            self::$strings ? \mb_substitute_character() : null,
            self::$strings ? \mb_detect_order() : null,
            self::$expressions ? \mb_regex_encoding() : null,
            self::$expressions ? \mb_regex_set_options() : null,
            self::$xml ? \libxml_use_internal_errors() : null,
            self::$entities ? \libxml_get_external_entity_loader() : null,
            self::$locale ? \ini_get('intl.default_locale') : null,
            self::$session ? \ini_get('session.save_handler') : null,
        ];
    }

    /** A value that stays. The handler of a session stays with the session's other settings, since the same object sets it. */
    public static function keep(string $name, string $value): void
    {
        if (isset(self::$sessionIni[$name])) {
            self::$sessionIni[$name] = $value;
            self::$sessionIni['session.save_handler'] = self::$booted[self::HANDLER] = \ini_get('session.save_handler');
        }
    }

    public static function keeps(string $name, ?string $value): bool
    {
        return isset(self::$sessionIni[$name]) && self::$sessionIni[$name] === $value;
    }

    /**
     * Options of session_start change ini values.
     *
     * @return list<string>
     */
    private static function putBackSession(): array
    {
        $put = [];
        foreach (self::$sessionIni as $name => $before) {
            if (\ini_get($name) !== $before) {
                self::putBackIni($name, $before);
                $put[] = "ini $name";
            }
        }
        return $put;
    }

    private static function putBackIni(string $name, string $before): void
    {
        \ini_restore($name);
        if (\ini_get($name) !== $before) {
            \ini_alter($name, $before);
        }
    }
}
