package dev.relais.functions;

import dev.relais.sites.Application;
import dev.relais.sites.Fallback;
import dev.relais.sites.Glob;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** What an operator should know of a site's folder, although it is served. */
public final class SiteExamination {
    /** Of a larger site the rest is not looked at. */
    private static final int MOST_FILES = 20_000;

    private static final int MOST_TOLD = 5;

    private final Path root;
    private final Application application;
    private final List<String> problems = new ArrayList<>();

    private SiteExamination(Application application) {
        this.application = application;
        this.root = application.root();
    }

    /**
     * Looks at a site's folder. Blocks, and reads up to thousands of entries.
     *
     * @param phpReads whether PHP's user can read a folder
     * @return one line for each thing that is not as it should be
     */
    public static List<String> of(Application application, Predicate<Path> phpReads) {
        SiteExamination examination = new SiteExamination(application);
        if (!application.root().equals(Application.NOWHERE)) {
            examination.look(phpReads);
        }
        return examination.problems;
    }

    private void look(Predicate<Path> phpReads) {
        if (!phpReads.test(root)) {
            problems.add("the user that PHP runs as cannot read the root");
        }
        Fallback fallback = application.rules().all().fallback();
        String path = fallback == null ? null : fallback.path();
        if (path != null && !Files.isRegularFile(root.resolve(path.substring(1)))) {
            problems.add("the fallback " + FunctionNames.printable(path) + " is not there");
        }
        for (Glob idle : SettingsCheck.idle(root, application.rules().deny())) {
            problems.add("deny: " + FunctionNames.printable(idle) + " matches nothing");
        }
        if (others(root.resolve(".env"), PosixFilePermission.OTHERS_READ)) {
            problems.add(".env can be read by all users of the host");
        }
        try {
            Files.walkFileTree(root, new Search());
        } catch (IOException e) {
            problems.add("the root cannot be looked at: " + FunctionNames.reason(e));
        }
        if (problems.size() > MOST_TOLD) {
            int more = problems.size() - MOST_TOLD;
            problems.subList(MOST_TOLD, problems.size()).clear();
            problems.add("and " + more + " more");
        }
    }

    private static boolean others(Path path, PosixFilePermission right) {
        try {
            return Files.getPosixFilePermissions(path).contains(right);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Looks for links that lead out, and for folders with scripts that anybody may write to. */
    private final class Search extends SimpleFileVisitor<Path> {
        private int files;
        private @Nullable Path told; // the last folder that was told of

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (attributes.isSymbolicLink()) {
                link(file);
            } else if (file.toString().endsWith(FunctionNames.EXTENSION)) {
                script(file);
            }
            return ++files > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        private void link(Path link) {
            try {
                Path real = link.toRealPath();
                if (!application.contains(real)) {
                    problems.add("the link " + FunctionNames.printable(root.relativize(link))
                            + " leads out, and allow-symlinks-to does not name where it leads");
                }
            } catch (IOException e) {
                problems.add("the link " + FunctionNames.printable(root.relativize(link)) + " leads nowhere");
            }
        }

        private void script(Path script) {
            Path folder = script.getParent();
            String below = "/" + root.relativize(script);
            if (folder != null
                    && !folder.equals(told)
                    && application.rules().at(below).scriptsOrDefault().allow(below)
                    && others(folder, PosixFilePermission.OTHERS_WRITE)) {
                told = folder;
                problems.add("all users of the host may write scripts into /"
                        + FunctionNames.printable(root.relativize(folder)));
            }
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE; // PHP may be able to read it all the same, or it was removed meanwhile
        }
    }
}
