package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In a control group of its own that limits the memory, as a container has one: version 1, as root. */
class ContainerIT {
    private static final long MIB = 1 << 20;

    @TempDir
    Path temporary;

    private Path functions;
    private Path group;

    @BeforeEach
    void make() throws Exception {
        Path above = null;
        for (String line : Files.readAllLines(Path.of("/proc/self/cgroup"))) {
            String[] fields = line.split(":", 3);
            above = fields[1].equals("memory") ? Path.of("/sys/fs/cgroup/memory" + fields[2]) : above;
        }
        assumeTrue(above != null && Files.isWritable(above), "a memory control group of version 1");
        group = above.resolve("relais-it-" + ProcessHandle.current().pid());
        try {
            Files.createDirectory(group);
        } catch (IOException e) {
            group = null;
            assumeTrue(false, "a control group can be made: " + e);
        }
        functions = PackagedGateway.functions(Map.of("hello.php", "<?php echo 'hello';"));
    }

    @AfterEach
    void remove() {
        if (group != null) {
            // The last process may be a zombie for a moment.
            await().ignoreExceptions().until(() -> {
                Files.deleteIfExists(group);
                return true;
            });
        }
    }

    private void limit(long mib) throws IOException {
        Files.writeString(group.resolve("memory.limit_in_bytes"), Long.toString(mib * MIB));
    }

    /** The launcher, in the group. */
    private PackagedGateway start(List<String> javaOptions, Map<String, String> settings) throws IOException {
        Path launcher = temporary.resolve("relais");
        Files.writeString(
                launcher,
                "#!/bin/sh\necho $$ > " + group + "/cgroup.procs\nexec " + PackagedGateway.program() + " \"$@\"\n");
        Files.setPosixFilePermissions(launcher, PosixFilePermissions.fromString("rwx------"));
        return PackagedGateway.start(launcher, javaOptions, functions, settings);
    }

    private static JsonPath status(PackagedGateway gateway) throws Exception {
        return JsonPath.from(
                Curl.run("http://127.0.0.1:" + gateway.management + "/q/relais").output());
    }

    @Test
    void aHeapThatLeavesNothingForPhpStopsTheStartWithOneLine() throws Exception {
        limit(300);
        try (PackagedGateway gateway = start(List.of("-Xmx512m"), Map.of())) {
            assertEquals(1, gateway.exitCode());
            List<String> lines = gateway.log()
                    .lines()
                    .filter(line -> line.startsWith("relais: memory=heap "))
                    .toList();
            assertEquals(1, lines.size(), gateway.log());
            assertTrue(lines.get(0).contains("-Xmx"), lines.get(0));
        }
    }

    /** It lasts a minute, after which the container is looked at. */
    @Test
    void theNumberOfChildrenFollowsTheMemoryAtTheStartAndAfterAResize() throws Exception {
        limit(450);
        try (PackagedGateway gateway =
                start(List.of(), Map.of("relais.workers.children", "")).ready()) {
            JsonPath small = status(gateway);
            assertEquals(450 * MIB, small.getLong("container.memoryBytes"), small.prettify());
            assertEquals(4, small.getInt("container.children"), small.prettify());
            assertFalse(small.getBoolean("container.heapNeedsRestart"));
            long before = small.getLong("memory.answers.capacity");
            limit(2048);
            await().atMost(Duration.ofMinutes(3)).until(() -> status(gateway).getInt("container.children") > 4);
            JsonPath large = status(gateway);
            assertEquals(2048 * MIB, large.getLong("container.memoryBytes"), large.prettify());
            assertTrue(large.getBoolean("container.heapNeedsRestart"), large.prettify());
            assertEquals(before, large.getLong("memory.answers.capacity"), "the heap is what it was");
            assertTrue(large.getString("events.type").contains("container-resized"), large.prettify());
            assertEquals(200, gateway.get("/api/hello"));
        }
    }
}
