"""A cleaner of /tmp, as systemd-tmpfiles: files and sockets that are old go, but nothing of a folder on which a process holds a lock."""

import collections
import fcntl
import os
import stat
import time


def clean(folder, age):
    """Removes what is older than `age` seconds below the folder; counts what it did."""
    done = collections.Counter()
    for at in [p for p in folder.iterdir() if p.is_dir() and not p.is_symlink()]:
        if is_locked(at):
            done["folders left, as they are locked"] += 1
            continue
        for entry in at.iterdir():
            found = entry.lstat()
            if stat.S_ISDIR(found.st_mode):
                continue
            if time.time() - max(found.st_atime, found.st_mtime, found.st_ctime) > age:
                entry.unlink(missing_ok=True)
                done["old files removed"] += 1
        done.update(clean(at, age))
    return done


def is_locked(folder):
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return False
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
