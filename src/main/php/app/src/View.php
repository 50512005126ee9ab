<?php
declare(strict_types=1);

namespace App;

/** Templates: PHP files that see their values, and $e to escape them, inside templates/layout.php. */
final class View
{
    public function __construct(private readonly string $folder)
    {
    }

    /** @param array<string, mixed> $values */
    public function show(string $template, array $values): void
    {
        header('Content-Type: text/html; charset=utf-8');
        $content = $this->render($template, $values);
        echo $this->render('layout', $values + ['content' => $content]);
    }

    /** @param array<string, mixed> $values */
    private function render(string $template, array $values): string
    {
        $values['e'] = static fn (string $text): string => htmlspecialchars($text, ENT_QUOTES | ENT_SUBSTITUTE);
        ob_start();
        (static function (string $file, array $values): void {
            extract($values);
            require $file;
        })("$this->folder/$template.php", $values);
        return (string) ob_get_clean();
    }
}
