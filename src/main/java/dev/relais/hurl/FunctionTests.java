package dev.relais.hurl;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.MalformedInputException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Runs all files {@code *.hurl} in a folder and below it against a gateway, and tells what has come of them. Blocks. */
public final class FunctionTests {
    /** The exit codes of the program. */
    public static final int PASSED = 0;

    public static final int FAILED = 1;

    /** Nothing is known of the functions, because the tests could not be run. */
    public static final int NOT_RUN = 2;

    private static final String EXTENSION = ".hurl";

    private final Path folder;
    private final PrintStream out;
    private final PrintStream errors;
    private final LongSupplier nanos;
    private final Sender sender;

    /**
     * @param out gets a line for each test
     * @param errors gets a line when nothing can be run
     */
    public FunctionTests(Path folder, PrintStream out, PrintStream errors) {
        this(folder, out, errors, new JdkSender(), System::nanoTime);
    }

    /** @param nanos as {@link System#nanoTime} */
    FunctionTests(Path folder, PrintStream out, PrintStream errors, Sender sender, LongSupplier nanos) {
        this.folder = folder;
        this.out = out;
        this.errors = errors;
        this.sender = sender;
        this.nanos = nanos;
    }

    /**
     * Runs them one after the other.
     *
     * @param host what {@code {{host}}} stands for, such as {@code http://127.0.0.1:8080}
     * @param junit where a report for CI is written; null for none
     * @return {@link #PASSED}, {@link #FAILED} or {@link #NOT_RUN}
     */
    public int run(String host, @Nullable Path junit) {
        try {
            Map<String, List<Entry>> files = parsed();
            if (files.isEmpty()) {
                errors.println("relais: " + folder + ": has no file *" + EXTENSION + "; relais new NAME makes one");
                return NOT_RUN;
            }
            Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
            files.forEach((name, entries) -> outcomes.put(name, run(name, entries, host)));
            int failed = summary(outcomes);
            if (junit != null) {
                JunitXml.write(junit, outcomes);
            }
            return failed == 0 ? PASSED : FAILED;
        } catch (SyntaxProblem | IOException e) {
            errors.println("relais: " + e.getMessage());
            return NOT_RUN;
        }
    }

    /** Of all files, before anything is run; sorted by name. */
    private Map<String, List<Entry>> parsed() throws IOException, SyntaxProblem {
        Map<String, List<Entry>> parsed = new TreeMap<>();
        for (Path file : files()) {
            String name = folder.relativize(file).toString();
            try {
                parsed.put(name, HurlParser.parse(Files.readString(file)));
            } catch (SyntaxProblem e) {
                throw new IOException(name + " " + e.getMessage());
            } catch (MalformedInputException e) {
                throw new IOException(name + ": is not UTF-8; save it as UTF-8");
            }
        }
        return parsed;
    }

    private List<Path> files() throws IOException {
        List<Path> files = new ArrayList<>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
                String name = directory.getFileName() == null
                        ? ""
                        : directory.getFileName().toString();
                boolean foreign = name.startsWith(".") || name.equals("vendor") || name.equals("node_modules");
                return foreign && !directory.equals(folder) ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (file.getFileName().toString().endsWith(EXTENSION) && attributes.isRegularFile()) {
                    files.add(file);
                }
                return FileVisitResult.CONTINUE;
            }
        });
        return files;
    }

    private List<Outcome> run(String name, List<Entry> entries, String host) {
        Path file = folder.resolve(name).toAbsolutePath();
        FileRun run = new FileRun(file.getParent() == null ? file : file.getParent(), host, sender, nanos);
        List<Outcome> outcomes = new ArrayList<>();
        for (Entry entry : entries) {
            Outcome outcome = run.run(entry);
            outcomes.add(outcome);
            out.printf(
                    "%-6s%s: %s (%d ms)%n", outcome.isPassed() ? "ok" : "FAIL", name, outcome.name(), outcome.millis());
            outcome.failures().forEach(failure -> out.println("      " + failure));
            out.flush();
        }
        return outcomes;
    }

    private int summary(Map<String, List<Outcome>> outcomes) {
        int all = 0;
        int failed = 0;
        for (List<Outcome> file : outcomes.values()) {
            for (Outcome outcome : file) {
                all++;
                failed += outcome.isPassed() ? 0 : 1;
            }
        }
        out.printf("%d tests: %d passed, %d failed%n", all, all - failed, failed);
        out.flush();
        return failed;
    }
}
