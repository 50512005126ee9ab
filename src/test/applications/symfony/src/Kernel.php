<?php

declare(strict_types=1);

namespace Box;

use Symfony\Bundle\FrameworkBundle\FrameworkBundle;
use Symfony\Bundle\FrameworkBundle\Kernel\MicroKernelTrait;
use Symfony\Bundle\SecurityBundle\SecurityBundle;
use Symfony\Bundle\TwigBundle\TwigBundle;
use Symfony\Component\DependencyInjection\Loader\Configurator\ContainerConfigurator;
use Symfony\Component\HttpKernel\Kernel as BaseKernel;
use Symfony\Component\Routing\Loader\Configurator\RoutingConfigurator;
use Symfony\Component\Security\Core\User\InMemoryUser;

/** A box of documents: Symfony's own bundles do all the work, and keep what they write in var/. */
final class Kernel extends BaseKernel
{
    use MicroKernelTrait;

    public function getProjectDir(): string
    {
        return dirname(__DIR__);
    }

    public function registerBundles(): iterable
    {
        return [new FrameworkBundle(), new SecurityBundle(), new TwigBundle()];
    }

    private function configureContainer(ContainerConfigurator $container): void
    {
        $container->extension('framework', [
            'secret' => 'for a test only',
            'session' => ['storage_factory_id' => 'session.storage.factory.native', 'cookie_samesite' => 'lax'],
            'form' => true,
            'csrf_protection' => true,
            'validation' => ['enable_annotations' => false],
            'router' => ['utf8' => true],
            'http_method_override' => false,
        ]);
        $container->extension('twig', ['form_themes' => ['form_div_layout.html.twig']]);
        $container->extension('security', [
            'enable_authenticator_manager' => true,
            'password_hashers' => [InMemoryUser::class => 'plaintext'],
            'providers' => ['all' => ['memory' => ['users' => ['ada' => ['password' => 'lovelace', 'roles' => ['ROLE_USER']]]]]],
            'firewalls' => ['main' => [
                'lazy' => true,
                'form_login' => ['login_path' => 'login', 'check_path' => 'login', 'enable_csrf' => true, 'default_target_path' => 'list'],
                'logout' => ['path' => 'logout', 'target' => 'login'],
            ]],
            'access_control' => [['path' => '^/documents', 'roles' => 'ROLE_USER']],
        ]);
        $container->services()
            ->set(Documents::class)->args(['%kernel.project_dir%/var/documents'])
            ->set(Controller::class)->autowire()->autoconfigure()->tag('controller.service_arguments')->public();
    }

    private function configureRoutes(RoutingConfigurator $routes): void
    {
        $routes->add('home', '/')->controller([Controller::class, 'home']);
        $routes->add('login', '/login')->controller([Controller::class, 'login']);
        $routes->add('logout', '/logout')->methods(['GET']);
        $routes->add('list', '/documents')->controller([Controller::class, 'list'])->methods(['GET', 'POST']);
        $routes->add('download', '/documents/{name}')->controller([Controller::class, 'download'])->methods(['GET']);
        $routes->add('broken', '/broken')->controller([Controller::class, 'broken']);
    }
}
