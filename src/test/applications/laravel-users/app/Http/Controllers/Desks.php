<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use App\{Basket, Desk, User};
use Illuminate\Http\{JsonResponse, Request};
use Illuminate\Routing\Controller;
use Illuminate\Support\Facades\{App, Auth, View};

/** Where users log in, and what the application knows of who asks. */
final class Desks extends Controller
{
    /** Whom this controller has served. Routes keep their controllers. */
    private ?string $served = null;

    public function enter(Request $request, string $name): JsonResponse
    {
        Auth::login(User::named($name));
        $request->session()->put('locale', $request->query('locale'));
        App::setLocale($request->query('locale'));

        return $this->serve($name);
    }

    /** The user is known for this request alone. */
    public function once(string $name): JsonResponse
    {
        Auth::setUser(User::named($name));
        App::setLocale('nl');

        return $this->serve($name);
    }

    public function fail(string $name): void
    {
        $this->once($name);
        throw new \RuntimeException("$name was served");
    }

    public function look(): JsonResponse
    {
        return $this->told();
    }

    private function serve(string $name): JsonResponse
    {
        $this->served = $name;
        App::make(Desk::class)->served = $name;
        App::make(Basket::class)->things[] = $name;
        App::instance('visitor', $name);
        View::share('visitor', $name);
        config(['app.name' => $name]);

        return $this->told();
    }

    private function told(): JsonResponse
    {
        return new JsonResponse([
            'user' => Auth::user()?->getAuthIdentifier(),
            'session' => session('locale'),
            'locale' => App::getLocale(),
            'word' => __('words.welcome'),
            'date' => \Carbon\Carbon::create(2026, 5, 1)->isoFormat('MMMM'),
            'basket' => App::make(Basket::class)->things,
            'desk' => App::make(Desk::class)->served,
            'controller' => $this->served,
            'visitor' => App::bound('visitor') ? App::make('visitor') : null,
            'shared' => View::shared('visitor'),
            'name' => config('app.name'),
        ], 200, ['X-Process' => getmypid()]);
    }
}
