package dev.relais.hurl;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs the entries of one file, in their order. An entry that fails ends nothing: the ones behind it run. Not thread-safe. */
final class FileRun {
    private static final Pattern FILE_PART = Pattern.compile("file,\\s*([^;]+?)\\s*;\\s*(\\S.*)?");

    private final Path folder;
    private final Sender sender;
    private final LongSupplier nanos;
    private final Variables variables = new Variables();

    /**
     * @param folder from which on the bodies' files are named
     * @param host the value of the variable {@code host}
     * @param nanos as {@link System#nanoTime}
     */
    FileRun(Path folder, String host, Sender sender, LongSupplier nanos) {
        this.folder = folder;
        this.sender = sender;
        this.nanos = nanos;
        variables.set("host", host);
    }

    Outcome run(Entry entry) {
        long begin = nanos.getAsLong();
        List<String> failures = new ArrayList<>();
        try {
            Reply reply = sender.send(request(entry));
            if (entry.expected() != null) {
                check(entry.expected(), reply, failures);
            }
        } catch (IOException | Variables.Unset e) {
            failures.add("line " + entry.line() + ": " + e.getMessage());
        }
        return new Outcome(entry.name(), failures, nanos.getAsLong() - begin);
    }

    private SentRequest request(Entry entry) throws IOException, Variables.Unset {
        StringBuilder target = new StringBuilder(variables.filled(entry.target()));
        if (!entry.query().isEmpty()) {
            target.append(target.indexOf("?") < 0 ? '?' : '&').append(encoded(entry.query()));
        }
        List<Field> headers = new ArrayList<>();
        for (Field field : entry.headers()) {
            headers.add(new Field(field.name(), variables.filled(field.value())));
        }
        byte[] body = new byte[0];
        if (!entry.form().isEmpty()) {
            body = encoded(entry.form()).getBytes(StandardCharsets.UTF_8);
            addType(headers, "application/x-www-form-urlencoded");
        } else if (!entry.parts().isEmpty()) {
            Multipart multipart = new Multipart();
            for (Field part : entry.parts()) {
                add(part, multipart);
            }
            body = multipart.bytes();
            addType(headers, multipart.type());
        } else if (entry.body() != null) {
            body = bytes(entry.body());
            if (entry.body().kind() == Body.Kind.JSON) {
                addType(headers, "application/json");
            }
        }
        return new SentRequest(entry.method(), target.toString(), headers, body);
    }

    private static void addType(List<Field> headers, String type) {
        if (headers.stream().noneMatch(field -> field.name().equalsIgnoreCase("Content-Type"))) {
            headers.add(new Field("Content-Type", type));
        }
    }

    private String encoded(List<Field> parameters) throws Variables.Unset {
        StringBuilder encoded = new StringBuilder();
        for (Field parameter : parameters) {
            encoded.append(encoded.isEmpty() ? "" : "&")
                    .append(URLEncoder.encode(parameter.name(), StandardCharsets.UTF_8))
                    .append('=')
                    .append(URLEncoder.encode(variables.filled(parameter.value()), StandardCharsets.UTF_8));
        }
        return encoded.toString();
    }

    private void add(Field part, Multipart multipart) throws IOException, Variables.Unset {
        Matcher file = FILE_PART.matcher(part.value());
        if (file.matches()) {
            String name = file.group(1);
            byte[] content = bytes(new Body(Body.Kind.FILE, name));
            multipart.addFile(part.name(), name.substring(name.lastIndexOf('/') + 1), file.group(2), content);
        } else {
            multipart.add(part.name(), variables.filled(part.value()));
        }
    }

    private byte[] bytes(Body body) throws IOException, Variables.Unset {
        if (body.kind() != Body.Kind.FILE) {
            return variables.filled(body.text()).getBytes(StandardCharsets.UTF_8);
        }
        try {
            Path file = folder.resolve(body.text()).normalize();
            if (!file.startsWith(folder.normalize())) {
                throw new IOException("file," + body.text() + "; is outside the folder of the test");
            }
            return Files.readAllBytes(file);
        } catch (InvalidPathException | IOException e) {
            throw new IOException("file," + body.text() + "; cannot be read: " + e.getMessage());
        }
    }

    private void check(Expected expected, Reply reply, List<String> failures) throws IOException, Variables.Unset {
        String where = "line " + expected.line() + ": ";
        if (expected.status() >= 0 && expected.status() != reply.status()) {
            failures.add(where + "HTTP " + expected.status() + ": status is " + reply.status() + ", body "
                    + Assertion.shown(reply.text()));
        }
        for (Field field : expected.headers()) {
            List<String> values = reply.headers(field.name());
            if (!values.contains(variables.filled(field.value()))) {
                failures.add(where + field.name() + ": " + field.value() + ": "
                        + (values.isEmpty() ? "is not there" : "is " + String.join(" and ", values)));
            }
        }
        for (Assertion assertion : expected.assertions()) {
            String failure = assertion.failure(reply, variables);
            if (failure != null) {
                failures.add("line " + assertion.line() + ": " + failure);
            }
        }
        if (expected.body() != null && !isSame(expected.body(), reply)) {
            failures.add(where + "the body " + Assertion.shown(reply.text()));
        }
        for (Map.Entry<String, Query> capture : expected.captures().entrySet()) {
            capture(where, capture.getKey(), capture.getValue().value(reply), failures);
        }
    }

    private boolean isSame(Body expected, Reply reply) throws IOException, Variables.Unset {
        byte[] wanted = bytes(expected);
        if (expected.kind() != Body.Kind.JSON) {
            return Arrays.equals(wanted, reply.body());
        }
        try {
            Object found = Json.decodeValue(reply.text());
            return found != null && found.equals(Json.decodeValue(new String(wanted, StandardCharsets.UTF_8)));
        } catch (DecodeException e) {
            return false;
        }
    }

    private void capture(String where, String name, Object value, List<String> failures) {
        if (value == Query.MISSING || value == Query.NULL) {
            failures.add(where + "the capture " + name + " " + Assertion.shown(value));
        } else {
            variables.set(name, value.toString());
        }
    }
}
