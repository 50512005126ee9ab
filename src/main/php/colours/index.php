<?php
// The name of a colour: GET /api/colours?of=336699
// A resident function: the table is made once for each process, and then answers many requests.
declare(strict_types=1);

$names = [
    'black' => '000000', 'white' => 'ffffff', 'grey' => '808080', 'silver' => 'c0c0c0', 'red' => 'ff0000', 'maroon' => '800000', 'yellow' => 'ffff00',
    'olive' => '808000', 'lime' => '00ff00', 'green' => '008000', 'aqua' => '00ffff', 'teal' => '008080', 'blue' => '0000ff', 'navy' => '000080',
    'fuchsia' => 'ff00ff', 'purple' => '800080', 'orange' => 'ffa500', 'brown' => 'a52a2a', 'pink' => 'ffc0cb', 'gold' => 'ffd700', 'coral' => 'ff7f50',
    'salmon' => 'fa8072', 'khaki' => 'f0e68c', 'turquoise' => '40e0d0', 'indigo' => '4b0082', 'violet' => 'ee82ee', 'steelblue' => '4682b4',
];
$points = array_map(static fn (string $hex): array => array_map(hexdec(...), str_split($hex, 2)), $names);

$nearest = static function (array $point) use ($points): string {
    $distances = array_map(static fn (array $other): int => array_sum(array_map(static fn ($a, $b) => ($a - $b) ** 2, $point, $other)), $points);
    return array_search(min($distances), $distances, true);
};

return static function () use ($nearest): void {
    header('Content-Type: application/json');
    $of = $_GET['of'] ?? '';
    if (!is_string($of) || preg_match('/^[0-9a-f]{6}$/i', $of) !== 1) {
        http_response_code(400);
        echo json_encode(['error' => 'of is a colour such as 336699']);
        return;
    }
    echo json_encode(['colour' => $of, 'name' => $nearest(array_map(hexdec(...), str_split($of, 2)))]);
};
