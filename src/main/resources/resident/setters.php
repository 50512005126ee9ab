<?php

/*
 * The setters of PHP that the master disables, defined again so that State knows what to put back. Each does what PHP's own does. Those
 * that change an ini value reach it by ini_alter, the alias of ini_set; those marked "ffi" in functions.list reach it by Library.
 */

use Relais\Resident\Faults;
use Relais\Resident\Library;
use Relais\Resident\Recorder;

if (Recorder::records('ini_set')) {
    function ini_set(string $option, string|int|float|bool|null $value): string|false
    {
        return Recorder::ini($option, $value);
    }
}

if (Recorder::records('set_include_path')) {
    function set_include_path(string $include_path): string|false
    {
        return Recorder::ini('include_path', $include_path);
    }
}

if (Recorder::records('set_time_limit')) {
    function set_time_limit(?int $seconds): bool
    {
        return Recorder::ini('max_execution_time', (int) $seconds) !== false;
    }
}

if (Recorder::records('ignore_user_abort')) {
    function ignore_user_abort(?bool $enable = null): int
    {
        $before = (int) ini_get('ignore_user_abort');
        if ($enable !== null) {
            Recorder::ini('ignore_user_abort', $enable);
        }
        return $before;
    }
}

if (Recorder::records('gc_enable')) {
    function gc_enable(): void
    {
        Recorder::ini('zend.enable_gc', true);
    }
}

if (Recorder::records('gc_disable')) {
    function gc_disable(): void
    {
        Recorder::ini('zend.enable_gc', false);
    }
}

if (extension_loaded('bcmath') && Recorder::records('bcscale')) {
    function bcscale(?int $scale = null): int
    {
        $before = (int) ini_get('bcmath.scale');
        if ($scale !== null && ($scale < 0 || $scale > 0x7FFFFFFF)) {
            throw Faults::ofCaller(new ValueError('bcscale(): Argument #1 ($scale) must be between 0 and 2147483647'));
        }
        if ($scale !== null) {
            Recorder::ini('bcmath.scale', $scale);
        }
        return $before;
    }
}

if (extension_loaded('iconv') && Recorder::records('iconv_set_encoding')) {
    function iconv_set_encoding(string $type, string $encoding): bool
    {
        $type = strtolower($type);
        return in_array($type, ['input_encoding', 'output_encoding', 'internal_encoding'], true)
            && Recorder::ini("iconv.$type", $encoding) !== false;
    }
}

if (extension_loaded('session') && Recorder::records('session_name')) {
    function session_name(?string $name = null): string|false
    {
        return Recorder::setting('session.name', $name);
    }
}

if (extension_loaded('session') && Recorder::records('session_save_path')) {
    function session_save_path(?string $path = null): string|false
    {
        return Recorder::setting('session.save_path', $path);
    }
}

if (extension_loaded('session') && Recorder::records('session_cache_limiter')) {
    function session_cache_limiter(?string $value = null): string|false
    {
        return Recorder::setting('session.cache_limiter', $value);
    }
}

if (extension_loaded('session') && Recorder::records('session_cache_expire')) {
    function session_cache_expire(?int $value = null): int|false
    {
        $before = Recorder::setting('session.cache_expire', $value);
        return $before === false ? false : (int) $before;
    }
}

if (extension_loaded('session') && Recorder::records('session_set_cookie_params')) {
    function session_set_cookie_params(
        array|int $lifetime_or_options,
        ?string $path = null,
        ?string $domain = null,
        ?bool $secure = null,
        ?bool $httponly = null,
    ): bool {
        return Recorder::cookie(is_array($lifetime_or_options) ? $lifetime_or_options : [
            'lifetime' => $lifetime_or_options, 'path' => $path, 'domain' => $domain, 'secure' => $secure, 'httponly' => $httponly,
        ]);
    }
}

if (Recorder::records('stream_wrapper_register')) {
    function stream_wrapper_register(string $protocol, string $class, int $flags = 0): bool
    {
        $done = stream_register_wrapper($protocol, $class, $flags);
        if ($done && !str_starts_with($class, 'Relais\\Resident\\')) {
            Recorder::$wrappers[$protocol] = [$class, $flags];
            Recorder::$wrapped = true;
        }
        return $done;
    }
}

if (extension_loaded('mysqli') && Recorder::records('mysqli_begin_transaction')) {
    function mysqli_begin_transaction(mysqli $mysql, int $flags = 0, ?string $name = null): bool
    {
        Recorder::$transactions[spl_object_id($mysql)] = $mysql;
        return $mysql->begin_transaction($flags, $name);
    }
}

if (extension_loaded('mysqli') && Recorder::records('mysqli_commit')) {
    function mysqli_commit(mysqli $mysql, int $flags = 0, ?string $name = null): bool
    {
        unset(Recorder::$transactions[spl_object_id($mysql)]);
        return $mysql->commit($flags, $name);
    }
}

if (extension_loaded('mysqli') && Recorder::records('mysqli_rollback')) {
    function mysqli_rollback(mysqli $mysql, int $flags = 0, ?string $name = null): bool
    {
        unset(Recorder::$transactions[spl_object_id($mysql)]);
        return $mysql->rollback($flags, $name);
    }
}

if (Recorder::records('putenv')) {
    function putenv(string $assignment): bool
    {
        [$name, $value] = explode('=', $assignment, 2) + [1 => null];
        if ($name === '') {
            throw Faults::ofCaller(new ValueError('putenv(): Argument #1 ($assignment) must have a valid syntax'));
        }
        return Recorder::environment($name, $value);
    }
}

if (Recorder::records('mt_srand')) {
    function mt_srand(?int $seed = null, int $mode = MT_RAND_MT19937): void
    {
        Recorder::seed($seed);
    }
}

if (Recorder::records('srand')) {
    function srand(?int $seed = null, int $mode = MT_RAND_MT19937): void
    {
        Recorder::seed($seed);
    }
}

if (Recorder::records('umask')) {
    function umask(?int $mask = null): int
    {
        $before = Library::c()->umask(($mask ?? 077) & 0777);
        if ($mask === null) {
            Library::c()->umask($before);
        } else {
            Recorder::$mask ??= $before;
        }
        return $before;
    }
}

if (Recorder::records('chdir')) {
    function chdir(string $directory): bool
    {
        if (str_contains($directory, "\0")) {
            throw Faults::ofCaller(new ValueError('chdir(): Argument #1 ($directory) must not contain any null bytes'));
        }
        $before = getcwd();
        $library = Library::c();
        if ($library->php_check_open_basedir($directory) !== 0) {
            return false;
        }
        if ($library->chdir($directory) !== 0) {
            $number = $library->__errno_location()[0];
            trigger_error('chdir(): ' . $library->strerror($number) . " (errno $number)", E_USER_WARNING);
            return false;
        }
        clearstatcache();
        Recorder::$folder ??= (string) $before;
        return true;
    }
}
