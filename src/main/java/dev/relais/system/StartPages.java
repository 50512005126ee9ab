package dev.relais.system;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.graalvm.nativeimage.c.function.CFunction;
import org.graalvm.word.PointerBase;
import org.graalvm.word.UnsignedWord;
import org.graalvm.word.WordFactory;
import org.jboss.logging.Logger;

/**
 * Gives back the pages of a native executable's own file that only its start needed, which are two thirds of what is resident then. The kernel
 * would do that by itself, but only when memory is short. What is needed again is mapped again out of the kernel's cache of files, 64 KiB at a
 * time.
 */
final class StartPages {
    private static final Logger LOG = Logger.getLogger(StartPages.class);
    private static final Path MAPPINGS = Path.of("/proc/self/smaps");
    private static final Pattern MAPPING =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r-[x-]p \\S+ \\S+ [1-9]\\d* +(/.*)");
    private static final Pattern CHANGED = Pattern.compile("Anonymous: +(\\d+) kB");
    private static final int MADV_DONTNEED = 4; // of the Linux kernel, on all processors but Alpha and PA-RISC

    /** A part of the address space, from its begin up to its end. */
    record Range(long begin, long end) {}

    private StartPages() {}

    /** Called once after the start, in a native executable alone. Blocks for a millisecond. */
    static void giveBack() {
        try {
            Path own = Path.of("/proc/self/exe").toRealPath();
            for (Range range : unchanged(Files.readAllLines(MAPPINGS), own.toString())) {
                Kernel.madvise(
                        WordFactory.pointer(range.begin()),
                        WordFactory.unsigned(range.end() - range.begin()),
                        MADV_DONTNEED);
            }
        } catch (IOException e) {
            LOG.debugf(e, "Pages of the start stay in memory");
        }
    }

    /**
     * The mappings of a file that nobody can write to and in which no page differs from the file, so that each page can be read again.
     *
     * @param smaps the lines of {@code /proc/PID/smaps}
     */
    static List<Range> unchanged(List<String> smaps, String file) {
        List<Range> ranges = new ArrayList<>();
        Range last = null;
        for (String line : smaps) {
            Matcher mapping = MAPPING.matcher(line);
            Matcher changed = CHANGED.matcher(line);
            if (line.indexOf('-') > 0 && line.indexOf('-') < line.indexOf(' ')) {
                last = mapping.matches() && mapping.group(3).equals(file)
                        ? new Range(
                                Long.parseUnsignedLong(mapping.group(1), 16),
                                Long.parseUnsignedLong(mapping.group(2), 16))
                        : null;
            } else if (last != null && changed.matches() && changed.group(1).equals("0")) {
                ranges.add(last);
            }
        }
        return ranges;
    }

    /** Apart, since a JVM cannot link it. */
    private static final class Kernel {
        private Kernel() {}

        /** madvise(2). */
        @CFunction(transition = CFunction.Transition.NO_TRANSITION)
        static native int madvise(PointerBase address, UnsignedWord length, int advice);
    }
}
