<?php

declare(strict_types=1);

namespace App\Providers;

use App\{Basket, Desk, Users};
use App\Http\Middleware\Speaks;
use Illuminate\Auth\AuthServiceProvider;
use Illuminate\Foundation\Support\Providers\RouteServiceProvider as ServiceProvider;
use Illuminate\Support\Facades\{Auth, Route};

/** As that of the application that this one is laid over, and what users need. */
final class RouteServiceProvider extends ServiceProvider
{
    public function register(): void
    {
        parent::register();
        $this->app->register(AuthServiceProvider::class);
        $this->app->register(\Carbon\Laravel\ServiceProvider::class);
        $this->app->scoped(Basket::class);
        $this->app->singleton(Desk::class);
    }

    public function boot(): void
    {
        Auth::provider('everybody', static fn () => new Users());
        $this->routes(static fn () => Route::middleware(['web', Speaks::class])->group(base_path('routes/web.php')));
        $this->app->make(Desk::class);
        $this->app->make(Basket::class);
    }
}
