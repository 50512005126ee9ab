package dev.relais.differential;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Requests for what a script does from its start to its end, as {@code course.php} has it. */
final class Courses {
    private static final String FORM = "application/x-www-form-urlencoded";
    private static final String BOUNDARY = "multipart/form-data; boundary=b";
    private static final String SESSION = "Cookie: PHPSESSID=";

    /** Cases that differ by nature, or that need a client that goes. */
    private static final Set<String> ASKED_BY_OTHERS = Set.of(
            "order of variables",
            "process",
            "pieces",
            "session held",
            "body echoed",
            "output without an end",
            "what was after a client had gone");

    private static final String ODD_ERRORS = part("f", "big", "x".repeat(700))
            + part("MAX_FILE_SIZE", null, "3")
            + part("g", "four", "four")
            + part("h", "", "")
            + part("many[]", "1", "1")
            + part("many[x][y]", "2", "2")
            + part("many[]", "3", "3");

    private Courses() {}

    /**
     * @param function which of the functions that include {@code course.php}
     * @param cases the names that it knows
     */
    static List<Request> all(String function, List<String> cases) {
        List<Request> all = new ArrayList<>();
        for (String name : cases) {
            if (ASKED_BY_OTHERS.contains(name) || name.endsWith("time up") && !function.equals("course")) {
                continue;
            }
            all.add(get(function, name));
            if (name.startsWith("exit") || name.startsWith("fatal") || name.startsWith("session")) {
                Request request = get(function, name);
                all.add(new Request(
                        "HEAD of " + request.name(),
                        request.requestLine().replace("GET ", "HEAD "),
                        request.lines(),
                        ""));
            }
        }
        addInputs(all, function);
        addUploads(all, function);
        addSessions(all, function);
        return all;
    }

    private static void addInputs(List<Request> all, String function) {
        String query = "&a=1&b[x]=2&n=%20";
        for (String name : List.of("merged request", "filters", "kinds of variables", "headers of the request")) {
            all.add(get(function, name, query)
                    .named(function + ": with a query and cookies: " + name)
                    .with("Cookie: a=3; b[y]=4; c=5"));
            all.add(post(function, name, query, FORM, "a=6&b[z]=7&d=8")
                    .named(function + ": with a form and cookies: " + name)
                    .with("Cookie: a=3; b=4; c=5"));
        }
        for (String name : List.of("constant", "function and class", "rewritten links")) {
            all.add(get(function, name).named(function + ": once more: " + name));
            all.add(get(function, name).named(function + ": and again: " + name));
        }
        all.add(get(function, "arguments", "&a+b").named(function + ": arguments with a plus"));
        all.add(new Request(
                function + ": arguments alone",
                "GET " + path(function) + "?case=arguments+x HTTP/1.1",
                List.of("Host: localhost"),
                ""));
        all.add(get(function, "environment")
                .named(function + ": environment with a proxy")
                .with("X-Http-Proxy: x"));
        for (String body : List.of("0123456789\nabc", "", "<?php echo 'run';", "x".repeat(300_000))) {
            for (String name :
                    List.of("body in pieces", "other streams of PHP", "body as code", "a body that is too large")) {
                all.add(post(function, name, "", "text/plain", body)
                        .named(function + ": " + name + ", a body of " + body.length()));
            }
        }
        all.add(post(function, "body in pieces", "", FORM, "a=1&b=2").named(function + ": a form in pieces"));
        all.add(post(function, "merged request", "", FORM, "a=1&b=2&c=3&d=4&e=5&f=6&g=7")
                .named(function + ": many fields"));
        all.add(get(function, "merged request", "&a=1&b=2&c=3&d=4&e=5&f=6&g=7").named(function + ": many values"));
        all.add(post(function, "error before the script", "", FORM, "a=" + "x".repeat(3_000))
                .named(function + ": error before the script, a form that is too large"));
        all.add(post(function, "a body that is too large", "", FORM, "a=" + "x".repeat(3_000))
                .named(function + ": a form that is too large"));
    }

    private static void addUploads(List<Request> all, String function) {
        String one = part("f", "n.txt", "content");
        String[][] uploads = {
            {"one", one + "--b--\r\n"},
            {"of all kinds of errors", ODD_ERRORS + "--b--\r\n"},
            {"none chosen", part("f", "", "") + "--b--\r\n"},
            {"in arrays", part("f[a][b]", "1", "1") + part("f[a][]", "2", "2") + part("f[c", "3", "3") + "--b--\r\n"},
            {"cut off", one.substring(0, one.length() - 4)},
            {"of many fields", part("a", null, "1").repeat(8) + one + "--b--\r\n"},
            {"too large", part("f", "n", "x".repeat(2_000)) + "--b--\r\n"},
            {"without parts", "--b--\r\n"},
        };
        for (String[] upload : uploads) {
            all.add(post(function, "uploaded files", "", BOUNDARY, upload[1])
                    .named(function + ": uploads " + upload[0]));
            all.add(post(function, "error before the script", "", BOUNDARY, upload[1])
                    .named(function + ": error before the script, uploads " + upload[0]));
            all.add(get(function, "uploaded files of the one before").named(function + ": after uploads " + upload[0]));
        }
        all.add(post(function, "uploaded files", "", "multipart/form-data", one)
                .named(function + ": uploads without a boundary"));
        all.add(post(function, "a file moved", "", BOUNDARY, one + "--b--\r\n")
                .named(function + ": a file of an upload moved"));
    }

    private static void addSessions(List<Request> all, String function) {
        String id = "abcdefghijklmnopqrstuvwx01";
        String[] names = {
            "session",
            "session",
            "session read only",
            "session written by exit",
            "session",
            "session written at the end",
            "session",
            "session before the start"
        };
        for (int i = 0; i < names.length; i++) {
            all.add(get(function, names[i])
                    .named(function + ": session with an id, step " + i)
                    .with(SESSION + id));
        }
        all.add(get(function, "session before the start").named(function + ": after a session"));
        for (String bad : List.of("bad!id", "", "x".repeat(300), "a", "../x")) {
            all.add(get(function, "session")
                    .named(function + ": session of the id '" + bad.substring(0, Math.min(9, bad.length())) + "'")
                    .with(SESSION + bad));
        }
        all.add(get(function, "session", "&PHPSESSID=" + id).named(function + ": session of a query's id"));
    }

    static Request get(String function, String name) {
        return get(function, name, "");
    }

    private static Request get(String function, String name, String query) {
        return Request.of(function + ": " + name, "GET", target(function, name) + query);
    }

    private static Request post(String function, String name, String query, String type, String body) {
        return Request.of(name, "POST", target(function, name) + query)
                .with("Content-Type: " + type)
                .sized(body);
    }

    static String path(String function) {
        return "/api/differential/" + function;
    }

    static String target(String function, String name) {
        return path(function) + "?case=" + URLEncoder.encode(name, StandardCharsets.UTF_8);
    }

    private static String part(String name, String file, String content) {
        return "--b\r\nContent-Disposition: form-data; name=\"" + name + '"'
                + (file == null ? "" : "; filename=\"" + file + '"') + "\r\n\r\n" + content + "\r\n";
    }
}
