<?php
// What a script can do from its start to its end: one course for each value of "case"; without one, their names. "after" starts a second one.
$state = (require __DIR__ . '/_state.php') . strtolower(strtok($_SERVER['SERVER_SOFTWARE'] ?? 'nginx', '/'));
$tell = function (mixed ...$values): void {
    foreach ($values as $value) {
        echo json_encode($value, JSON_UNESCAPED_SLASHES | JSON_PARTIAL_OUTPUT_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE), "\n";
    }
};
$session = function (array $options = []) use ($state): void {
    session_save_path($state);
    session_start($options);
};
$cases = [
    // What there is at the start.
    'merged request' => fn () => $tell($_REQUEST, $_GET, $_POST, $_COOKIE),
    'arguments' => fn () => $tell($_SERVER['argv'] ?? null, $_SERVER['argc'] ?? null, $GLOBALS['argv'] ?? null, $GLOBALS['argc'] ?? null),
    'environment' => function () use ($tell) {
        $own = array_diff_key($_ENV, $_SERVER);
        $tell(getenv('REQUEST_METHOD'), getenv('HTTP_PROXY'), getenv('nope'), getenv('REQUEST_METHOD', true), $own);
        $tell(array_key_exists('QUERY_STRING', getenv()), isset($_ENV['QUERY_STRING']), $_ENV === [], getenv('HOME'));
        $tell(array_diff(array_keys(getenv()), array_keys($_SERVER)));
    },
    'environment changed' => function () use ($tell) {
        $tell(putenv('RELAIS_T=1'), getenv('RELAIS_T'), getenv('RELAIS_T', true), putenv('RELAIS_T'), getenv('RELAIS_T'));
        $tell(putenv('QUERY_STRING=own'), getenv('QUERY_STRING') === $_SERVER['QUERY_STRING'], getenv('QUERY_STRING', true));
    },
    'environment of the one before' => fn () => $tell(getenv('QUERY_STRING', true), getenv('RELAIS_T'), putenv('QUERY_STRING')),
    'kinds of variables' => function () use ($tell) {
        $kinds = [];
        foreach (['_SERVER' => $_SERVER, '_ENV' => $_ENV] as $name => $values) {
            foreach ($values as $key => $value) {
                $kinds["$name $key"] = get_debug_type($value);
            }
        }
        unset($kinds['_SERVER UNIQUE_ID'], $kinds['_SERVER HTTP_X_REQUEST_ID'], $kinds['_ENV UNIQUE_ID'], $kinds['_ENV HTTP_X_REQUEST_ID']);
        ksort($kinds);
        $tell($kinds);
    },
    'order of variables' => fn () => $tell(array_keys($_SERVER), array_keys($_ENV)),
    'times' => fn () => $tell(
        abs(microtime(true) - $_SERVER['REQUEST_TIME_FLOAT']) < 30,
        $_SERVER['REQUEST_TIME'] === (int) $_SERVER['REQUEST_TIME_FLOAT'],
    ),
    'globals' => function () use ($tell) {
        $names = array_keys($GLOBALS);
        sort($names);
        $tell($names);
    },
    'what the engine says' => fn () => $tell(
        PHP_SAPI, php_sapi_name(), http_response_code(), headers_list(), headers_sent(), connection_status(), connection_aborted(),
        ignore_user_abort(), error_get_last(), error_reporting(), ini_get('max_execution_time'), ini_get('memory_limit'), ini_get('display_errors'),
        ini_get('html_errors'), ini_get('output_buffering'), ob_get_level(), ob_list_handlers(), session_status(), session_id(),
        isset($_SESSION), getcwd() === __DIR__, get_include_path(), date_default_timezone_get(), setlocale(LC_ALL, '0'), mb_internal_encoding(),
        decoct(umask()), gc_enabled(), libxml_use_internal_errors(), php_ini_loaded_file(),
    ),
    'functions of FrankenPHP' => fn () => $tell(function_exists('frankenphp_handle_request')),
    'where the code is' => fn () => $tell(
        basename(get_included_files()[0]), getlastmod() === filemtime($_SERVER['SCRIPT_FILENAME']), getmyinode() === fileinode($_SERVER['SCRIPT_FILENAME']),
    ),
    'functions that are PHP’s own' => fn () => $tell(ini_get('disable_functions'), (new ReflectionFunction('flush'))->isInternal()),
    'a variable of the script' => function () use ($tell) {
        $tell(isset($GLOBALS['ofTheScript']), $GLOBALS['ofTheScript'] ?? null);
    },
    'filters' => function () use ($tell) {
        foreach ([INPUT_GET, INPUT_POST, INPUT_COOKIE, INPUT_SERVER] as $type) {
            foreach (['a', 'b', 'none', 'REQUEST_METHOD'] as $name) {
                $tell(
                    filter_has_var($type, $name), filter_input($type, $name), filter_input($type, $name, FILTER_VALIDATE_INT),
                    filter_input($type, $name, FILTER_VALIDATE_INT, FILTER_NULL_ON_FAILURE),
                    filter_input($type, $name, FILTER_VALIDATE_INT, ['options' => ['default' => 7]]),
                    filter_input($type, $name, FILTER_DEFAULT, FILTER_REQUIRE_ARRAY), filter_input($type, $name, FILTER_SANITIZE_SPECIAL_CHARS),
                );
            }
        }
        $_GET['a'] = $_POST['a'] = 'changed';
        $tell(filter_input(INPUT_GET, 'a'), filter_input(INPUT_POST, 'a'), filter_input_array(INPUT_POST));
        $tell(filter_input_array(INPUT_GET, ['a' => FILTER_VALIDATE_INT, 'z' => FILTER_DEFAULT]));
        $tell(filter_input_array(INPUT_GET, ['a' => FILTER_VALIDATE_INT, 'z' => FILTER_DEFAULT], false));
    },
    'filter of an unknown kind' => fn () => filter_input(77, 'a'),
    'body in pieces' => function () use ($tell) {
        $body = fopen('php://input', 'r');
        $tell(fread($body, 3), ftell($body), feof($body), fgets($body), stream_get_contents($body), feof($body), rewind($body), fgetc($body));
        $tell(fseek($body, 2), fread($body, 2), fseek($body, -2, SEEK_END), fread($body, 9), @fwrite($body, 'x'), fclose($body));
        $tell(file_get_contents('php://input', false, null, 2, 4), file('php://input'), file_exists('php://input'), is_readable('php://input'));
        $tell(file_get_contents('php://filter/read=string.toupper/resource=php://input'), @file_get_contents('php://none'));
    },
    'other streams of PHP' => function () use ($tell) {
        $memory = fopen('php://memory', 'w+');
        fwrite($memory, "one\ntwo\n");
        rewind($memory);
        $tell(fgets($memory), stream_get_meta_data($memory)['mode'], ftruncate($memory, 2), fstat($memory)['size']);
        $tell(file_put_contents('php://output', "out\n"), is_resource(fopen('php://temp/maxmemory:10', 'r+')), in_array('php', stream_get_wrappers()));
        $tell(file_get_contents('php://filter/read=string.rot13/resource=data:,abc'));
    },
    'body as code' => fn () => $tell(@include 'php://input'),
    'uploaded files' => function () use ($tell, $state) {
        $files = $_FILES;
        array_walk_recursive($files, function (&$value) use ($tell, $state) {
            if (is_string($value) && is_uploaded_file($value)) {
                $tell(sha1_file($value), decoct(fileperms($value)));
                file_put_contents("$state/uploaded", $value);
                $value = 'a temporary file';
            }
        });
        $tell($files, $_POST, file_get_contents('php://input'));
    },
    'uploaded files of the one before' => fn () => $tell($_FILES, file_exists(file_get_contents("$state/uploaded")), is_uploaded_file(file_get_contents("$state/uploaded"))),
    'a file moved' => function () use ($tell, $state) {
        $name = $_FILES['f']['tmp_name'];
        $tell(move_uploaded_file(__FILE__, "$state/moved"), @move_uploaded_file($name, "$state/none/moved"), is_uploaded_file($name));
        $tell(move_uploaded_file($name, "$state/moved"), is_uploaded_file($name), file_exists($name), file_get_contents("$state/moved"));
        $tell(decoct(fileperms("$state/moved")), move_uploaded_file($name, "$state/moved"), unlink("$state/moved"));
    },
    'a body that is too large' => fn () => $tell($_POST, $_FILES, strlen(file_get_contents('php://input'))),
    'error before the script' => fn () => $tell(error_get_last()),
    'headers of the request' => function () use ($tell) {
        $headers = array_diff_key(getallheaders(), ['X-Request-Id' => 1]);
        ksort($headers);
        $tell($headers, getallheaders() === apache_request_headers());
    },

    // The session.
    'session' => function () use ($tell, $session) {
        $session();
        $_SESSION['count'] = ($_SESSION['count'] ?? 0) + 1;
        $tell($_SESSION, strlen(session_id()), session_id() === ($_COOKIE['PHPSESSID'] ?? ''), session_status(), session_name(), SID === '', preg_replace('/:.*/', '', headers_list()));
    },
    'session read only' => function () use ($tell, $session) {
        $session(['read_and_close' => true]);
        $tell($_SESSION, session_status());
        $_SESSION['count'] = 99;
    },
    'session before the start' => fn () => $tell(session_status(), session_id(), isset($_SESSION), session_name(), session_cache_limiter()),
    'session written by exit' => function () use ($session) { $session(); $_SESSION['by exit'] = true; exit('gone'); },
    'session written at the end' => function () use ($session) {
        $session();
        register_shutdown_function(function () { $_SESSION['at the end'] = session_status(); echo 'end'; });
    },
    'session regenerated' => function () use ($tell, $session) {
        session_id('fixedidoftheregeneration');
        $session();
        $tell(session_id() === 'fixedidoftheregeneration', session_regenerate_id(true), strlen(session_id()));
        $tell(session_id() === 'fixedidoftheregeneration', session_destroy(), session_id(), session_status());
    },
    'session with a name' => function () use ($tell, $session) {
        session_name('OWN');
        session_set_cookie_params(['path' => '/x', 'httponly' => true, 'samesite' => 'Lax', 'lifetime' => 0]);
        session_id('named');
        $session();
        $tell(session_name(), session_id() === 'named', session_get_cookie_params(), session_destroy());
    },
    'session encoded' => function () use ($tell, $session) {
        session_id('encoded');
        $session();
        $_SESSION = ['a' => 1];
        $tell(session_encode(), session_write_close(), session_status(), $_SESSION);
        $session();
        $tell($_SESSION, session_unset(), $_SESSION, session_reset(), $_SESSION, session_abort(), session_destroy());
    },
    'session after output' => function () use ($tell, $session) { echo 'x'; flush(); ob_get_level() && ob_flush(); flush(); $session(); $tell(session_status()); },
    'session of a handler' => function () use ($tell) {
        $handler = new class ($tell) implements SessionHandlerInterface {
            public function __construct(private Closure $tell) {}
            public function open(string $path, string $name): bool { ($this->tell)('open'); return true; }
            public function close(): bool { ($this->tell)('close'); return true; }
            public function read(string $id): string { ($this->tell)("read $id"); return 'a|i:1;'; }
            public function write(string $id, string $data): bool { ($this->tell)("write $id $data"); return true; }
            public function destroy(string $id): bool { ($this->tell)("destroy $id"); return true; }
            public function gc(int $lifetime): int { return 0; }
        };
        session_set_save_handler($handler, true);
        session_id('handled');
        session_start(['use_cookies' => 0, 'gc_probability' => 0]);
        $_SESSION['b'] = 2;
        $tell($_SESSION);
    },

    // Head and output.
    'callback before the head' => function () use ($tell) {
        header('X-A: 1');
        $tell(header_register_callback(function () { header('X-B: 2'); header_remove('X-A'); http_response_code(202); }));
    },
    'callback before the head, with exit' => function () { header_register_callback(fn () => header('X-B: 2')); exit('x'); },
    'callback before an empty answer' => function () { header_register_callback(fn () => header('X-B: 2')); },
    'callback replaced' => function () { header_register_callback(fn () => header('X-A: 1')); header_register_callback(fn () => header('X-B: 2')); },
    'where the output began' => function () use ($tell) {
        $before = [headers_sent($file, $line), basename($file), $line];
        echo "first\n";
        $middle = [headers_sent($file, $line), basename($file), $line];
        while (ob_get_level() > 0) { ob_end_flush(); }
        flush();
        $tell($before, $middle, headers_sent($file, $line), basename($file), $line);
    },
    'header after the output' => function () use ($tell) {
        echo 'x';
        while (ob_get_level() > 0) { ob_end_flush(); }
        flush();
        header('X-Late: 1');
        http_response_code(404);
        $tell(setcookie('late', '1'), headers_list(), http_response_code(), error_get_last()['message']);
    },
    'header removed after the output' => function () { echo 'x'; flush(); header_remove('X-None'); },
    'buffers left open' => function () { echo 'a'; ob_start(); echo 'b'; ob_start(fn ($text) => strtoupper($text)); echo 'c'; ob_start(); echo 'd'; },
    'phases of a callback' => function () {
        $phases = [];
        ob_start(function ($text, $phase) use (&$phases) { $phases[] = $phase; return "[$text $phase]"; });
        echo 'a'; ob_flush(); echo 'b'; ob_clean(); echo 'c'; ob_end_flush();
        echo json_encode($phases);
        ob_start(fn ($text, $phase) => "[$text $phase]");
        echo 'at the end';
    },
    'callback of pieces' => function () { ob_start(fn ($text, $phase) => "[$text]", 4); foreach (['a', 'bc', 'defgh', 'i'] as $text) { echo $text; } },
    'callback that says no' => function () { ob_start(fn ($text) => false); echo 'unchanged'; },
    'callback that drops all' => function () { ob_start(fn ($text) => ''); echo 'dropped'; },
    'buffers that are dropped' => function () use ($tell) {
        echo 'no';
        for ($count = 0; ob_get_level() > 0; $count++) { ob_end_clean(); }
        $tell($count, @ob_end_clean(), @ob_flush(), ob_list_handlers(), ob_get_level());
    },
    'no buffer' => function () use ($tell) {
        while (ob_get_level() > 0) { ob_end_clean(); }
        $tell(@ob_get_clean(), ob_get_contents(), ob_get_length(), ob_get_status());
    },
    'status of buffers' => function () use ($tell) { ob_start(); $tell(count(ob_get_status(true)), ob_get_status()['level']); },
    'levels of buffers' => function () use ($tell) {
        ob_start();
        ob_start(fn ($text) => $text);
        $told = [ob_get_level(), ob_list_handlers(), ob_get_status()['name']];
        $tell($told, ob_get_length());
    },
    'buffer that stays' => function () { ob_start(null, 0, 0); echo 'stays'; var_dump(@ob_end_clean()); },
    'implicit flush' => function () use ($tell) { ob_implicit_flush(); echo 'a'; $tell(headers_sent()); ob_implicit_flush(false); echo 'b'; },
    'large output' => function () use ($tell) { for ($i = 0; $i < 3_000; $i++) { echo str_repeat(chr(97 + $i % 26), 37), "\n"; } $tell(headers_sent()); },
    'compressed by setting' => function () { ini_set('zlib.output_compression', '1'); echo str_repeat('x', 5_000); },
    'rewritten links' => function () { output_add_rewrite_var('v', '1'); echo '<a href="x.php">x</a><form action="y.php"></form>'; },
    'status and headers' => function () use ($tell) {
        $tell(http_response_code(), http_response_code(404), http_response_code(), http_response_code(410));
        header('X-A: 1', true, 201);
        header('X-A: 2', false);
        $tell(http_response_code(), headers_list());
        header_remove();
        $tell(headers_list());
    },
    'status line and code' => function () { header('HTTP/1.1 404 Mine'); http_response_code(500); echo 'x'; },
    'status line and its code again' => function () { header('HTTP/1.1 404 Mine'); http_response_code(404); echo 'x'; },
    'status line without a reason' => function () { header('HTTP/1.1 403'); echo 'x'; },
    'status field and code' => function () { header('Status: 404 Mine'); http_response_code(500); echo 'x'; },
    'status field and line' => function () { header('Status: 404 Mine'); header('HTTP/1.0 200 Fine'); echo 'x'; },
    'location and code' => function () { http_response_code(404); header('Location: /x'); echo 'x'; },
    'location removed' => function () { header('Location: /x'); header_remove('Location'); echo http_response_code(); },
    'header with a line break' => function () use ($tell) { header("X-A: 1\r\nX-B: 2"); $tell(headers_list(), error_get_last()['message'] ?? null); },
    'header with a zero byte' => function () use ($tell) { header("X-A: 1\0X-B: 2"); $tell(headers_list(), error_get_last()['message'] ?? null); },
    'status line that is none' => function () use ($tell) { header('HTTP/'); $tell(headers_list(), http_response_code()); },
    'authenticate' => function () { header('WWW-Authenticate: Basic realm="x"'); echo http_response_code(); },

    // The end.
    'shutdown functions' => function () use ($tell) {
        register_shutdown_function($tell, 'first', ['with' => 'arguments']);
        register_shutdown_function(function () use ($tell) {
            $tell('second');
            register_shutdown_function($tell, 'registered by the second');
            header('X-Shutdown: 1');
        });
        register_shutdown_function('printf', "%s\n", 'third');
        $tell('body');
    },
    'shutdown functions after exit' => function () use ($tell) { register_shutdown_function($tell, 'at the end'); exit('exit '); },
    'shutdown function that exits' => function () use ($tell) {
        register_shutdown_function(function () { echo 'first '; exit('out'); });
        register_shutdown_function($tell, 'second');
    },
    'shutdown function that throws' => function () use ($tell) {
        register_shutdown_function(function () { echo 'first '; throw new RuntimeException('in shutdown'); });
        register_shutdown_function($tell, 'second');
    },
    'shutdown function that is none' => function () { register_shutdown_function('none at all'); },
    'shutdown and buffers' => function () {
        register_shutdown_function(function () { echo 'late'; ob_start(fn ($text) => "<$text>"); echo 'in a buffer'; });
        ob_start(fn ($text) => "[$text]");
        echo 'body';
    },
    'shutdown after an error' => function () use ($tell) {
        register_shutdown_function(fn () => $tell(error_get_last()['type'], http_response_code()));
        none_at_all();
    },
    'destructors' => function () use ($tell) {
        $object = new class ($tell) { public function __construct(private Closure $tell) {} public function __destruct() { ($this->tell)('destroyed'); } };
        register_shutdown_function($tell, 'shutdown');
        $tell('body');
    },
    'destructor of the script' => function () use ($tell) { register_shutdown_function($tell, 'shutdown'); $tell('body'); },
    'trace' => fn () => print((new Exception())->getTraceAsString()),
    'exit in a function' => function () { try { (fn () => exit('out'))(); } finally { echo 'finally'; } },
    'exit with a number' => function () { echo 'x'; exit(5); },
    'exit in a buffer' => function () { ob_start(fn ($text) => "[$text]"); echo 'a'; exit('b'); },
    'exit with a status' => function () { http_response_code(418); header('X-A: 1'); exit; },
    'die after an early end' => function () { echo 'early'; fastcgi_finish_request(); exit('late'); },
    'after an early end' => function () use ($tell, $state) {
        ob_start();
        echo 'early';
        $told = [fastcgi_finish_request(), headers_sent(), ob_get_level(), fastcgi_finish_request(), connection_status(), connection_aborted()];
        echo 'late';
        register_shutdown_function(fn () => file_put_contents("$state/now", json_encode([...$told, http_response_code()])) && rename("$state/now", "$state/early"));
    },
    'what was after an early end' => function () use ($state) { // The one before goes on after its answer.
        for ($tries = 0; !file_exists("$state/early") && $tries < 2_000; $tries++) { usleep(5_000); clearstatcache(); }
        readfile("$state/early");
        unlink("$state/early");
    },
    'output without an end' => function () use ($state) {
        ignore_user_abort(isset($_GET['ignore']));
        $after = [];
        register_shutdown_function(function () use ($state, &$after) {
            file_put_contents("$state/now", json_encode([connection_aborted(), connection_status(), $after, error_get_last()]));
            rename("$state/now", "$state/gone"); // so that whoever waits for it finds the whole of it
        });
        while (ob_get_level() > 0) { ob_end_flush(); }
        for ($piece = 0; $piece < 10_000 && count($after) < 2; $piece++) {
            echo str_repeat('x', 100_000);
            flush();
            connection_aborted() && $after[] = [connection_status(), headers_sent(), http_response_code()];
        }
    },
    'what was after a client had gone' => function () use ($state) {
        for ($tries = 0; !file_exists("$state/gone") && $tries < 2_000; $tries++) { usleep(5_000); clearstatcache(); }
        readfile("$state/gone");
        unlink("$state/gone");
    },
    'pieces' => function () {
        while (ob_get_level() > 0) { ob_end_flush(); }
        echo 'first';
        flush();
        while (is_dir($_GET['side']) && !file_exists("$_GET[side]/gate")) { clearstatcache(); usleep(2_000); }
        echo 'second';
    },
    'session held' => function () use ($session) {
        $session();
        echo json_encode($_SESSION);
        if (isset($_GET['side'])) {
            file_put_contents("$_GET[side]/running-", getmypid());
            while (is_dir($_GET['side']) && !file_exists("$_GET[side]/gate")) { clearstatcache(); usleep(2_000); }
            $_SESSION['held'] = 'until the end';
        }
    },
    'body echoed' => function () {
        header('Content-Type: text/plain');
        while (ob_get_level() > 0) { ob_end_flush(); }
        echo 'ready';
        flush();
        for ($body = fopen('php://input', 'r'); !feof($body);) { echo fread($body, 8192); flush(); }
    },
    'process' => fn () => print(getmypid()),

    // Errors.
    'uncaught in functions' => function () { echo 'x'; (function ($a) { (function () { throw new DomainException('deep'); })(); })('argument'); },
    'uncaught with a previous one' => function () { throw new RuntimeException('outer', 3, new LogicException('inner')); },
    'exception handler' => function () {
        set_exception_handler(function ($e) { http_response_code(503); echo get_class($e), ' ', $e->getMessage(); });
        throw new DomainException('handled');
    },
    'exception handler that throws' => function () {
        set_exception_handler(function ($e) { throw new LogicException('from the handler'); });
        throw new DomainException('handled');
    },
    'error handler' => function () use ($tell) {
        set_error_handler(function ($level, $text, $file, $line) use ($tell) { $tell($level, $text, basename($file), $line); return true; });
        trigger_error('own', E_USER_NOTICE);
        echo $none;
        $tell(error_get_last());
    },
    'warnings' => function () use ($tell) { echo $none; trigger_error('mine', E_USER_WARNING); $tell([] == error_get_last(), 'on'); },
    'warning <b>' => function () { trigger_error('<b> & "quotes"', E_USER_NOTICE); },
    'last error' => function () use ($tell) { @trigger_error('silent'); $last = error_get_last(); $tell($last['message'], basename($last['file'])); error_clear_last(); $tell(error_get_last()); },
    'fatal error' => function () { none_at_all(); },
    'fatal error after output' => function () { echo 'x'; flush(); ob_get_level() && ob_flush(); flush(); none_at_all(); },
    'fatal error in a buffer' => function () { ob_start(fn ($text) => strtoupper($text)); echo 'buffered '; none_at_all(); },
    'error by the user' => function () { echo 'x'; trigger_error('dead', E_USER_ERROR); echo 'y'; },
    'missing file' => function () { echo 'x'; require __DIR__ . '/none at all.php'; },
    'code that cannot be read' => function () { echo 'x'; eval('this is no code'); },
    'memory used up' => function () {
        register_shutdown_function(function () { header('X-Shutdown: 1'); echo 'after ', substr(error_get_last()['message'], 0, 30); });
        ini_set('memory_limit', '32M');
        for ($all = [];;) { $all[] = str_repeat('x', 10_000); }
    },
    'script that uses its time up' => function () use ($tell) {
        register_shutdown_function(fn () => $tell(connection_status(), connection_aborted(), http_response_code(), ini_get('max_execution_time')));
        set_time_limit(1);
        for (;;);
    },
    'shutdown function that uses its time up' => function () use ($tell) {
        register_shutdown_function(function () { set_time_limit(1); for (;;); });
        register_shutdown_function($tell, 'second');
        $tell('body');
    },
    'error of a callback' => function () { ob_start(function ($text) { throw new LogicException('in a callback'); }); echo 'x'; ob_end_flush(); echo 'y'; },
    'error of the last callback' => function () { ob_start(function ($text) { none_at_all(); }); echo 'x'; },
    'buffer opened in a callback' => function () { ob_start(function ($text) { ob_start(); return 'z'; }); echo 'x'; ob_end_flush(); },
    'peak of memory' => function () use ($tell) { $tell(memory_get_peak_usage() < 8 << 20); str_repeat('x', 20 << 20); $tell(memory_get_peak_usage() > 20 << 20); },
    'constant' => function () use ($tell) { $tell(defined('OF_ONE_REQUEST'), @define('OF_ONE_REQUEST', 1)); },
    'function and class' => function () use ($tell) {
        $tell(function_exists('ofOneRequest'), class_exists('OfOneRequest', false));
        function_exists('ofOneRequest') || eval('function ofOneRequest() { static $calls = 0; return ++$calls; } class OfOneRequest { static $count = 0; }');
        $tell(ofOneRequest(), ++OfOneRequest::$count);
    },
    'errors shown' => function () { ini_set('display_errors', '1'); echo $none; none_at_all(); },
    'errors by level' => function () { error_reporting(E_ALL & ~E_WARNING); ini_set('display_errors', '1'); echo $none; trigger_error('seen', E_USER_NOTICE); },
    'errors with text around' => function () { ini_set('display_errors', '1'); ini_set('error_prepend_string', '{'); ini_set('error_append_string', '}'); echo $none; },
    'log' => fn () => $tell(error_log('a line of the log'), error_log('of the interface', 4)),
    'assertion' => function () { ini_set('display_errors', '1'); assert(false, 'asserted'); echo 'after'; },

    // Settings.
    'settings changed' => function () use ($tell) {
        $tell(ini_set('precision', '5'), ini_get('precision'), ini_set('memory_limit', '99M'), ini_set('none.at.all', '1'), set_time_limit(7));
        $tell(ini_get('max_execution_time'), ini_restore('precision'), ini_get('precision'), ini_set('precision', '6'), 1 / 3, ini_set('max_execution_time', '9'));
        $tell(ini_get_all('session')['session.name'], set_include_path('/tmp'), get_include_path(), ignore_user_abort(true), ignore_user_abort());
        $tell(setlocale(LC_ALL, 'C.UTF-8'), date_default_timezone_set('Asia/Tokyo'), mb_internal_encoding('ISO-8859-1'), umask(0o77), chdir('/'), error_reporting(1));
        $tell(ini_set('default_charset', 'latin1'), ini_set('default_mimetype', 'text/plain'), set_time_limit(0), libxml_use_internal_errors(true));
    },
];

$name = $_GET['case'] ?? '';
if ($name === '') {
    header('Content-Type: text/plain');
    echo implode("\n", array_keys($cases));
} else {
    $ofTheScript = 'set';
    if ($name === 'destructor of the script') {
        $object = new class ($tell) { public function __construct(private Closure $tell) {} public function __destruct() { ($this->tell)('destroyed'); } };
    }
    $cases[$name]();
}
