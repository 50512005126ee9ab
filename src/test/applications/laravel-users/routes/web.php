<?php

declare(strict_types=1);

use App\Http\Controllers\Desks;
use Illuminate\Support\Facades\Route;

Route::get('/enter/{name}', [Desks::class, 'enter']);
Route::get('/once/{name}', [Desks::class, 'once']);
Route::get('/fail/{name}', [Desks::class, 'fail']);
Route::get('/look', [Desks::class, 'look']);
