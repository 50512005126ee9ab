<?php

declare(strict_types=1);

namespace Box;

use Symfony\Component\HttpFoundation\File\UploadedFile;

/** The files of the box. */
final class Documents
{
    public function __construct(private string $directory)
    {
    }

    /** @return list<string> names in order */
    public function names(): array
    {
        return array_map('basename', glob($this->directory . '/*') ?: []);
    }

    /** Null when there is none of this name. */
    public function path(string $name): ?string
    {
        $path = $this->directory . '/' . basename($name);

        return is_file($path) ? $path : null;
    }

    public function add(string $name, UploadedFile $file): void
    {
        $file->move($this->directory, basename($name));
    }
}
