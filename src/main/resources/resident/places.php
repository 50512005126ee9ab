<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * Where PHP code keeps what outlives a request: static properties, static variables of functions and methods, globals, and the worker
 * itself. Classes and functions are looked at once, when they are first seen.
 */
final class Places
{
    private const SUPERGLOBALS = [
        'GLOBALS', '_GET', '_POST', '_COOKIE', '_FILES', '_SERVER', '_ENV', '_REQUEST', '_SESSION', 'argc', 'argv', 'http_response_header',
    ];

    private static int $classes = 0;

    private static int $functions = 0;

    /** @var array<string, \ReflectionProperty> */
    private static array $properties = [];

    /** @var array<string, \ReflectionFunctionAbstract> */
    private static array $variables = [];

    private static ?\Closure $worker = null;

    /** The function that answers requests. */
    public static function worker(callable $worker): void
    {
        self::$worker = \Closure::fromCallable($worker);
    }

    /** @return iterable<array{string, string, mixed}> kind, name and value of each place */
    public static function all(): iterable
    {
        self::learn();
        foreach (self::$properties as $name => $property) {
            if ($property->isInitialized()) {
                yield ['static', $name, $property->getValue()];
            }
        }
        foreach (self::$variables as $name => $function) {
            foreach ($function->getStaticVariables() as $variable => $value) {
                yield ['static', "\$$variable in $name", $value];
            }
        }
        foreach ($GLOBALS as $name => $value) {
            if (!\in_array($name, self::SUPERGLOBALS, true) && !self::isOurs($value)) {
                yield ['global', "\$$name", $value];
            }
        }
        if (self::$worker !== null) {
            $function = new \ReflectionFunction(self::$worker);
            foreach ($function->getStaticVariables() as $variable => $value) {
                yield ['worker', "\$$variable", $value];
            }
            if ($function->getClosureThis() !== null) {
                yield ['worker', '$this', $function->getClosureThis()];
            }
        }
    }

    /** Whether a static that was not there before has the value that its code gives it, or one that says nothing. */
    public static function isDefault(string $name, mixed $value): bool
    {
        $property = self::$properties[$name] ?? null;
        return $property === null ? empty($value) : $property->hasDefaultValue() && $property->getDefaultValue() === $value;
    }

    /** @return iterable<mixed> the values of all places */
    public static function values(): iterable
    {
        foreach (self::all() as [2 => $value]) {
            yield $value;
        }
    }

    private static function isOurs(mixed $value): bool
    {
        return \is_object($value) && \str_starts_with($value::class, __NAMESPACE__ . '\\');
    }

    private static function learn(): void
    {
        $classes = \get_declared_classes();
        foreach (\array_slice($classes, self::$classes) as $name) {
            $class = new \ReflectionClass($name);
            if (!$class->isInternal() && $class->getNamespaceName() !== __NAMESPACE__) {
                self::learnClass($class);
            }
        }
        self::$classes = \count($classes);
        $functions = \get_defined_functions()['user'];
        foreach (\array_slice($functions, self::$functions) as $name) {
            self::learnFunction(new \ReflectionFunction($name), $name);
        }
        self::$functions = \count($functions);
    }

    private static function learnClass(\ReflectionClass $class): void
    {
        $name = Shape::name($class->getName());
        foreach ($class->getProperties(\ReflectionProperty::IS_STATIC) as $property) {
            if ($property->getDeclaringClass()->getName() === $class->getName()) {
                self::$properties["$name::\$" . $property->getName()] = $property;
            }
        }
        foreach ($class->getMethods() as $method) {
            if ($method->getDeclaringClass()->getName() === $class->getName()) {
                self::learnFunction($method, "$name::" . $method->getName());
            }
        }
    }

    private static function learnFunction(\ReflectionFunctionAbstract $function, string $name): void
    {
        if (!$function->isInternal() && $function->getStaticVariables() !== []) {
            self::$variables["$name()"] = $function;
        }
    }
}
