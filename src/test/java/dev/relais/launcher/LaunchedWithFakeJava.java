package dev.relais.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * An installed launcher, in a folder whose name has a space, and a java of a chosen version that writes its arguments, one a line, and its
 * process number. Only what is set here is in the launcher's environment.
 */
final class LaunchedWithFakeJava {
    private static final Path SOURCE = Path.of("src/main/launcher/relais");
    private static final String FAKE = """
            #!/bin/sh
            for argument do printf '%s\\n' "$argument"; done
            printf 'JDK_JAVA_OPTIONS=%s\\npid=%s\\nfolder=%s\\n' "${JDK_JAVA_OPTIONS-}" "$$" "$(pwd)"
            exit 7
            """;

    private final Path root;
    final Path application;
    final Path javaHome;
    final Map<String, String> environment = new LinkedHashMap<>();

    /** What has come of one call. */
    record Outcome(int exit, List<String> lines, String errors, long pid) {
        boolean has(String argument) {
            return lines.contains(argument);
        }

        /** The value that java saw of one of the variables. */
        String value(String name) {
            for (String line : lines) {
                if (line.startsWith(name + "=")) {
                    return line.substring(name.length() + 1);
                }
            }
            return null;
        }
    }

    LaunchedWithFakeJava(Path root, String version) throws IOException {
        this.root = root;
        this.application = Files.createDirectories(root.resolve("an application"));
        this.javaHome = Files.createDirectories(root.resolve("a java"));
        executable(application.resolve("relais"), Files.readString(SOURCE));
        Files.createFile(application.resolve("quarkus-run.jar"));
        Files.createDirectory(application.resolve("app"));
        Files.createFile(application.resolve("app/relais-1.2.3.jar"));
        executable(Files.createDirectories(javaHome.resolve("bin")).resolve("java"), FAKE);
        release(version);
        environment.put("PATH", System.getenv("PATH"));
        environment.put("JAVA_HOME", javaHome.toString());
    }

    void release(String version) throws IOException {
        Files.writeString(
                javaHome.resolve("release"),
                "IMPLEMENTOR=\"Somebody\"\nJAVA_RUNTIME_VERSION=\"" + version + "\"\nJAVA_VERSION=\"0\"\n");
    }

    /** As --make-cache makes it. */
    Path cache(String name) throws IOException {
        return Files.writeString(
                Files.createDirectories(application.resolve("cache")).resolve(name), "");
    }

    static void executable(Path file, String text) throws IOException {
        Files.setPosixFilePermissions(Files.writeString(file, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    String jar() {
        return application.resolve("quarkus-run.jar").toString();
    }

    Outcome run(String... arguments) throws Exception {
        return run(List.of(application.resolve("relais").toString()), arguments);
    }

    /** @param program how the launcher is called */
    Outcome run(List<String> program, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(program);
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(root.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(60, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + command);
        }
        return new Outcome(process.exitValue(), output.lines().toList(), errors, process.pid());
    }
}
