package dev.relais.testing;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Assumptions;

/** What tests need of Debian's packages; {@code .ci/setup test} installs them. */
public final class Debian {
    private Debian() {}

    /** Fails the test when a package is missing under CI, where nothing may be skipped unseen, and skips it elsewhere. */
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
