<?php

declare(strict_types=1);

namespace Relais\Resident;

use function array_keys;
use function array_replace;
use function implode;
use function in_array;
use function str_contains;
use function strcspn;
use function strlen;
use function substr;

/** What the running request has told, as PHP-FPM shows it to a script: superglobals, the body, and what functions say of them. */
final class Request
{
    /** @var array<string, string> its variables, in FPM's order; empty while no request runs */
    public static array $params = [];

    /** The method; HEAD has no body in its answer. */
    public static string $method = '';

    /** @var array<int, array<mixed>> as they came, for filter_input, by INPUT_GET and so on */
    public static array $inputs = [];

    /** @var array<string, string> of the process, which come first in $_SERVER */
    private static array $environment = [];

    /** @var array<string, mixed> what the boot has added to $_SERVER */
    private static array $addedServer = [];

    /** @var array<string, mixed> what the boot has added to $_ENV */
    private static array $addedEnv = [];

    /** @var array<string, string> names of variables as PHP writes them, where it changes them */
    private static array $names = [];

    /** @var array<string, bool> which of variables_order there are, by their letters */
    private static array $order = ['E' => false, 'G' => false, 'P' => false, 'C' => false, 'S' => false];

    /** @var list<string> letters of request_order, without others */
    private static array $requestOrder = [];
    private static bool $withArguments = false;
    private static bool $readsPost = true;

    /** Whether PHP's own php://input has a body of this request. */
    private static bool $hasInput = false;

    /**
     * At the start of the boot.
     *
     * @param array<string, string> $environment of the process
     */
    public static function boot(array $environment): void
    {
        self::$environment = $environment;
        foreach (self::$order as $letter => $_) {
            self::$order[$letter] = stripos((string) ini_get('variables_order'), $letter) !== false;
        }
        $order = strtoupper(ini_get_all(null, false)['request_order'] ?? (string) ini_get('variables_order'));
        self::$requestOrder = array_values(array_intersect(str_split($order), ['G', 'P', 'C']));
        self::$withArguments = (bool) ini_get('register_argc_argv');
        self::$readsPost = (bool) ini_get('enable_post_data_reading');
    }

    /**
     * At its end: a script that has set variables in its boot finds them in each request, as if it had booted in it.
     *
     * @param array<string, mixed> $server what $_SERVER was at its start
     * @param array<string, mixed> $env what $_ENV was at its start
     * @param bool $isFrankenPhp whether the script was written for FrankenPHP, and may look for its marks
     */
    public static function booted(array $server, array $env, bool $isFrankenPhp): void
    {
        self::$addedServer = array_diff_key($_SERVER, $server, $isFrankenPhp ? [] : ['FRANKENPHP_WORKER' => 1, 'MAX_REQUESTS' => 1]);
        self::$addedEnv = array_diff_key($_ENV, $env);
    }

    /**
     * @param array<string, string> $params
     * @param float $time when it came
     */
    public static function begin(array $params, Wire $wire, float $time): void
    {
        unset($params['HTTP_PROXY']); // FPM, too, keeps a client from setting this
        self::$params = $params;
        self::$method = $method = $params['REQUEST_METHOD'] ?? '';
        $query = $params['QUERY_STRING'] ?? '';
        $order = self::$order;
        $get = $query !== '' && $order['G'] ? Variables::query($query) : [];
        $cookies = isset($params['HTTP_COOKIE']) && $order['C'] ? Variables::cookies($params['HTTP_COOKIE']) : [];
        $post = [];
        if (!$wire->hasNoBody()) {
            [$post, $files] = self::body($wire);
            $order['P'] || $post = [];
            if ($files !== []) {
                $_FILES = $files;
            }
        }
        $named = self::named($params);
        $server = $order['S'] ? self::server($named, $time, $query) : [];
        $_GET = $get;
        $_POST = $post;
        $_COOKIE = $cookies;
        $_SERVER = self::$addedServer ? $server + self::$addedServer : $server;
        $_ENV = ($order['E'] ? $server ?: array_replace(self::$environment, $named) : []) + self::$addedEnv; // PHP copies the one for the other
        $_REQUEST = $post === [] && $cookies === [] && self::$requestOrder !== [] ? $get : self::request($get, $post, $cookies);
        // The filter extension sees no variables of the process's own environment.
        self::$inputs = [INPUT_POST => $post, INPUT_GET => $get, INPUT_COOKIE => $cookies, INPUT_ENV => $_ENV, INPUT_SERVER => $server];
    }

    /** Nothing of the request stays in what the next one finds; other references to the superglobals are left behind. */
    public static function end(): void
    {
        unset($_GET, $_POST, $_COOKIE, $_FILES, $_SERVER, $_ENV, $_REQUEST, $_SESSION);
        $_GET = $_POST = $_COOKIE = $_FILES = $_SERVER = $_ENV = $_REQUEST = [];
        self::$params = self::$inputs = [];
        clearstatcache();
        if (self::$hasInput) {
            self::$hasInput = false;
            Native::setBody('');
        }
    }

    /**
     * What the superglobal had at the request's start.
     *
     * @return array<mixed>
     */
    public static function input(string $function, int $type): array
    {
        if ($type === INPUT_SERVER) {
            return array_diff_key(self::$inputs[$type] ?? [], array_diff_key(self::$environment, self::$params));
        }
        return self::$inputs[$type] ?? (in_array($type, [INPUT_POST, INPUT_GET, INPUT_COOKIE, INPUT_ENV, INPUT_SERVER], true)
            ? []
            : throw Faults::ofCaller(new \ValueError("$function(): Argument #1 (\$type) must be an INPUT_* constant")));
    }

