<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * What a value looks like, without the value: its type, how many elements it holds in all, and a mark that differs if its scalars differ.
 * Nothing here keeps a value or tells it, since it may be secret.
 */
final class Shape
{
    /** How far down elements are counted, and how many of them. */
    private const DEEPEST = 6;
    private const MOST = 5_000;

    /** How far down scalars are a part of the mark, and how many bytes of each string. */
    private const MARKED = 2;
    private const BYTES = 256;

    public int $size = 0;

    public string $type;

    public string $mark;

    /** @var array<string, int> how many elements each property of an object holds; keys of arrays may be secret as well */
    public array $parts = [];

    /** @var array<int, true> */
    private array $seen = [];

    private string $text = '';

    public function __construct(mixed $value)
    {
        $this->type = self::type($value);
        $this->look($value, 0);
        if (\is_object($value)) {
            $this->text .= \spl_object_id($value);
        }
        $this->mark = \hash('xxh3', $this->text);
        $this->seen = [];
        $this->text = '';
    }

    /** The values that an object holds, whatever class it is; it runs no code of the object and initialises nothing that is lazy. */
    public static function inside(object $object): array
    {
        if ($object instanceof \Closure) {
            $function = new \ReflectionFunction($object);
            return [...\array_values($function->getStaticVariables()), $function->getClosureThis()];
        }
        $held = match (true) {
            $object instanceof \ArrayObject, $object instanceof \ArrayIterator => $object->getArrayCopy(),
            $object instanceof \SplObjectStorage, $object instanceof \SplDoublyLinkedList => $object->__serialize(),
            $object instanceof \SplFixedArray => $object->toArray(),
            $object instanceof \WeakMap => self::values($object),
            default => null,
        };
        $inside = \get_mangled_object_vars($object);
        return $held === null ? $inside : [...\array_values($inside), $held];
    }

    private static function values(\WeakMap $map): array
    {
        $values = [];
        foreach ($map as $value) {
            $values[] = $value;
        }
        return $values;
    }

    private static function type(mixed $value): string
    {
        return \is_object($value) ? self::name($value::class) : \get_debug_type($value);
    }

    /** A name of a class; one that has no name has the path of its file in it, after a zero byte. */
    public static function name(string $class): string
    {
        return \explode("\0", $class, 2)[0];
    }

    private function look(mixed $value, int $depth): void
    {
        $marked = $depth <= self::MARKED;
        if (!\is_array($value) && !\is_object($value)) {
            if ($marked) {
                $this->text .= self::scalar($value);
            }
            return;
        }
        if ($marked) {
            $this->text .= \is_object($value) ? $value::class : 'array';
        }
        $named = $depth === 0 && \is_object($value) && !$value instanceof \stdClass;
        if (\is_object($value)) {
            if (isset($this->seen[\spl_object_id($value)]) || $value instanceof \UnitEnum) {
                return;
            }
            $this->seen[\spl_object_id($value)] = true;
            $value = self::inside($value);
        }
        if ($depth === self::DEEPEST) {
            return;
        }
        foreach ($value as $key => $inner) {
            if (++$this->size > self::MOST) {
                return;
            }
            if ($marked) {
                $this->text .= ",$key=";
            }
            $before = $this->size;
            $this->look($inner, $depth + 1);
            if ($named && $this->size > $before && \is_string($key)) {
                $this->parts[self::part($key)] = $this->size - $before;
            }
        }
    }

    private static function scalar(mixed $value): string
    {
        return match (true) {
            \is_string($value) => \strlen($value) . ':' . \substr($value, 0, self::BYTES),
            \is_resource($value) => 'r' . \get_resource_id($value),
            default => \gettype($value) . \var_export($value, true),
        };
    }

    /** The name of a property without the class that a private one has before it. */
    private static function part(string $key): string
    {
        $zero = \strrpos($key, "\0");
        return $zero === false ? $key : \substr($key, $zero + 1);
    }
}
