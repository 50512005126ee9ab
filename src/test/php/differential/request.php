<?php
// The request as PHP sees it, one fact a line: "name=value", both percent-encoded so that each byte survives.
$fact = function (string $name, mixed $value) use (&$fact): void {
    if (!is_array($value)) {
        echo rawurlencode($name), '=', rawurlencode(get_debug_type($value) . ' ' . $value), "\n";
    } elseif ($value === []) {
        echo rawurlencode($name), "=empty\n";
    } else {
        foreach ($value as $key => $inner) {
            $fact("{$name}[{$key}]", $inner);
        }
    }
};

header('Content-Type: application/x-facts');
$fact('$_SERVER', $_SERVER);
$fact('$_GET', $_GET);
$fact('$_POST', $_POST);
$fact('$_COOKIE', $_COOKIE);
$fact('$_FILES', $_FILES);
foreach ($_FILES as $field => $file) {
    foreach ((array) $file['tmp_name'] as $key => $name) {
        $fact("content of {$field}[{$key}]", is_string($name) && is_uploaded_file($name) ? sha1_file($name) : 'none');
    }
}
$fact('php://input', file_get_contents('php://input'));
$fact('getallheaders()', getallheaders());
$fact('getenv() beyond $_SERVER', array_diff_key(getenv(), $_SERVER));
