package dev.relais.documentation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The log lines of the sources are fixed words and then {@code key=value}. No value can break that form, whatever it has: each one goes
 * through {@code LogText.value}, which alone writes the quotes.
 */
class LogLinesTest {
    private static final Pattern CALL = Pattern.compile("\\b(?:LOG|LIMITED|PHP|logger|Logger\\.getLogger\\([^()]*\\))"
            + "\\s*\\.\\s*(trace|debug|info|warn|error|fatal|log|line)([fv]?)\\(");
    private static final Pattern LOGGER = Pattern.compile("\\b(?:Logger|LimitedLog)\\s+(\\w+)\\s*[;=]");
    private static final Pattern PLACE = Pattern.compile("(=?)(\"?)%[^%n]");
    private static final Pattern JOINED = Pattern.compile("=(?:\\\\\")?\" ?\\+ ?(.*)", Pattern.DOTALL);

    /** Values that are words of the sources, or numbers. */
    private static final Set<String> WORDS = Set.of(
            "onOff(noDelay)",
            "onOff(reusePort)",
            "nativeTransport ? \"preferred\" : \"off\"",
            "openFiles == Long.MAX_VALUE ? \"unlimited\" : Long.toString(openFiles)");

    /** What is wrong with the log lines of a source. */
    private static List<String> faults(String source) {
        List<String> faults = new ArrayList<>();
        Matcher call = CALL.matcher(source);
        boolean limited = source.contains("new LimitedLog(");
        while (call.find()) {
            List<String> arguments = arguments(source, call.end());
            String shown = call.group() + String.join(", ", arguments) + ")";
            for (String argument : arguments) {
                Matcher joined = JOINED.matcher(argument);
                if (joined.find() && !joined.group(1).startsWith("LogText.")) {
                    faults.add("joined without LogText: " + shown);
                }
            }
            boolean formats =
                    !call.group(2).isEmpty() || limited && call.group(1).matches("warn|error");
            if (formats) {
                check(arguments, limited, shown, faults);
            }
        }
        return faults;
    }

    private static void check(List<String> arguments, boolean limited, String shown, List<String> faults) {
        int at = 0;
        while (at < arguments.size() && !PLACE.matcher(arguments.get(at)).find()) {
            at++;
        }
        Matcher place = PLACE.matcher(at < arguments.size() ? text(arguments.get(at)) : "");
        while (place.find()) {
            String value = ++at < arguments.size() ? arguments.get(at) : "";
            boolean isValue = !place.group(1).isEmpty();
            if (isValue && !place.group(2).isEmpty()) {
                faults.add("quoted by hand: " + shown);
            } else if (isValue
                    && place.group().endsWith("s")
                    && !limited
                    && !value.startsWith("LogText.")
                    && !WORDS.contains(value)) {
                faults.add("value without LogText: " + value + " in " + shown);
            }
        }
    }

    /** The arguments from here to the end of the call, each with single blanks. */
    private static List<String> arguments(String source, int begin) {
        List<String> arguments = new ArrayList<>();
        StringBuilder argument = new StringBuilder();
        int depth = 0;
        char inside = 0; // the quote of the literal that it is in; 0: in none
        for (int i = begin; depth >= 0; i++) {
            char c = source.charAt(i);
            if (inside != 0 && c == '\\') {
                argument.append(c);
                c = source.charAt(++i);
            } else if (c == inside) {
                inside = 0;
            } else if (inside == 0 && (c == '"' || c == '\'')) {
                inside = c;
            } else if (inside == 0) {
                depth += c == '(' || c == '{' ? 1 : c == ')' || c == '}' ? -1 : 0;
                if (depth < 0 || depth == 0 && c == ',') {
                    arguments.add(argument.toString().strip().replaceAll("\\s+", " "));
                    argument.setLength(0);
                    continue;
                }
            }
            argument.append(c);
        }
        return arguments;
    }

    /** What the literals of an expression say together. */
    private static String text(String expression) {
        return expression.replaceAll("\" \\+ \"", "").replace("\\\"", "\"");
    }

    @Test
    void allValuesOfTheSourcesGoThroughLogText() throws IOException {
        List<String> faults = new ArrayList<>();
        int calls = 0;
        for (Path file : Sources.main()) {
            String source = Files.readString(file);
            faults(source).forEach(fault -> faults.add(file + ": " + fault));
            calls += (int) CALL.matcher(source).results().count();
        }
        assertEquals(List.of(), faults);
        assertTrue(calls > 60, calls + " calls: those that are there are not found");
    }

    @Test
    void eachLoggerHasANameThatIsLookedFor() throws IOException {
        for (Path file : Sources.main()) {
            for (String name : Sources.find(file, LOGGER.pattern())) {
                assertTrue(Set.of("LOG", "LIMITED", "PHP", "logger").contains(name), file + ": " + name);
            }
        }
    }

    @Test
    void whatBreaksTheFormIsFound() {
        for (String broken : List.of(
                "LOG.warnf(\"Gone: cause=\\\"%s\\\"\", e);",
                "LOG.warnf(\"Gone: cause=\\\"%s\\\"\", LogText.value(e));",
                "LOG.warnf(\n  \"Gone:\"\n    + \" cause=%s\",\n  e.getMessage());",
                "LOG.logf(level, e, \"Gone: worker=%d file=%s\", id(a, b), file);",
                "LOG.debugf(\"Gone: file=%s cause=%s\", LogText.value(file), e);",
                "Logger.getLogger(A.class).warnf(\"Gone: cause=%s\", e);",
                "LOG.warn(\"Gone: cause=\" + e);",
                "LOG.warn(\"Gone: cause=\\\"\" + e + '\"');",
                "new LimitedLog(A.class); LOG.warn(\"Gone\", \"\", \"Gone: cause=\\\"%s\\\"\", e);",
                "new LimitedLog(A.class); LOG.line(WARN, \"Gone\", f, () -> \"Gone: cause=\" + e);")) {
            assertEquals(1, faults(broken).size(), broken);
        }
        for (String sound : List.of(
                "LOG.warnf(\"Gone: cause=%s pid=%d\", LogText.value(e), pid);",
                "LOG.warnf(e, \"Gone: pid=%d\", pid);",
                "LOG.info(\"Gone (a=b, \\\"c\\\")\");",
                "new LimitedLog(A.class); LOG.warn(\"Gone\", \"\", \"Gone: cause=%s\", e);",
                "new LimitedLog(A.class); LOG.line(WARN, \"Gone\", f, () -> \"Gone: cause=\" + LogText.value(e));")) {
            assertEquals(List.of(), faults(sound), sound);
        }
    }
}
