<?php

declare(strict_types=1);

namespace Relais\Resident;

/**
 * An application of Symfony, 4.4 and later. Its kernel stays; between two requests Symfony's own `services_resetter` puts back every service with the tag
 * `kernel.reset` (`Kernel::boot()` does that when a request has been handled), and `kernel.terminate` comes after the answer has been sent.
 */
final class Symfony
{
    public const SIGNS = 'Symfony (vendor/autoload_runtime.php with public/index.php, or src/Kernel.php)';

    private function __construct(private string $folder)
    {
    }

    public static function in(string $folder): ?self
    {
        return is_file("$folder/src/Kernel.php") || self::hasRuntime($folder) ? new self($folder) : null;
    }

    /** @return \Closure(): void */
    public function boot(): \Closure
    {
        $application = self::hasRuntime($this->folder) ? $this->ofRuntime() : $this->ofKernel();
        if ($application instanceof \Symfony\Component\HttpKernel\KernelInterface) {
            $application->boot();
            $container = $application->getContainer();
            $secures = self::bootSession($container);
            $kernel = $application;
            $application = $container->has('http_cache') ? $container->get('http_cache') : $application; // as Kernel::handle() does before its boot
        } else {
            $kernel = method_exists($application, 'getKernel') ? $application->getKernel() : null; // a kernel in an HttpCache
            $secures = false;
        }
        $terminable = $application instanceof \Symfony\Component\HttpKernel\TerminableInterface;
        return static function () use ($application, $kernel, $terminable, $secures): void {
            $request = \Symfony\Component\HttpFoundation\Request::createFromGlobals();
            $secures && $request->isSecure() && ini_set('session.cookie_secure', '1');
            $response = $application->handle($request);
            $response->send(); // completes the answer, too
            if ($terminable) {
                $application->terminate($request, $response);
            }
            $kernel?->boot();
        };
    }

    /**
     * Up to Symfony 5.4 the session is one object for all requests, and sets PHP's settings of sessions when it is made: at boot, then, for what a request
     * sets is put back after it. Later versions make one for each request.
     *
     * @return bool whether each request has to say that its cookie is for HTTPS alone, which that object would say for its first request
     */
    private static function bootSession(object $container): bool
    {
        if (!$container->has('session')) {
            return false;
        }
        @$container->get('session'); // a deprecated name, but for whoever needs it in these versions
        return $container->hasParameter('session.storage.options') && ($container->getParameter('session.storage.options')['cookie_secure'] ?? null) === 'auto';
    }

    private static function hasRuntime(string $folder): bool
    {
        return is_file("$folder/vendor/autoload_runtime.php") && is_file("$folder/public/index.php");
    }

    /** The application that public/index.php gives to the component Runtime. The runtime is the application's, but for its last step, which would run it. */
    private function ofRuntime(): object
    {
        Runtime::$wanted = $_SERVER['APP_RUNTIME'] ?? $_ENV['APP_RUNTIME'] ?? $this->runtimeOfComposer();
        $_SERVER['APP_RUNTIME'] = Runtime::class;
        $_SERVER['SCRIPT_FILENAME'] = "{$this->folder}/public/index.php";
        try {
            Applications::load($_SERVER['SCRIPT_FILENAME']);
        } catch (Given $given) {
            return $given->application;
        } finally {
            unset($_SERVER['APP_RUNTIME']);
        }
        throw new NoApplication("resident: true: {$this->folder}/public/index.php gives no kernel to vendor/autoload_runtime.php, which it has to include"
            . '. Remedy: name a worker script, as in resident: worker.php');
    }

    /** That of extra.runtime.class in composer.json, which Composer has written into the file; Symfony's where it says nothing. */
    private function runtimeOfComposer(): string
    {
        $file = (string) file_get_contents("{$this->folder}/vendor/autoload_runtime.php");
        return preg_match("/'APP_RUNTIME'\\] \\?\\? '([\\w\\\\]+)';/", $file, $found) ? stripslashes($found[1])
            : \Symfony\Component\Runtime\SymfonyRuntime::class;
    }

    /** The kernel of src/Kernel.php, without the component Runtime: skeletons before 5.3, and Debian's packages. */
    private function ofKernel(): object
    {
        $bootstrapped = Applications::load("{$this->folder}/config/bootstrap.php");
        if (!$bootstrapped && !Applications::load("{$this->folder}/vendor/autoload.php", "{$this->folder}/autoload.php")) {
            throw new NoApplication("resident: true: {$this->folder} has src/Kernel.php, and nothing that says how classes are loaded: looked for"
                . ' config/bootstrap.php, vendor/autoload.php and autoload.php');
        }
        if (!$bootstrapped && is_file("{$this->folder}/.env") && class_exists(\Symfony\Component\Dotenv\Dotenv::class)) {
            (new \Symfony\Component\Dotenv\Dotenv())->bootEnv("{$this->folder}/.env", 'prod');
        }
        $environment = (string) ($_SERVER['APP_ENV'] ?? $_ENV['APP_ENV'] ?? 'prod');
        $debug = (bool) ($_SERVER['APP_DEBUG'] ?? $_ENV['APP_DEBUG'] ?? $environment !== 'prod');
        if ($debug && class_exists(\Symfony\Component\ErrorHandler\Debug::class)) {
            \Symfony\Component\ErrorHandler\Debug::enable();
        }
        $class = $this->kernelClass();
        return new $class($environment, $debug);
    }

    private function kernelClass(): string
    {
        $file = "{$this->folder}/src/Kernel.php";
        $space = preg_match('/^\s*namespace\s+([\w\\\\]+)/m', (string) file_get_contents($file), $found) ? $found[1] . '\\' : '';
        if (!class_exists("{$space}Kernel")) {
            throw new NoApplication("resident: true: $file has no class {$space}Kernel that is loaded by its name");
        }
        return "{$space}Kernel";
    }
}

/**
 * What vendor/autoload_runtime.php makes instead of the application's runtime: that one does everything but run the application.
 * @internal
 */
final class Runtime
{
    /** The class of the application's runtime. */
    public static string $wanted;

    private object $runtime;

    public function __construct(array $options)
    {
        $this->runtime = new self::$wanted($options);
    }

    public function getResolver(callable $callable, ?\ReflectionFunction $reflector = null): object
    {
        return $this->runtime->getResolver($callable, $reflector);
    }

    /** @throws Given always, when there is an application that answers requests */
    public function getRunner(?object $application): object
    {
        throw $application instanceof \Symfony\Component\HttpKernel\HttpKernelInterface ? new Given($application)
            : new NoApplication('resident: true: public/index.php gives ' . get_debug_type($application) . ' instead of a kernel');
    }
}

/**
 * Brings the application out of public/index.php, which would end with the script.
 * @internal
 */
final class Given extends \Exception
{
    public function __construct(public readonly object $application)
    {
        parent::__construct('an application was given to the runtime');
    }
}
