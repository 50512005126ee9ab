<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * An application of Laravel, 8 and later. There is one application object for all requests, so that nobody can hold an old one: after each request the
 * container and every service that was made at boot get the properties that they had after the boot ({@see Memento}), and what was made in the request is
 * forgotten. That is what Octane's listeners do by a clone of the container and one listener for each service of the framework (config/octane.php and
 * src/Listeners of laravel/octane), and it holds for services of packages and of the application as well. What such a service has made inside itself, and
 * keeps for the next request because it is dear, is cleaned in {@see clean()}.
 */
final class Laravel
{
    public const SIGNS = 'Laravel (bootstrap/app.php)';

    /** Made at boot, as Octane does; but no session store: each request has one of its own. */
    private const WARM = ['auth', 'cache', 'cache.store', 'config', 'cookie', 'db', 'db.factory', 'db.transactions', 'encrypter', 'files', 'filesystem',
        'hash', 'log', 'queue', 'redis', 'router', 'routes', 'session', 'translator', 'url', 'view'];

    /** Properties that stay: connections and what only saves time. */
    private const KEPT = [
        'Illuminate\Cache\CacheManager' => ['stores'],
        'Illuminate\Database\DatabaseManager' => ['connections'],
        'Illuminate\Filesystem\FilesystemManager' => ['disks'],
        'Illuminate\Log\LogManager' => ['channels'],
        'Illuminate\Queue\QueueManager' => ['connections'],
        'Illuminate\Redis\RedisManager' => ['connections'],
        'Illuminate\View\Engines\EngineResolver' => ['resolved'],
        'Illuminate\View\FileViewFinder' => ['views'],
    ];

    private \Illuminate\Foundation\Application $app;

    /** @var list<Memento> */
    private array $mementos = [];

    private function __construct(private string $folder)
    {
    }

    public static function in(string $folder): ?self
    {
        return is_file("$folder/bootstrap/app.php") ? new self($folder) : null;
    }

    /** @return \Closure(): void */
    public function boot(): \Closure
    {
        \defined('LARAVEL_START') || \define('LARAVEL_START', microtime(true));
        if (!Applications::load("{$this->folder}/vendor/autoload.php", "{$this->folder}/bootstrap/autoload.php")) {
            throw new NoApplication("resident: true: {$this->folder} has bootstrap/app.php, and nothing that says how classes are loaded: looked for"
                . ' vendor/autoload.php and bootstrap/autoload.php');
        }
        $app = (static fn () => require func_get_arg(0))("{$this->folder}/bootstrap/app.php");
        if (!$app instanceof \Illuminate\Foundation\Application) {
            throw new NoApplication("resident: true: {$this->folder}/bootstrap/app.php returns " . get_debug_type($app)
                . ' instead of an application of Laravel. Remedy: name a worker script, as in resident: worker.php');
        }
        $this->app = $app;
        $kernel = $app->make(\Illuminate\Contracts\Http\Kernel::class);
        $this->bootstrap($kernel);
        $this->remember();
        return function () use ($kernel): void {
            $request = \Illuminate\Http\Request::capture();
            $response = $kernel->handle($request);
            $response->send(); // completes the answer, too
            $kernel->terminate($request, $response);
            $this->clean($request);
        };
    }

    /** Boots as the kernel would at its first request, with the one of the command line in the request's place, for providers that ask for it. */
    private function bootstrap(object $kernel): void
    {
        $steps = (fn (): array => $this->bootstrappers())->call($kernel);
        $at = array_search(\Illuminate\Foundation\Bootstrap\RegisterProviders::class, $steps, true);
        if ($at !== false) {
            array_splice($steps, $at, 0, [\Illuminate\Foundation\Bootstrap\SetRequestForConsole::class]);
        }
        $this->app->bootstrapWith($steps);
        $this->app->loadDeferredProviders();
        foreach (self::WARM as $service) {
            if ($this->app->bound($service)) {
                $this->app->make($service);
            }
        }
    }

    /** Takes down what every service looks like that a request finds. */
    private function remember(): void
    {
        foreach (['auth.driver', 'session.store', 'request'] as $ofOneRequest) {
            $this->app->forgetInstance($ofOneRequest);
        }
        if (method_exists($this->app, 'forgetScopedInstances')) {
            $this->app->forgetScopedInstances();
        }
        $instances = (fn (): array => $this->instances)->call($this->app);
        $seen = [];
        foreach ([$this->app, ...array_values($instances)] as $service) {
            if (\is_object($service) && !isset($seen[spl_object_id($service)])) {
                $seen[spl_object_id($service)] = true;
                $memento = Memento::of($service, self::kept($service));
                $memento && $this->mementos[] = $memento;
            }
        }
    }

    /** @return list<string> */
    private static function kept(object $service): array
    {
        $kept = [];
        foreach (self::KEPT as $class => $properties) {
            $service instanceof $class && $kept = [...$kept, ...$properties];
        }
        return $kept;
    }

