package dev.relais.hurl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes entries of the text of a file. The file is read by lines: a request line, fields, sections and a body; then perhaps a line that begins
 * with {@code HTTP}, and what is expected behind it. Not thread-safe.
 */
final class HurlParser {
    private static final Pattern REQUEST = Pattern.compile("([A-Z]+)\\s+(\\S+)\\s*(#.*)?");
    private static final Pattern RESPONSE = Pattern.compile("(HTTP(?:/\\S*)?)\\s+([0-9]{3}|\\*)\\s*(#.*)?");
    private static final Pattern SECTION = Pattern.compile("\\[([A-Z][A-Za-z]*)]\\s*(#.*)?");
    private static final Pattern FIELD = Pattern.compile("([A-Za-z0-9!$%&'*+.^_`|~\\[\\]-]+)\\s*:\\s*(.*?)(\\s+#.*)?");
    private static final Pattern FENCE = Pattern.compile("```[a-z,]*");

    private final List<String> lines;
    private int at; // the next line

    private HurlParser(String text) {
        lines = text.lines().toList();
    }

    static List<Entry> parse(String text) throws SyntaxProblem {
        HurlParser parser = new HurlParser(text.startsWith("\uFEFF") ? text.substring(1) : text);
        List<Entry> entries = new ArrayList<>();
        while (parser.hasNext()) {
            entries.add(parser.entry());
        }
        return entries;
    }

    /** Passes over empty lines and comments. Whether another line follows. */
    private boolean hasNext() {
        while (at < lines.size() && isIdle(lines.get(at))) {
            at++;
        }
        return at < lines.size();
    }

    private static boolean isIdle(String line) {
        String stripped = line.strip();
        return stripped.isEmpty() || stripped.startsWith("#");
    }

    private String line() {
        return lines.get(at).strip();
    }

    private SyntaxProblem problem(String problem) {
        return new SyntaxProblem(at + 1, problem);
    }

    private Entry entry() throws SyntaxProblem {
        Matcher request = REQUEST.matcher(line());
        if (!request.matches() || RESPONSE.matcher(line()).matches()) {
            throw problem(line() + ": no request; write it like GET {{host}}/api/hello");
        }
        if (request.group(1).equals("HTTP")) { // else it would be a request by a method of this name
            throw problem(line() + ": no status; write it like HTTP 200");
        }
        int line = at + 1;
        String comment = comment();
        at++;
        List<Field> headers = fields();
        List<Field> query = new ArrayList<>();
        List<Field> form = new ArrayList<>();
        List<Field> parts = new ArrayList<>();
        for (String section = section(); section != null; section = section()) {
            switch (section) {
                case "Query", "QueryStringParams" -> query.addAll(fields());
                case "Form", "FormParams" -> form.addAll(fields());
                case "Multipart", "MultipartFormData" -> parts.addAll(fields());
                default -> throw beyond(section, "[Query], [Form] and [Multipart]");
            }
        }
        Body body = body();
        if ((body == null ? 0 : 1) + (form.isEmpty() ? 0 : 1) + (parts.isEmpty() ? 0 : 1) > 1) {
            throw new SyntaxProblem(line, "a request has one body: a form, parts or another");
        }
        return new Entry(
                line,
                comment == null ? request.group(1) + " " + request.group(2) : comment,
                request.group(1),
                request.group(2),
                headers,
                query,
                form,
                parts,
                body,
                expected());
    }

    /** What the comment directly above this line says; null when there is none. */
    private @Nullable String comment() {
        StringBuilder comment = new StringBuilder();
        for (int i = at - 1; i >= 0 && lines.get(i).strip().startsWith("#"); i--) {
            comment.insert(0, lines.get(i).strip().replaceFirst("^#+\\s*", "") + " ");
        }
        String name = comment.toString().strip();
        return name.isEmpty() ? null : name;
    }

