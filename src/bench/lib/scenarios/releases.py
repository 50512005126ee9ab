"""A function of which every answer names its version, so that a mixed or an old answer shows."""

import os
import time

VISIBLE_WITHIN = 1  # seconds: a request that is sent later has to meet the new file
LINES = 20  # between the included file and the end


class Versions:
    """A function whose every answer names its version at the start, from an included file, and at the end."""

    def __init__(self, functions):
        self.functions, self.current = functions, 0
        self.placed = []  # (version, when it was put in place)
        self.replace()

    def replace(self):
        """Writes the next version beside the file and renames it onto it: the one atomic way to replace a file."""
        version = self.current + 1
        (self.functions / f"_part-{version}.php").write_text(f"<?php echo 'part {version}', PHP_EOL;\n")
        echoes = "\n".join(f"echo 'line {n} of {version}', PHP_EOL;" for n in range(LINES))
        new = self.functions / "_new"
        new.write_text(f"<?php\necho 'start {version}', PHP_EOL;\ninclude __DIR__ . '/_part-{version}.php';\n"
                       f"usleep(200);\n{echoes}\necho 'end {version}', PHP_EOL;\n")
        os.rename(new, self.functions / "version.php")
        self.current = version
        self.placed.append((version, time.monotonic()))

    @staticmethod
    def body(version):
        lines = [f"start {version}", f"part {version}", *(f"line {n} of {version}" for n in range(LINES)), f"end {version}"]
        return "".join(line + "\n" for line in lines).encode()

    def oldest(self):
        """What an answer to a request that is sent now may be from, at the oldest."""
        while len(self.placed) > 1 and self.placed[1][1] < time.monotonic() - VISIBLE_WITHIN:
            self.placed.pop(0)
        return self.placed[0][0]

    def request(self):
        oldest = self.oldest()

        def check(body):
            words = body.split(maxsplit=2)
            version = int(words[1]) if len(words) > 1 and words[1].isdigit() else 0
            if body != self.body(version):
                return "mixed"
            return None if version >= oldest else "stale"

        return "/api/version", check


class Releases(Versions):
    """A release is a script and a file that it includes. The one before goes from the disk while it still serves."""

    def __init__(self, functions):
        self.served = 0
        super().__init__(functions)

    def replace(self):
        super().replace()
        (self.functions / f"_part-{self.current - 1}.php").unlink(missing_ok=True)

    def oldest(self):
        return self.served
