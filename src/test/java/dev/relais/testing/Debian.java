package dev.relais.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** Debian's packages that tests need; {@code .ci/setup test} installs them. */
public final class Debian {
    private Debian() {}

    /**
     * Checks that a package is installed. Without it the test fails under CI, where no test may be skipped unnoticed, and is
     * skipped elsewhere.
     */
    public static void require(String name, Path file) {
        if (!Files.exists(file)) {
            String missing = file + " of Debian's package " + name + " is missing: run .ci/setup test";
            if ("true".equals(System.getenv("CI"))) {
                Assertions.fail(missing);
            }
            Assumptions.abort(missing);
        }
    }
}
