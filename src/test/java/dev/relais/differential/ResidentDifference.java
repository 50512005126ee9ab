package dev.relais.differential;

import java.util.List;
import java.util.function.Predicate;

/** What a resident function shows differently from PHP-FPM, and why; src/docs/resident.md lists each of them. */
enum ResidentDifference implements Listed {
    GLOBALS(
            "Variables of the script are local to the function that is called for each request; `$GLOBALS` has those of the boot.",
            it -> isBodyOf(it, "globals", "a variable of the script")),
    MAIN_SCRIPT(
            "`get_included_files()[0]`, `getlastmod()` and `getmyinode()` tell of the script that boots: it is what PHP-FPM runs.",
            it -> isBodyOf(it, "where the code is")),
    REDEFINED(
            "`ini_get('disable_functions')` and reflection show which functions are defined again for each request to be one.",
            it -> isBodyOf(it, "functions that are PHP’s own")),
    LOWEST_BUFFER(
            "When no buffer of the script's is left, `ob_get_contents()` and `ob_get_clean()` give `''`, `ob_get_length()` 0 and `ob_get_status()` the gateway's buffer, which carries the answer.",
            it -> isBodyOf(it, "buffers that are dropped", "levels of buffers", "what the engine says")),
    STARTUP_ERRORS(
            "What PHP finds wrong with a request before its script runs (a body that is too large, too many fields) is in the log only, not in `error_get_last()`.",
            it -> isBodyOf(it, "a body that is too large", "a form that is too large")
                    || it.request().name().contains(": uploads ") && it.isOf("body", "header content-length")
                    || it.request().name().contains(": a body that is too large, ")
                            && it.isOf("body", "header content-length")),
    FIELDS(
            "`$_POST` has at most `max_input_vars` fields; PHP-FPM takes one more of a form that has too many.",
            it -> isBodyOf(it, "many fields")),
    STREAMS(
            "While a request with a body runs, other `php://` streams are those of a wrapper in PHP: `stream_get_meta_data()` tells `user-space`.",
            it -> it.request().name().contains(": other streams of PHP, a body of ")
                    && it.isOf("body", "header content-length")),
    TRACES(
            "A trace ends with the function that the worker script has returned.",
            it -> it.isOf("body") && it.nginx().equals(withoutWorker(it.relais()))
                    || it.isOf("header content-length")
                            && withoutWorker(it.behindRelais().get("body"))
                                    .equals(it.behindNginx().get("body"))),
    MESSAGES(
            "A warning that comes from a function that is defined again names the place of its definition.",
            it -> isBodyOf(it, "session after output", "session encoded"));

    private final String reason;
    private final Predicate<Difference> covers;

    ResidentDifference(String reason, Predicate<Difference> covers) {
        this.reason = reason;
        this.covers = covers;
    }

    @Override
    public boolean everywhere() {
        return false;
    }

    @Override
    public String reason() {
        return reason;
    }

    @Override
    public boolean covers(Difference difference) {
        return covers.test(difference);
    }

    private static boolean isBodyOf(Difference difference, String... cases) {
        String name = difference.request().name();
        return difference.isOf("body", "header content-length")
                && List.of(cases).stream().anyMatch(one -> name.endsWith(": " + one));
    }

    /** A trace as it is without the frame of the worker script: frames behind it have another number. */
    private static String withoutWorker(String text) {
        return text.replaceAll("(?i)#\\d+ \\S+/_worker\\.php\\(\\d+\\): require\\([^)]*\\)\n", "")
                .replaceAll("(?i)#\\d+ \\{main\\}", "#1 {main}");
    }
}
