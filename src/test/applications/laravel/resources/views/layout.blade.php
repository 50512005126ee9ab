<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>@yield('title')</title></head>
<body>
@yield('content')
</body>
</html>