    /**
     * As filter_input.
     *
     * @param array<mixed> $values
     * @param array<mixed>|int $options
     */
    public static function filter(array $values, string $name, int $filter, array|int $options): mixed
    {
        if (array_key_exists($name, $values)) {
            return filter_var($values[$name], $filter, $options);
        }
        if (is_array($options) && isset($options['options']['default'])) {
            return $options['options']['default'];
        }
        $flags = is_array($options) ? (int) ($options['flags'] ?? 0) : $options;
        return ($flags & FILTER_NULL_ON_FAILURE) !== 0 ? false : null;
    }

    /** @return array<string, string> as FPM's getallheaders */
    public static function headers(): array
    {
        $headers = [];
        foreach (self::$params as $name => $value) {
            $name = (string) $name;
            if (strncmp($name, 'HTTP_', 5) === 0 && strlen($name) > 5) {
                $name = $name[5] . preg_replace_callback('/_(.?)|([A-Z])/s', fn ($match) => $match[0][0] === '_' ? "-$match[1]"
                    : strtolower($match[0]), substr($name, 6));
            } elseif ($name === 'CONTENT_TYPE') {
                $name = 'Content-Type';
            } elseif ($name === 'CONTENT_LENGTH') {
                $name = 'Content-Length';
            } else {
                continue;
            }
            $headers[$name] = $value;
        }
        return $headers;
    }

    /** @return array{array<mixed>, array<mixed>} for $_POST and $_FILES */
    private static function body(Wire $wire): array
    {
        $contentType = self::$params['CONTENT_TYPE'] ?? '';
        $type = strtolower(substr($contentType, 0, strcspn($contentType, ';, ')));
        $isRead = self::$readsPost && self::$method === 'POST' && $contentType !== '';
        $isParsed = $isRead && self::isShort($type);
        if ($isParsed && $type === 'multipart/form-data' && ($boundary = Uploads::boundary($contentType)) !== null) {
            return Uploads::read($wire, $boundary);
        }
        $body = new Body($wire);
        $text = $body->small($isRead);
        if ($text !== null && Native::setBody($text)) {
            self::$hasInput = true;
        } else {
            Input::begin($body);
        }
        return $isParsed && $type === 'application/x-www-form-urlencoded'
            ? [Variables::form($text ?? $body->whole()), []]
            : [[], []];
    }

    /** Whether the body is within post_max_size; otherwise PHP says so, and leaves it to php://input. */
    private static function isShort(string $type): bool
    {
        $most = Variables::bytes((string) ini_get('post_max_size'));
        $length = (int) (self::$params['CONTENT_LENGTH'] ?? 0);
        if ($most <= 0 || $length <= $most) {
            return true;
        }
        Messages::atStartup("POST Content-Length of $length bytes exceeds the limit of $most bytes",
            $type === 'multipart/form-data' ? '' : Messages::STARTUP);
        return false;
    }

    /**
     * @param array<string, string> $params
     * @return array<string, string> with names as PHP writes them
     */
    private static function named(array $params): array
    {
        $all = implode('', array_keys($params));
        if (!str_contains($all, '.') && !str_contains($all, '[') && !str_contains($all, ' ')) {
            return $params;
        }
        $named = [];
        foreach ($params as $name => $value) {
            $name = (string) $name;
            if (strcspn($name, '.[ ') === strlen($name)) {
                $named[$name] = $value;
                continue;
            }
            parse_str(rawurlencode($name) . '=' . rawurlencode($value), $one);
            $named = array_replace_recursive($named, $one);
        }
        return $named;
    }

    /**
     * @param array<string, string> $params
     * @return array<string, mixed>
     */
    private static function server(array $params, float $time, string $query): array
    {
        $server = self::$environment === [] ? $params : array_replace(self::$environment, $params);
        $server['PHP_SELF'] = ($params['SCRIPT_NAME'] ?? '') . ($params['PATH_INFO'] ?? '');
        if (isset($params['HTTP_AUTHORIZATION'])) {
            $server = array_replace($server, Variables::authorization($params['HTTP_AUTHORIZATION']));
        }
        $server['REQUEST_TIME_FLOAT'] = $time;
        $server['REQUEST_TIME'] = (int) $time;
        if (self::$withArguments) {
            $server['argv'] = $query === '' ? [] : explode('+', $query);
            $server['argc'] = count($server['argv']);
        }
        return $server;
    }

    /**
     * @param array<mixed> $get
     * @param array<mixed> $post
     * @param array<mixed> $cookies
     * @return array<mixed>
     */
    private static function request(array $get, array $post, array $cookies): array
    {
        $request = [];
        foreach (self::$requestOrder as $source) {
            $more = match ($source) {
                'G' => $get,
                'P' => $post,
                default => $cookies,
            };
            if ($more !== []) {
                $request = $request === [] ? $more : self::merged($request, $more);
            }
        }
        return $request;
    }

    /**
     * As php_autoglobal_merge: later values replace, arrays of both are merged.
     *
     * @param array<mixed> $request
     * @param array<mixed> $more
     * @return array<mixed>
     */
    private static function merged(array $request, array $more): array
    {
        foreach ($more as $name => $value) {
            $request[$name] = is_array($value) && is_array($request[$name] ?? null) ? self::merged($request[$name], $value) : $value;
        }
        return $request;
    }
}
