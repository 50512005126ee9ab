<?php

declare(strict_types=1);

namespace Relais\Resident;

/** Values of a request parsed as PHP's engine parses them (main/php_variables.c). */
final class Variables
{
    /** @var ?int of php.ini: no request can change it */
    private static ?int $most = null;

    /** @var ?list<string> what parts the variables of a query, but not those of a form */
    private static ?array $others = null;

    /** @return array<mixed> */
    public static function query(string $text): array
    {
        if ($text === '') {
            return [];
        }
        self::$most ??= (int) ini_get('max_input_vars');
        if (substr_count($text, '&') >= self::$most) {
            $parts = array_filter(explode('&', $text), fn ($part) => $part !== '');
            if (count($parts) > self::$most) {
                Messages::atStartup(self::tooMany(), Messages::STARTUP);
                $text = implode('&', array_slice($parts, 0, self::$most));
            }
        }
        parse_str($text, $values);
        return $values;
    }

    /** @return array<mixed> of application/x-www-form-urlencoded, which knows no other separator than & */
    public static function form(string $text): array
    {
        self::$others ??= array_diff(str_split((string) ini_get('arg_separator.input')), ['&', '']);
        foreach (self::$others as $separator) {
            $text = str_replace($separator, rawurlencode($separator), $text);
        }
        return self::query($text);
    }

    /** @return array<mixed> the first of a name wins */
    public static function cookies(string $text): array
    {
        $cookies = [];
        $left = self::$most ??= (int) ini_get('max_input_vars');
        $nested = [];
        foreach (explode(';', $text) as $part) {
            $part = ltrim($part, " \t\n\r\v\f");
            $parts = explode('=', $part, 2);
            $name = $parts[0];
            if ($name === '') {
                continue;
            }
            if (--$left < 0) {
                Messages::atStartup(self::tooMany(), Messages::STARTUP);
                break;
            }
            $value = isset($parts[1]) ? rawurldecode($parts[1]) : '';
            if (strcspn($name, "[. \0") < strlen($name) || $name[0] === '_') {
                // parse_str decodes what it is given here, and repairs the name as the engine does.
                $pair = rawurlencode($name) . '=' . rawurlencode($value);
                parse_str($pair, $one);
                $name = array_key_first($one);
                if ($name === null) {
                    continue;
                }
                if (is_array($one[$name])) {
                    $nested[$name] = isset($nested[$name]) ? "$nested[$name]&$pair" : $pair;
                    $cookies[$name] = []; // its place
                    continue;
                }
            }
            $cookies[$name] ??= $value;
        }
        foreach ($nested as $name => $pairs) {
            parse_str($pairs, $all);
            $cookies[$name] = $all[$name];
        }
        return $cookies;
    }

    /** @return array<string, string> what PHP makes of the field Authorization */
    public static function authorization(string $text): array
    {
        if (strlen($text) > 6 && strncasecmp($text, 'Basic ', 6) === 0) {
            $parts = explode(':', (string) base64_decode(substr($text, 6)), 2);
            if (count($parts) < 2) {
                return [];
            }
            [$user, $password] = array_map(fn ($part) => explode("\0", $part, 2)[0], $parts); // strings of C in PHP
            return $password === '' ? ['PHP_AUTH_USER' => $user] : ['PHP_AUTH_USER' => $user, 'PHP_AUTH_PW' => $password];
        }
        return strncasecmp($text, 'Digest ', 7) === 0 ? ['PHP_AUTH_DIGEST' => substr($text, 7)] : [];
    }

    /** Bytes of a setting as 8M. */
    public static function bytes(string $setting): int
    {
        $unit = strtolower(substr(rtrim($setting), -1));
        return (int) $setting << (['k' => 10, 'm' => 20, 'g' => 30][$unit] ?? 0);
    }

    public static function tooMany(): string
    {
        return 'Input variables exceeded ' . ini_get('max_input_vars') . '. To increase the limit change max_input_vars in php.ini.';
    }
}

/** Messages that PHP itself has before a script runs. */
final class Messages
{
    public const STARTUP = 'PHP Request Startup: ';

    /** Whether anything went to the outer connection in this request, as far as it was this code's doing. */
    public static bool $sent = false;

    /** @param string $by whatever PHP puts before it; from PHP 8.4 on that is before all of them */
    public static function atStartup(string $text, string $by = ''): void
    {
        $by = PHP_VERSION_ID < 80400 ? $by : self::STARTUP;
        if (ini_get('log_errors') && error_reporting() & E_WARNING) {
            self::log("PHP Warning:  $by$text in Unknown on line 0");
        }
    }

    /** As PHP logs what it has to say. */
    public static function log(string $text): void
    {
        self::$sent = true;
        if (Native::$php !== null) {
            Native::$php->php_log_err_with_severity($text, 5);
        } elseif (function_exists('error_log')) {
            error_log($text);
        }
    }
}
