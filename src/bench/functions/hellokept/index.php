<?php

/** The body of hello.php as a resident function: `resident: index.php`. */
return static function (): void {
    header('Content-Type: application/json');
    echo json_encode(['message' => 'Hello, ' . ($_GET['name'] ?? 'World') . '!']), "\n";
};
