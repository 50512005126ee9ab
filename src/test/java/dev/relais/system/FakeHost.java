package dev.relais.system;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Files of {@code /proc}, {@code /sys} and of control groups as a test wants them, below a temporary folder. */
final class FakeHost {
    static final String V2 = "30 22 0:27 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw,nsdelegate\n";

    private final Path root;

    FakeHost(Path root) {
        this.root = root;
    }

    HostFiles files() {
        return new HostFiles(root);
    }

    /** @param path without the first slash */
    FakeHost with(String path, Object text) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, text + "\n");
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** This process is in the group {@code /pod} of version 2. */
    FakeHost v2() {
        return with("proc/self/cgroup", "0::/pod").with("proc/self/mountinfo", V2);
    }

    /** A file of the group of version 2. */
    FakeHost inV2(String file, Object text) {
        return with("sys/fs/cgroup/pod/" + file, text);
    }

    /** This process is in the group {@code /pod} of each of these controllers of version 1. */
    FakeHost v1(String... controllers) {
        StringBuilder groups = new StringBuilder();
        StringBuilder mounts = new StringBuilder();
        int number = controllers.length;
        for (String controller : controllers) {
            groups.append(number--).append(':').append(controller).append(":/pod\n");
            mounts.append("31 30 0:28 / /sys/fs/cgroup/")
                    .append(controller)
                    .append(" rw,relatime - cgroup cgroup rw,")
                    .append(controller)
                    .append('\n');
        }
        return with("proc/self/cgroup", groups + "0::/").with("proc/self/mountinfo", mounts);
    }

    /** A file of the group of a controller of version 1. */
    FakeHost inV1(String controller, String file, Object text) {
        return with("sys/fs/cgroup/" + controller + "/pod/" + file, text);
    }
}
