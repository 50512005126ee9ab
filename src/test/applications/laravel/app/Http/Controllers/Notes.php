<?php

declare(strict_types=1);

namespace App\Http\Controllers;

use Illuminate\Contracts\View\View;
use Illuminate\Http\{RedirectResponse, Request};
use Illuminate\Routing\Controller;

/** Notes of a session: a page with a form, and what takes it. */
final class Notes extends Controller
{
    public function index(Request $request): View
    {
        return view('notes', ['notes' => $request->session()->get('notes', []), 'visits' => $request->session()->increment('visits')]);
    }

    public function store(Request $request): RedirectResponse
    {
        $valid = $request->validate(['note' => 'required|string|max:100']);
        $request->session()->push('notes', $valid['note']);

        return redirect()->route('notes');
    }
}
