<?php
// Answers of many shapes: one for each value of "case"; without one, their names.
$cases = [
    'plain' => function () { echo "plain\n"; },
    'nothing at all' => function () {},
    'status 201' => function () { http_response_code(201); echo 'created'; },
    'status 202 without a body' => function () { http_response_code(202); },
    'status 203' => function () { http_response_code(203); echo 'x'; },
    'status 204' => function () { http_response_code(204); },
    'status 204 with a body' => function () { http_response_code(204); echo 'not to be sent'; },
    'status 204 with a length' => function () { http_response_code(204); header('Content-Length: 0'); },
    'status 205' => function () { http_response_code(205); },
    'status 206 by the script' => function () {
        http_response_code(206);
        header('Content-Range: bytes 0-3/10');
        echo '0123';
    },
    'status 300' => function () { http_response_code(300); echo 'choose'; },
    'status 304' => function () { http_response_code(304); header('ETag: "a"'); },
    'status 304 with a body' => function () { http_response_code(304); echo 'not to be sent'; },
    'status 304 with a length' => function () {
        http_response_code(304);
        header('ETag: W/"b"');
        header('Content-Length: 12');
    },
    'status 400' => function () { http_response_code(400); echo 'bad'; },
    'status 401 with a challenge' => function () {
        http_response_code(401);
        header('WWW-Authenticate: Basic realm="a, b", charset="UTF-8"');
        header('WWW-Authenticate: Bearer', false);
    },
    'status 403' => function () { http_response_code(403); echo 'no'; },
    'status 404' => function () { http_response_code(404); echo 'a page of the function'; },
    'status 405' => function () { http_response_code(405); header('Allow: GET, PUT'); },
    'status 410' => function () { http_response_code(410); },
    'status 416' => function () { http_response_code(416); header('Content-Range: bytes */10'); },
    'status 418' => function () { http_response_code(418); echo 'teapot'; },
    'status 422' => function () { http_response_code(422); header('Content-Type: application/json'); echo '{}'; },
    'status 429' => function () { http_response_code(429); header('Retry-After: 7'); },
    'status 451' => function () { http_response_code(451); },
    'status 500' => function () { http_response_code(500); echo 'failed'; },
    'status 503' => function () { http_response_code(503); header('Retry-After: Wed, 21 Oct 2015 07:28:00 GMT'); },
    'status 599' => function () { http_response_code(599); echo 'odd'; },
    'status by a Status header' => function () { header('Status: 403 Forbidden'); echo 'x'; },
    'status by an HTTP line' => function () { header('HTTP/1.1 404 Not Found'); echo 'x'; },
    'reason of its own' => function () { header('HTTP/1.1 404 Gone Fishing'); echo 'x'; },
    'status by the third argument' => function () { header('X-A: 1', true, 409); echo 'x'; },
    'location without status' => function () { header('Location: /api/hello'); },
    'location with 301' => function () { header('Location: /api/hello', true, 301); },
    'location with 303' => function () { header('Location: https://example.org/x?y=1#z', true, 303); echo 'see'; },
    'location with 307' => function () { http_response_code(307); header('Location: //example.org/a'); },
    'location with 308' => function () { http_response_code(308); header('Location: other'); },
    'location with 201' => function () { http_response_code(201); header('Location: /things/1'); echo 'made'; },
    'refresh' => function () { header('Refresh: 5; url=/api/hello'); echo 'x'; },
    'one cookie' => function () { setcookie('a', '1'); },
    'several cookies' => function () {
        setcookie('a', '1 2;3', ['path' => '/', 'httponly' => true, 'samesite' => 'Lax', 'secure' => true]);
        setcookie('b', 'x', ['expires' => 2_000_000_000, 'domain' => 'example.org']);
        setrawcookie('c', 'raw%20value');
        header('Set-Cookie: d=4', false);
    },
    'a cookie deleted' => function () { setcookie('a', ''); },
    'header repeated' => function () { header('X-A: 1'); header('X-A: 2', false); header('x-a: 3', false); },
    'header replaced' => function () { header('X-A: 1'); header('x-A: 2'); },
    'header removed' => function () { header('X-A: 1'); header('X-B: 2'); header_remove('X-A'); },
    'header names keep their case' => function () { header('x-lower: 1'); header('X-UPPER: 2'); header('X-MiXed: 3'); },
    'header with an underscore' => function () { header('X_Under_Score: 1'); },
    'header with token characters' => function () { header("X!#$%&'*+-.^_`|~9: 1"); },
    'header with obs-text' => function () { header("X-Latin: caf\xE9 \xFF"); header("X-Utf8: \u{e4}\u{20ac}"); },
    'header with a tab inside' => function () { header("X-A: one\ttwo"); },
    'header with blanks around' => function () { header('X-A:   one   '); },
    'header without a blank' => function () { header('X-A:one'); },
    'header empty' => function () { header('X-Empty:'); header('X-Blank: '); },
    'header with colons and quotes' => function () { header('X-A: a:b "c, d"; e=\'f\''); },
    'header of 7 KiB' => function () { header('X-Long: ' . str_repeat('l', 7_000)); },
    'fifty headers' => function () { for ($i = 0; $i < 50; $i++) { header("X-H$i: $i"); } },
    'caching headers' => function () {
        header('Cache-Control: private, max-age=60');
        header('Expires: Thu, 19 Nov 1981 08:52:00 GMT');
        header('Pragma: no-cache');
        header('Vary: Accept, Accept-Encoding');
        header('Age: 3');
    },
    'last-modified' => function () { header('Last-Modified: Sat, 29 Oct 1994 19:43:31 GMT'); echo 'x'; },
    'etag' => function () { header('ETag: "v1"'); echo 'x'; },
    'date of its own' => function () { header('Date: Sat, 29 Oct 1994 19:43:31 GMT'); echo 'x'; },
    'server of its own' => function () { header('Server: mine/1'); echo 'x'; },
    'security headers' => function () {
        header("Content-Security-Policy: default-src 'self'; img-src *");
        header('Strict-Transport-Security: max-age=1; includeSubDomains');
        header('X-Frame-Options: DENY');
        header('Access-Control-Allow-Origin: *');
    },
    'link repeated' => function () { header('Link: </a>; rel=preload', false); header('Link: </b>; rel=next', false); },
    'content-disposition' => function () { header("Content-Disposition: attachment; filename*=UTF-8''%e2%82%ac.txt"); echo 'x'; },
    'content type json' => function () { header('Content-Type: application/json'); echo '{"a":1}'; },
    'content type without charset' => function () { ini_set('default_charset', ''); echo 'x'; },
    'content type text/plain gets a charset' => function () { header('Content-Type: text/plain'); echo 'x'; },
    'content type with parameters' => function () { header('Content-Type: text/csv; header=present; charset="utf-8"'); echo 'a,b'; },
    'content type empty' => function () { header('Content-Type:'); echo 'x'; },
    'content type removed' => function () { header_remove('Content-Type'); ini_set('default_mimetype', ''); echo 'x'; },
    'content length' => function () { header('Content-Length: 5'); echo '12345'; },
    'content length in odd case' => function () { header('content-length: 5'); echo '12345'; },
    'content length of an empty body' => function () { header('Content-Length: 0'); },
    'content length smaller than the body' => function () { header('Content-Length: 3'); echo '12345'; },
    'content length with a large body' => function () { header('Content-Length: 200000'); echo str_repeat('b', 200_000); },
    'content encoding by the script' => function () { header('Content-Encoding: gzip'); echo gzencode('zipped'); },
    'content language' => function () { header('Content-Language: de, en'); echo 'x'; },
    'content location' => function () { header('Content-Location: /api/x.json'); echo 'x'; },
    'accept-ranges' => function () { header('Accept-Ranges: none'); echo '0123456789'; },
    'trailing newlines' => function () { echo "x\n\n\r\n"; },
    'body that looks like a head' => function () { echo "X-A: 1\r\n\r\nrest"; },
    'body of all bytes' => function () {
        header('Content-Type: application/octet-stream');
        echo implode(array_map('chr', range(0, 255)));
    },
    'body of one byte' => function () { echo "\0"; },
    'body of 65,535 bytes' => function () { echo str_repeat('r', 65_535); },
    'body of 65,536 bytes' => function () { echo str_repeat('r', 65_536); },
    'body of 3 MiB' => function () { for ($i = 0; $i < 3 * 1024; $i++) { echo str_repeat(chr(97 + $i % 26), 1024); } },
    'flushed in three pieces' => function () {
        foreach (['one ', 'two ', 'three'] as $piece) {
            echo $piece;
            while (ob_get_level() > 0) { ob_end_flush(); }
            flush();
        }
    },
    'flushed before any output' => function () { header('X-A: 1'); flush(); echo 'late'; },
    'buffered output dropped' => function () { ob_start(); echo 'no'; ob_end_clean(); echo 'yes'; },
    'event stream' => function () { header('Content-Type: text/event-stream'); echo "data: 1\n\n"; flush(); echo "data: 2\n\n"; },
    'exit in the middle' => function () { echo 'before'; exit(3); echo 'after'; },
    'uncaught exception' => function () { throw new RuntimeException('secret'); },
    'uncaught exception after output' => function () { echo 'before'; flush(); throw new RuntimeException('secret'); },
    'warning in the log' => function () { trigger_error('to the log', E_USER_WARNING); echo 'x'; },
    'finished early' => function () { echo 'early'; fastcgi_finish_request(); echo 'late'; },
    'gzip by PHP if accepted' => function () { ob_start('ob_gzhandler'); echo str_repeat('compress me ', 100); },
    'conditional by the script' => function () {
        header('ETag: "v1"');
        header('Last-Modified: Sat, 29 Oct 1994 19:43:31 GMT');
        if (($_SERVER['HTTP_IF_NONE_MATCH'] ?? '') === '"v1"') {
            http_response_code(304);
        } else {
            echo 'whole';
        }
    },
    'range by the script' => function () {
        header('Accept-Ranges: bytes');
        if (preg_match('/^bytes=(\d+)-(\d+)$/', $_SERVER['HTTP_RANGE'] ?? '', $range)) {
            http_response_code(206);
            header("Content-Range: bytes $range[1]-$range[2]/10");
            echo substr('0123456789', (int) $range[1], $range[2] - $range[1] + 1);
        } else {
            echo '0123456789';
        }
    },
];

$name = $_GET['case'] ?? '';
if ($name === '') {
    header('Content-Type: text/plain');
    echo implode("\n", array_keys($cases));
} else {
    $cases[$name]();
}
