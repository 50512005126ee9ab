package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.testing.FreePorts;
import dev.relais.testing.Patience;
import dev.relais.testing.RawClient;
import dev.relais.testing.Side;
import dev.relais.testing.Sight;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * The packaged application as a process of its own, on free loopback ports: a jar, by its launcher and with the JDK that runs the tests, or a
 * native executable; or in a {@link Container}, with what its image has.
 */
final class PackagedGateway implements AutoCloseable {
    /** How long a start may take, which is seven seconds on an idle machine. */
    private static final Duration START = Duration.ofMinutes(2);

    /** A line of Vert.x and the stack below it, if there is one. */
    private static final Pattern STALL = Pattern.compile("(?m)^.*BlockedThreadChecker.*\\R?((?:\\tat .*\\R?)*)");

    final int port;
    final int management;
    private final Path log;
    private final Process process;
    /** Null without one. */
    private final Container container;

    private PackagedGateway(int port, int management, Path log, Process process, Container container) {
        this.port = port;
        this.management = management;
        this.log = log;
        this.process = process;
        this.container = container;
        Sight.show(name(), this::seen);
    }

    private String name() {
        return "packaged gateway on port " + port;
    }

    /** For the report of a failed test: its processes, its status page and the end of its log. */
    private String seen() {
        return "alive=" + process.isAlive() + " below it: "
                + php().stream().map(PackagedGateway::told).toList()
                + "\n" + (process.isAlive() ? statusPage() : "")
                + "\n" + Sight.lastLines(log().lines().toList());
    }

    private static String told(ProcessHandle child) {
        try {
            String stat = Files.readString(Path.of("/proc/" + child.pid() + "/stat"));
            return stat.substring(0, stat.lastIndexOf(')') + 3); // the number, the name and the state
        } catch (IOException e) {
            return child.pid() + " has ended";
        }
    }

    private String statusPage() {
        try (RawClient client = RawClient.connect(management)) {
            return client.get("/q/relais").answer().text();
        } catch (IOException e) {
            return e.toString();
        }
    }

    /** @param settings over the defaults of this fixture */
    static PackagedGateway start(Path directory, Map<String, String> settings) throws IOException {
        return start(List.of(), directory, settings);
    }

