<?php

declare(strict_types=1);

namespace App\Http\Middleware;

use Closure;
use Illuminate\Http\Request;
use Illuminate\Support\Facades\App;

/** The application speaks the language of the session, where it has one. */
final class Speaks
{
    public function handle(Request $request, Closure $next): mixed
    {
        $request->session()->has('locale') && App::setLocale($request->session()->get('locale'));

        return $next($request);
    }
}
