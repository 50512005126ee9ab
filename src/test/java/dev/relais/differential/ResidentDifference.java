package dev.relais.differential;

import java.util.List;
import java.util.function.Predicate;

/** What a resident function shows differently from PHP-FPM, and why. The table of src/docs/resident.md has a row for each of them. */
enum ResidentDifference implements Listed {
    GLOBALS(
            "Variables of the script are local, and `$GLOBALS` has those of the boot.",
            "The script's function is called for each request.",
            it -> isBodyOf(it, "globals", "a variable of the script")),
    DESTRUCTORS(
            "Destructors of the script's variables run before shutdown functions.",
            "These variables are gone when the function returns.",
            it -> isBodyOf(it, "destructor of the script")),
    DEFINITIONS(
            "Constants, functions, classes and `static` variables of a request are there for the next one.",
            "PHP cannot forget them. See [leaks](#leaks).",
            it -> isBodyOf(it, "constant", "function and class")),
    REWRITING(
            "`output_add_rewrite_var()` and `session.use_trans_sid` rewrite the links of one request of a process only.",
            "PHP forgets at the end of PHP-FPM's request that the buffer for it is open.",
            it -> isBodyOf(it, "rewritten links")),
    MAIN_SCRIPT(
            "`get_included_files()[0]`, `getlastmod()`, `getmyinode()`, and `Last-Modified` where `session.cache_limiter` lets caches keep the answer, tell of "
                    + "the gateway's script that boots.",
            "It is what PHP-FPM runs.",
            it -> isBodyOf(it, "where the code is")
                    || it.isOf("header last-modified") && it.request().name().contains("session")),
    TRACES(
            "A trace has the frame of the worker script, and one that the script takes itself those of the gateway's loop.",
            "They call the script. Traces of uncaught exceptions end before the loop.",
            ResidentDifference::isTrace),
    REDEFINED(
            "`ini_get('disable_functions')` and reflection show functions that are defined again, and warnings of them name the place of their definition.",
            "PHP's own know of PHP-FPM's request only, which never ends.",
            it -> isBodyOf(it, "functions that are PHP’s own", "session after output", "session encoded")),
    FRANKENPHP(
            "`frankenphp_handle_request()` and its like exist.",
            "They have to be there before the script shows which kind it is.",
            it -> isBodyOf(it, "functions of FrankenPHP")),
    LOWEST_BUFFER(
            "When no buffer of the script is left, `ob_get_contents()` and `ob_get_clean()` give `''`, `ob_get_length()` 0 and `ob_get_status()` one more buffer.",
            "The answer goes through a buffer of the gateway's, and these functions of PHP have no other name under which they could be reached.",
            it -> isBodyOf(it, "no buffer", "status of buffers")),
    CALLBACKS(
            "When an output callback throws, its text is dropped where PHP-FPM sends it, and the other way round; the status is 500 where nothing was sent.",
            "PHP calls no function, the gateway's buffer among them, while an exception is thrown.",
            it -> isOf(
                    it,
                    List.of("body", "header content-length", "status", "reason"),
                    "error of a callback",
                    "error of the last callback")),
    COMPRESSION(
            "`ob_gzhandler` and `zlib.output_compression` do not compress.",
            "PHP looks for `Accept-Encoding` in the request that the process has booted with.",
            it -> it.request().name().endsWith(": gzip by PHP if accepted")
                    && it.isOf("header content-encoding", "header vary", "header content-length", "body")),
    STARTUP_ERRORS(
            "What PHP finds wrong with a request before its script runs (a body that is too large, too many fields) is in the log only, not in "
                    + "`error_get_last()` and not shown.",
            "PHP lets no script set it.",
            it -> isAmong(it, ": error before the script, ")),
    FIELDS(
            "`$_POST` has at most `max_input_vars` fields.",
            "PHP-FPM takes one more of a form that has too many, by mistake.",
            it -> isBodyOf(it, "many fields")),
    STREAMS(
            "While a request runs whose body has more than 256 KiB or still comes, `stream_get_meta_data()` tells `user-space` of streams `php://…`.",
            "`php://input` is a wrapper in PHP, which passes on the other names.",
            it -> isAmong(it, ": other streams of PHP, a body of "));

    private final String what;
    private final String why;
    private final Predicate<Difference> covers;

    ResidentDifference(String what, String why, Predicate<Difference> covers) {
        this.what = what;
        this.why = why;
        this.covers = covers;
    }

    @Override
    public boolean everywhere() {
        return false;
    }

    /** The row of the table. */
    @Override
    public String reason() {
        return "| " + what + " | " + why + " |";
    }

    @Override
    public boolean covers(Difference difference) {
        return covers.test(difference);
    }

    private static boolean isBodyOf(Difference difference, String... cases) {
        return isOf(difference, List.of("body", "header content-length"), cases);
    }

    private static boolean isOf(Difference difference, List<String> facts, String... cases) {
        String name = difference.request().name();
        return facts.contains(difference.fact()) && List.of(cases).stream().anyMatch(one -> name.endsWith(": " + one));
    }

    private static boolean isAmong(Difference difference, String... parts) {
        String name = difference.request().name();
        return difference.isOf("body", "header content-length")
                && List.of(parts).stream().anyMatch(name::contains);
    }

    private static boolean isTrace(Difference difference) {
        String nginx = difference.behindNginx().getOrDefault("body", "");
        String relais = difference.behindRelais().getOrDefault("body", "");
        return isBodyOf(difference, "trace")
                || difference.isOf("body", "header content-length")
                        && !nginx.equals(relais)
                        && withoutWorker(nginx).equals(withoutWorker(relais));
    }

    /** A trace as it is without the frame of the worker script: frames behind it have another number. */
    private static String withoutWorker(String text) {
        return text.replaceAll("(?i)#\\d+ \\S+/_worker\\.php\\(\\d+\\): require\\([^)]*\\)\n", "")
                .replaceAll("(?i)#\\d+ \\{main\\}", "#1 {main}");
    }
}
