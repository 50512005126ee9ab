@extends('layout')

@section('title', 'Notes')

@section('content')
    <h1>Notes</h1>
    <p>Visit {{ $visits }}</p>
    @foreach ($errors->all() as $error)
        <p class="error">{{ $error }}</p>
    @endforeach
    <ul>
        @forelse ($notes as $note)
            <li>{{ $note }}</li>
        @empty
            <li>None yet</li>
        @endforelse
    </ul>
    <form method="post" action="{{ route('notes') }}">
        @csrf
        <input name="note" maxlength="100" required>
        <button>Keep</button>
    </form>
@endsection
