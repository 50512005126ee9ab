<?php
// A small front-controller application: /api/app, /api/app/notes/1, ... all arrive here, the rest of the path in PATH_INFO.
declare(strict_types=1);

namespace App;

require __DIR__ . '/src/Note.php';
require __DIR__ . '/src/Notes.php';
require __DIR__ . '/src/View.php';

$user = function_exists('posix_geteuid') ? posix_geteuid() : 0;
$notes = new Notes(sys_get_temp_dir() . "/relais-example-notes-$user.json");
$view = new View(__DIR__ . '/templates');

$method = $_SERVER['REQUEST_METHOD'] === 'HEAD' ? 'GET' : $_SERVER['REQUEST_METHOD'];
$path = $_SERVER['PATH_INFO'] ?? '';
// Links are relative to the page: from /api/app the list of notes is at "app/", from /api/app/notes/1 at "../".
$base = $path === '' ? 'app/' : str_repeat('../', max(0, substr_count($path, '/') - 1));

/** @return never */
function redirect(string $to): void
{
    http_response_code(303);
    header("Location: $to");
    exit;
}

if ($path === '' || $path === '/') {
    if ($method === 'GET') {
        $view->show('list', ['base' => $base, 'notes' => $notes->all(), 'error' => null, 'text' => '']);
        return;
    }
    $allow = 'GET, HEAD';
} elseif ($path === '/notes') {
    if ($method === 'POST') {
        $text = $_POST['text'] ?? '';
        try {
            $note = $notes->add(is_string($text) ? $text : '');
        } catch (\InvalidArgumentException $e) {
            http_response_code(400);
            $view->show('list', [
                'base' => $base,
                'notes' => $notes->all(),
                'error' => $e->getMessage(),
                'text' => is_string($text) ? $text : '',
            ]);
            return;
        }
        redirect("notes/$note->id");
    }
    if ($method === 'GET') {
        redirect('./');
    }
    $allow = 'GET, HEAD, POST';
} elseif (preg_match('#^/notes/([1-9][0-9]{0,8})$#D', $path, $match) === 1 && ($note = $notes->find((int) $match[1])) !== null) {
    if ($method === 'GET') {
        $view->show('note', ['base' => $base, 'note' => $note]);
        return;
    }
    $allow = 'GET, HEAD';
} else {
    http_response_code(404);
    $view->show('missing', ['base' => $base, 'path' => $path]);
    return;
}

http_response_code(405);
header("Allow: $allow");
