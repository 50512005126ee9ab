"""The servers under test (Relais, nginx, HAProxy, each with PHP-FPM) and what can be seen of their processes."""
