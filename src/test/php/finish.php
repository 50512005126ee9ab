<?php
// Calls fastcgi_finish_request() in the way that ?how= says, and then works on until its gate is opened.
$side = $_GET['side'];
file_put_contents("$side/running-", (string) getmypid());
$finish = function (): void {
    header('X-Told: ' . (function_exists('fastcgi_finish_request') ? 'yes' : 'no'));
    $GLOBALS['result'] = fastcgi_finish_request();
};
$work = function () use ($side): void {
    while (is_dir($side) && !file_exists("$side/gate")) {
        clearstatcache();
        usleep(2000);
    }
    file_put_contents("$side/through-", (string) getmypid());
};
switch ($_GET['how']) {
    case 'plain':
        echo 'answer';
        $finish();
        break;
    case 'redirect':
        header('Location: /elsewhere', true, 303);
        $finish();
        break;
    case 'status204':
        http_response_code(204);
        $finish();
        break;
    case 'empty':
        $finish();
        break;
    case 'large':
        echo str_repeat('0123456789abcdef', 20_000);
        $finish();
        break;
    case 'outputAfter':
        echo 'before';
        $finish();
        echo str_repeat('after', 50_000);
        flush();
        break;
    case 'flushed':
        echo 'one,';
        ob_flush();
        flush();
        echo 'two';
        fastcgi_finish_request();
        break;
    case 'flushedWithoutMore':
        echo 'one';
        ob_flush();
        flush();
        fastcgi_finish_request();
        break;
    case 'nested':
        ob_start(fn(string $text): string => strtoupper($text));
        echo 'a';
        ob_start();
        echo 'b';
        $finish();
        break;
    case 'unremovable':
        ob_end_clean();
        ob_start(null, 0, PHP_OUTPUT_HANDLER_FLUSHABLE);
        echo 'kept';
        $finish();
        echo 'after';
        break;
    case 'length':
        header('Content-Length: 6');
        echo 'answer';
        $finish();
        break;
    case 'twice':
        echo 'answer';
        $finish();
        fastcgi_finish_request();
        break;
    case 'shutdown':
        echo 'answer';
        register_shutdown_function($finish);
        register_shutdown_function($work);
        return;
    case 'session':
        session_save_path($side);
        session_id('fromthetest');
        session_start();
        $_SESSION['seen'] = true;
        session_write_close();
        echo 'answer';
        $finish();
        break;
    case 'symfony':
        // As Symfony's Response::send() and closeOutputBuffers() do.
        ob_start();
        header('Content-Type: application/json', true, 201);
        http_response_code(201);
        echo '{"symfony":true}';
        if (function_exists('fastcgi_finish_request')) {
            $finish();
        }
        break;
    case 'body':
        echo 'answer';
        $finish();
        file_put_contents("$side/length", (string) strlen(file_get_contents('php://input')));
        break;
    case 'logs':
        ob_end_flush();
        echo 'answer';
        flush();
        error_log('first');
        error_log(str_repeat('long ', 4_000));
        fastcgi_finish_request();
        error_log('last');
        break;
    case 'floodOfLogs':
        for ($i = 0; $i < 200; $i++) {
            error_log(str_repeat('x', 1000));
        }
        echo 'answer';
        $finish();
        break;
    case 'error':
        echo 'answer';
        $finish();
        register_shutdown_function($work);
        throw new Exception('after the answer');
}
file_put_contents("$side/returned", var_export($GLOBALS['result'] ?? true, true));
$work();