    private @Nullable Expected expected() throws SyntaxProblem {
        Matcher response = hasNext() ? RESPONSE.matcher(line()) : null;
        if (response == null || !response.matches()) {
            return null;
        }
        if (!response.group(1).matches("HTTP(/1\\.1|/\\*)?")) {
            throw problem(response.group(1) + ": requests are sent by HTTP/1.1; write HTTP");
        }
        int line = at + 1;
        int status = response.group(2).equals("*") ? -1 : Integer.parseInt(response.group(2));
        at++;
        List<Field> headers = fields();
        Map<String, Query> captures = new LinkedHashMap<>();
        List<Assertion> assertions = new ArrayList<>();
        for (String section = section(); section != null; section = section()) {
            switch (section) {
                case "Captures" -> captures(captures);
                case "Asserts" -> assertions(assertions);
                default -> throw beyond(section, "[Captures] and [Asserts]");
            }
        }
        return new Expected(line, status, headers, captures, assertions, body());
    }

    private SyntaxProblem beyond(String section, String known) {
        return new SyntaxProblem(at, "[" + section + "]: is not known here; the sections are " + known);
    }

    /** The fields that follow, one on each line. */
    private List<Field> fields() {
        List<Field> fields = new ArrayList<>();
        while (hasNext() && !startsAnother(line()) && section(line()) == null) {
            Matcher field = FIELD.matcher(line());
            if (!field.matches()) {
                break;
            }
            fields.add(new Field(field.group(1), field.group(2)));
            at++;
        }
        return fields;
    }

    /** The name of the section that begins on this line, which is passed over; null when none does. */
    private @Nullable String section() {
        String name = hasNext() ? section(line()) : null;
        if (name != null) {
            at++;
        }
        return name;
    }

    private static @Nullable String section(String line) {
        Matcher section = SECTION.matcher(line);
        return section.matches() ? section.group(1) : null;
    }

    /** Whether what is expected of the answer begins on this line, or another request. */
    private static boolean startsAnother(String line) {
        return RESPONSE.matcher(line).matches() || REQUEST.matcher(line).matches();
    }

    private boolean isInSection() {
        return hasNext() && !startsAnother(line()) && section(line()) == null && !startsBody(line());
    }

    private void captures(Map<String, Query> captures) throws SyntaxProblem {
        while (isInSection()) {
            Matcher capture =
                    Pattern.compile("([A-Za-z][A-Za-z0-9_-]*)\\s*:\\s*(.*)").matcher(line());
            if (!capture.matches()) {
                throw problem(line() + ": no capture; write it like id: jsonpath \"$.id\"");
            }
            Words words = new Words(at + 1, capture.group(2));
            captures.put(capture.group(1), Query.parse(words));
            words.end();
            at++;
        }
    }

    private void assertions(List<Assertion> assertions) throws SyntaxProblem {
        while (isInSection()) {
            assertions.add(Assertion.parse(at + 1, line()));
            at++;
        }
    }

    private static boolean startsBody(String line) {
        return line.startsWith("{") || line.startsWith("[") || line.startsWith("`") || line.matches("file,.*;");
    }

    /** The body that follows; null when there is none. */
    private @Nullable Body body() throws SyntaxProblem {
        if (!hasNext() || startsAnother(line())) {
            return null;
        }
        String line = line();
        if (FENCE.matcher(line).matches()) {
            return fenced();
        }
        if (line.startsWith("`") && line.endsWith("`") && line.length() > 1) {
            at++;
            return new Body(Body.Kind.TEXT, line.substring(1, line.length() - 1));
        }
        if (line.matches("file,\\s*[^;]+;")) {
            at++;
            return new Body(
                    Body.Kind.FILE,
                    line.substring("file,".length(), line.length() - 1).strip());
        }
        if (line.startsWith("{") || line.startsWith("[")) {
            return json();
        }
        throw problem(line
                + ": neither a field nor a body; a body is JSON, `text`, text between lines of ```, or file,name;");
    }

    private Body fenced() throws SyntaxProblem {
        int begin = at++;
        StringBuilder text = new StringBuilder();
        while (at < lines.size() && !lines.get(at).strip().equals("```")) {
            text.append(lines.get(at++)).append('\n');
        }
        if (at == lines.size()) {
            throw new SyntaxProblem(begin + 1, "the line ``` at the end of the body is missing");
        }
        at++;
        return new Body(Body.Kind.TEXT, text.toString());
    }

    private Body json() {
        StringBuilder text = new StringBuilder();
        while (hasNext() && !startsAnother(line())) {
            text.append(lines.get(at++)).append('\n');
        }
        return new Body(Body.Kind.JSON, text.toString().stripTrailing());
    }
}