    /** After each request. */
    private function clean(object $request): void
    {
        $route = $request->route();
        if ($route && method_exists($route, 'flushController')) {
            $route->flushController(); // a route keeps its controller, and that one the request's user
        }
        foreach ($this->mementos as $memento) {
            $memento->restore();
        }
        \Illuminate\Support\Facades\Facade::clearResolvedInstances();
        $this->cleanServices();
        $this->cleanConnections();
        self::cleanStatics();
        $this->cleanLocale();
    }

    private function cleanServices(): void
    {
        $this->made('auth')?->forgetGuards();
        $session = $this->made('session');
        $session && method_exists($session, 'forgetDrivers') && $session->forgetDrivers();
        $livewire = $this->made('Livewire\LivewireManager');
        $livewire && method_exists($livewire, 'flushState') && $livewire->flushState();
        if ($cache = $this->made('cache')) {
            foreach ((fn (): array => $this->stores)->call($cache) as $store) {
                $store->getStore() instanceof \Illuminate\Cache\ArrayStore && $store->flush();
            }
        }
        $log = $this->made('log');
        foreach ($log && method_exists($log, 'getChannels') ? $log->getChannels() : [] as $channel) {
            method_exists($channel, 'withoutContext') && $channel->withoutContext();
            $logger = method_exists($channel, 'getLogger') ? $channel->getLogger() : null;
            $logger instanceof \Monolog\ResettableInterface && $logger->reset();
        }
    }

    /** Connections stay open, and nothing of the request stays in them. */
    private function cleanConnections(): void
    {
        foreach ($this->made('db')?->getConnections() ?? [] as $connection) {
            try {
                $connection->transactionLevel() > 0 && $connection->rollBack(0);
            } catch (\Throwable) {
                $connection->disconnect(); // it is opened again when it is needed
            }
            foreach (['flushQueryLog', 'disableQueryLog', 'forgetRecordModificationState', 'resetTotalQueryDuration',
                'allowQueryDurationHandlersToRunAgain'] as $method) {
                method_exists($connection, $method) && $connection->$method();
            }
        }
    }

    /** Caches of the framework that grow with what requests bring, or that hold what they made. */
    private static function cleanStatics(): void
    {
        method_exists(\Illuminate\Support\Str::class, 'flushCache') && \Illuminate\Support\Str::flushCache();
        class_exists('Illuminate\Support\Once', false) && \Illuminate\Support\Once::flush();
    }

    private function cleanLocale(): void
    {
        if (class_exists('Carbon\Carbon', false) && \Carbon\Carbon::getLocale() !== $this->app->getLocale()
            && class_exists(\Carbon\Laravel\ServiceProvider::class)) {
            (new \Carbon\Laravel\ServiceProvider($this->app))->updateLocale();
        }
    }

    /** A service if it was made at boot. */
    private function made(string $service): ?object
    {
        return $this->app->resolved($service) && $this->app->bound($service) ? $this->app->make($service) : null;
    }
}

/**
 * What the properties of an object were, private ones of its parents too. Objects in them are kept by reference: what changes inside of those is not put
 * back. Properties that cannot be written again (readonly, with hooks) stay as they are.
 */
final class Memento
{
    /** @var array<string, \Closure> by class: puts properties back from inside of it */
    private static array $inside = [];

    /** @var list<array{\Closure, array<string, mixed>, list<string>}> how, to which values, and which had none */
    private array $parts = [];

    private function __construct(private object $object)
    {
    }

    /**
     * @param list<string> $kept names of properties that stay as a request leaves them
     * @return ?self null when there is nothing that could change
     */
    public static function of(object $object, array $kept = []): ?self
    {
        $memento = new self($object);
        $names = array_flip($kept);
        $magic = method_exists($object, '__get'); // it would be asked for a property that was unset
        for ($class = new \ReflectionObject($object); $class && $class->isUserDefined(); $class = $class->getParentClass()) {
            $values = $none = [];
            foreach ($class->getProperties() as $property) {
                $name = $property->getName();
                if (isset($names[$name]) || $property->isStatic() || self::isFixed($property)) {
                    continue;
                }
                if ($property->isPrivate() && $property->getDeclaringClass()->getName() !== $class->getName()) {
                    continue; // its own class sees it
                }
                $property->isPrivate() || $names[$name] = true;
                if ($property->isInitialized($object)) {
                    $values[$name] = $property->getValue($object);
                } elseif (!$magic) {
                    $none[] = $name;
                }
            }
            if ($values || $none) {
                $memento->parts[] = [self::inside($class->getName()), $values, $none];
            }
        }
        return $memento->parts ? $memento : null;
    }

    public function restore(): void
    {
        foreach ($this->parts as [$inside, $values, $none]) {
            $inside($this->object, $values, $none);
        }
    }

    private static function isFixed(\ReflectionProperty $property): bool
    {
        return $property->isReadOnly() || (\PHP_VERSION_ID >= 80400 && $property->hasHooks());
    }

    private static function inside(string $class): \Closure
    {
        return self::$inside[$class] ??= \Closure::bind(static function (object $object, array $values, array $none): void {
            foreach ($values as $name => $value) {
                $object->$name = $value;
            }
            foreach ($none as $name) {
                unset($object->$name);
            }
        }, null, $class);
    }
}
