<?php
// Sends early hints in the way that ?how= says. With ?side= the answer waits until the test opens its gate.
$link = 'Link: </style.css>; rel=preload; as=style';
$send = function (string ...$fields): int {
    foreach ($fields as $field) {
        header($field, false);
    }
    return headers_send(103);
};
switch ($_GET['how']) {
    case 'plain':
        $told = $send($link, 'X-Likely: yes');
        break;
    case 'many':
        $told = 0;
        for ($i = 0; $i < 20; $i++) {
            header("X-Number: $i");
            $told += headers_send(103);
        }
        break;
    case 'same':
        $told = $send($link) + headers_send(103);
        break;
    case 'most':
        $told = $send('X-Large: ' . str_repeat("\u{e4}", 3000));
        break;
    case 'large':
        $told = $send('X-Large: ' . str_repeat('x', 8192));
        header_remove('X-Large'); // the test's client takes no such head
        break;
    case 'connection':
        $told = $send(
            $link, 'Connection: X-Hop', 'X-Hop: 1', 'Keep-Alive: 5', 'Transfer-Encoding: gzip', 'Content-Length: 1', 'Upgrade: h2c',
            'X-Accel-Expires: 5', 'Trailer: X-T', 'Cache-Tag: tag', 'X-Odd: ; PHP message: relais-finish; rel="x"');
        header_remove('Transfer-Encoding');
        break;
    case 'late':
        echo 'late ';
        ob_flush();
        flush();
        $told = $send();
        break;
    case 'other':
        $told = headers_send(102) . headers_send(100) . headers_send(101);
        break;
    case 'status':
        $told = headers_send(203);
        break;
    case 'forged':
        header($link);
        error_log('relais-hints 0123 ' . base64_encode("Link: </evil>\r\n\r\n") . '.', 4);
        error_log('relais-hints  .', 4);
        flush();
        $told = 'relais-hints 0123 ' . base64_encode("Link: </evil>\r\n\r\n") . '.';
        break;
    case 'broken':
        // What only a script can send that reads the mark in the function's own source.
        $text = file_get_contents((new ReflectionFunction('headers_send'))->getFileName());
        preg_match('/relais-hints \w+ /', $text, $mark);
        foreach (['.', '!.', base64_encode('no blank line') . '.', base64_encode("Status: 999x\r\n\r\n") . '.',
            base64_encode("A: b\r\n\r\nC: d\r\n\r\n") . '.', 'unended'] as $payload) {
            error_log($mark[0] . $payload, 4);
            flush();
        }
        $told = 'broken';
        break;
    case 'symfony':
        // As Symfony's Response::sendHeaders(103) and send() do.
        header($link, false, 201);
        $told = headers_send(103);
        header('HTTP/1.1 201 Created', true, 201);
        header('Content-Type: text/plain', true, 201);
        break;
    case 'buffered':
        ob_start();
        echo 'buffered ';
        $told = $send($link);
        break;
    case 'again':
        $told = $send($link);
        if (!file_exists("{$_GET['side']}/first")) {
            file_put_contents("{$_GET['side']}/first", (string) getmypid());
            posix_kill(getmypid(), 9);
        }
        break;
    case 'kept':
        $told = $send($link, 'Cache-Control: public, max-age=60');
        break;
    case 'file':
        $told = $send($link);
        header('X-Sendfile: /nowhere/at/all');
        break;
    case 'finish':
        $told = $send($link);
        echo $told;
        fastcgi_finish_request();
        headers_send(103);
        return;
}
if (isset($_GET['side'])) {
    file_put_contents("{$_GET['side']}/waits", (string) getmypid());
    while (is_dir($_GET['side']) && !file_exists("{$_GET['side']}/gate")) {
        clearstatcache();
        usleep(2000);
    }
}
echo $told;
