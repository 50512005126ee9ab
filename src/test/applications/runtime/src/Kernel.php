<?php

declare(strict_types=1);

namespace App;

use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Component\DependencyInjection\Loader\Configurator\ContainerConfigurator;
use Symfony\Component\HttpFoundation\JsonResponse;
use Symfony\Component\HttpFoundation\Request;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;

/** An application in the form that Symfony's skeleton has with the component Runtime. It counts what it has answered. */
final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    private int $count = 0;

    public function getProjectDir(): string
    {
        return dirname(__DIR__);
    }

    public function registerBundles(): iterable
    {
        return [new FrameworkBundle()];
    }

    public function home(Request $request): JsonResponse
    {
        return new JsonResponse(['count' => ++$this->count, 'greeted' => $_SERVER['GREETED'] ?? null, 'name' => $request->query->get('name')]);
    }

    private function configureContainer(ContainerConfigurator $container): void
    {
        $container->extension('framework', ['secret' => 'for a test only', 'router' => ['utf8' => true], 'http_method_override' => false]);
    }

    private function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->add('home', '/')->controller([self::class, 'home']);
    }
}
