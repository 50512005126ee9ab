<?php

declare(strict_types=1);

use App\Http\Controllers\Notes;
use Illuminate\Support\Facades\Route;

Route::get('/notes', [Notes::class, 'index'])->name('notes');
Route::post('/notes', [Notes::class, 'store']);