    /** Whether a command run by this prefix could start it. */
    static boolean isReadable(List<String> prefix) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(prefix);
        command.addAll(List.of("test", "-r", application().toString()));
        return new ProcessBuilder(command).start().waitFor() == 0;
    }

    /** The jar or the executable. */
    static Path application() {
        return Path.of(System.getProperty("relais.test.application"));
    }

    static boolean isExecutable() {
        return !application().toString().endsWith(".jar");
    }

    /** @param reason why an executable cannot do what is tested, which src/docs/native.md says, too */
    static void assumeJvm(String reason) {
        Assumptions.assumeFalse(isExecutable(), reason);
    }

    /** Beside the jar; of a test that runs on an executable, too, it is a fault to ask for it. */
    static Path launcher() {
        if (isExecutable()) {
            throw new IllegalStateException("an executable has no launcher: program() is either");
        }
        Container.needs(false, "the launcher of this package is not started in one");
        return shippedLauncher();
    }

    /** What a user calls: the executable, or the launcher of the jar. */
    static Path program() {
        return isExecutable() ? application() : launcher();
    }

    private static Path shippedLauncher() {
        return application().resolveSibling("relais");
    }

    /** @param prefix a command that runs the rest of its line, as another user for example */
    static PackagedGateway start(List<String> prefix, Path directory, Map<String, String> settings) throws IOException {
        Container.needs(prefix.isEmpty(), "it is not started by another command");
        List<String> command = new ArrayList<>(prefix);
        // An executable takes those options of a JVM that are given here.
        command.addAll(List.of((isExecutable() ? application() : shippedLauncher()).toString(), "-Xmx128m"));
        command.addAll(quickStart());
        if (prefix.isEmpty()) { // another user could not write the agent's file
            command.addAll(coverage());
        }
        return run(command, directory, settings);
    }

    /** The options by which a start takes two thirds of the time of the processor: most gateways live for seconds. */
    private static List<String> quickStart() {
        return Container.isUsed() || isExecutable() ? List.of() : List.of("-XX:TieredStopAtLevel=1");
    }

    /** The options by which java measures what it runs. */
    static List<String> coverage() {
        String agent = System.getProperty("relais.test.coverage", "");
        boolean measured = !Container.isUsed() && !isExecutable() && agent.startsWith("-javaagent:");
        return measured ? List.of(agent) : List.of();
    }

    /** As on a machine of so many processors. */
    static PackagedGateway startOn(int processors, Path directory) throws IOException {
        return start(
                isExecutable() ? application() : launcher(),
                List.of("-Xmx128m", "-XX:ActiveProcessorCount=" + processors),
                directory,
                Map.of());
    }

    /** An executable whose heap is as large as it is by default. */
    static PackagedGateway startWithoutHeap(Path directory) throws IOException {
        return start(application(), List.of(), directory, Map.of());
    }

    /** @param options of java */
    static PackagedGateway start(Path launcher, List<String> options, Path directory, Map<String, String> settings)
            throws IOException {
        Container.needs(false, "it has one launcher");
        List<String> command = new ArrayList<>(List.of(launcher.toString()));
        command.addAll(options);
        return run(command, directory, settings);
    }

    /** @param output a named pipe, say, where its log goes instead, so that {@link #log} has nothing of it */
    static PackagedGateway startInto(Path output, Path directory, Map<String, String> settings) throws IOException {
        Container.needs(false, "its output is a pipe of this host");
        List<String> command = new ArrayList<>(List.of(program().toString(), "-Xmx128m"));
        command.addAll(quickStart());
        command.addAll(coverage());
        return run(command, directory, settings, output);
    }

    private static PackagedGateway run(List<String> command, Path directory, Map<String, String> settings)
            throws IOException {
        return run(command, directory, settings, null);
    }

    /** @param output null for a file that {@link #log} reads */
    private static PackagedGateway run(List<String> command, Path directory, Map<String, String> settings, Path output)
            throws IOException {
        int port = FreePorts.next();
        int management = FreePorts.next();
        Map<String, String> all = new java.util.TreeMap<>(Map.of(
                "quarkus.http.host", "127.0.0.1",
                "quarkus.http.port", Integer.toString(port),
                "quarkus.management.host", "127.0.0.1",
                "quarkus.management.port", Integer.toString(management),
                "relais.functions.directory", directory.toString(),
                "relais.workers.count", "2",
                "relais.workers.children", "2",
                "relais.start.warm-up", "0s"));
        all.putAll(settings);
        Container.needsFiles(all.values());
        all.forEach((key, value) -> command.add("-D" + key + "=" + value));
        Path log = Files.createTempFile("relais-it-", ".log");
        Container container = Container.isUsed() ? Container.create() : null;
        ProcessBuilder builder = new ProcessBuilder(container == null ? hearing(command) : container.command(command))
                .redirectErrorStream(true)
                .redirectOutput(Redirect.to((output == null ? log : output).toFile()));
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        return new PackagedGateway(Integer.parseInt(all.get("quarkus.http.port")), management, log, process, container);
    }

    /** A JVM leaves SIGHUP ignored when its parent does, as these tests do under nohup. */
    private static List<String> hearing(List<String> command) {
        List<String> hearing = new ArrayList<>(List.of("env", "--default-signal=HUP"));
        hearing.addAll(command);
        return hearing;
    }

    /**
     * Writes functions that PHP may read as any user. They are removed at the end of the tests.
     *
     * @param scripts PHP text by file name
     */
    static Path functions(Map<String, String> scripts) throws IOException {
        Path directory = Files.createTempDirectory("relais-it-functions-");
        Files.setPosixFilePermissions(directory, java.nio.file.attribute.PosixFilePermissions.fromString("rwxr-xr-x"));
        for (Map.Entry<String, String> script : scripts.entrySet()) {
            Path file = Files.writeString(directory.resolve(script.getKey()), script.getValue());
            Files.setPosixFilePermissions(file, java.nio.file.attribute.PosixFilePermissions.fromString("rw-r--r--"));
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(directory)));
        return directory;
    }

    private static void delete(Path directory) {
        try {
            if (Files.exists(directory)) {
                Side.delete(directory);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns when it is ready or has ended. One that becomes neither is ended, so that it slows no other test. */
    PackagedGateway ready() throws IOException {
        try {
            await().atMost(START)
                    .untilAsserted(() ->
                            assertTrue(!process.isAlive() || status(management, "/q/health/ready") == 200, this::log));
            return this;
        } catch (RuntimeException | Error e) {
            kill();
            throw e;
        }
    }

    /** The status of a GET; -1 without an answer. */
    static int status(int port, String path) {
        try {
            HttpURLConnection connection = (HttpURLConnection)
                    URI.create("http://127.0.0.1:" + port + path).toURL().openConnection();
            connection.setReadTimeout(1_000 * Patience.SECONDS);
            int status = connection.getResponseCode();
            connection.disconnect();
            return status;
        } catch (IOException e) {
            return -1;
        }
    }

    int get(String path) {
        return status(port, path);
    }

    /** Waits until the log, which threads of its own write, has this text. */
    void logs(String text) {
        await().untilAsserted(() -> assertTrue(log().contains(text), this::log));
    }

    /** As far as it is written: who has just had something logged waits for it by {@link #logs}. */
    String log() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            return e.toString();
        }
    }

    /**
     * The log but for what Vert.x tells of an event loop that came no further for seconds, as on a machine that pauses. From five seconds on
     * Vert.x tells its stack: with a class of Relais in it, it was busy, and that stays.
     */
    String logWithoutStalls() {
        return STALL.matcher(log())
                .replaceAll(
                        stall -> stall.group(1).contains("dev.relais.") ? Matcher.quoteReplacement(stall.group()) : "");
    }

    /** The masters, and all processes below them now. */
    List<ProcessHandle> php() {
        try (Stream<ProcessHandle> all = process().descendants()) {
            return all.toList();
        }
    }

    /** The masters, lowest process id first. */
    List<ProcessHandle> masters() {
        List<ProcessHandle> masters = new ArrayList<>();
        for (ProcessHandle child : process().children().toList()) {
            if (told(child).contains("(php-fpm")) {
                masters.add(child);
            }
        }
        return masters;
    }

    /** Open file descriptors of the gateway itself. */
    long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/" + process().pid() + "/fd"))) {
            return open.count();
        }
    }

    void signal(String name, ProcessHandle target) throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-" + name, Long.toString(target.pid()))
                .start()
                .waitFor();
    }

    ProcessHandle process() {
        return container == null ? process.toHandle() : container.gateway(process);
    }

    void term() throws IOException, InterruptedException {
        signal("TERM", process());
    }

    void kill() {
        process().destroyForcibly();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    int exitCode() throws InterruptedException {
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("still running: " + log());
        }
        return process.exitValue();
    }

    @Override
    public void close() throws IOException, InterruptedException {
        Sight.close(name());
        process.destroy();
        if (!process.waitFor(Patience.SECONDS, TimeUnit.SECONDS)) {
            kill();
        }
        if (container != null) {
            Files.deleteIfExists(container.pid());
        }
        Files.deleteIfExists(log);
    }
}
