"""PHP-FPM: which one, and the settings that all masters here share."""

import os
import pathlib
import re
import sys

# What Relais gives its masters, too. peers shows every setting in which the two differ in the end.
SETTINGS = {
    "max_execution_time": "0",
    "max_input_time": "-1",
    "opcache.validate_timestamps": "1",
    "opcache.revalidate_freq": "0",
    "opcache.file_update_protection": "2",
    "cgi.fix_pathinfo": "1",
}


def fpm():
    """The newest php-fpm on PATH, as Relais looks for it."""
    found = {}
    for directory in os.get_exec_path() + ["/usr/sbin"]:
        for path in sorted(pathlib.Path(directory).glob("php-fpm*")):
            if match := re.fullmatch(r"php-fpm(\d*)\.?(\d*)", path.name):
                found.setdefault(tuple(int(n or 0) for n in match.groups()), str(path))
    return found[max(found)] if found else sys.exit("no php-fpm on PATH: apt-get install php-fpm")


def command(directory, config, settings):
    """Runs a master in the foreground, with its files in this directory."""
    return fpm(), "-F", "-O", "-p", directory, "-y", config, *(word for item in settings.items() for word in ("-d", "=".join(item)))
