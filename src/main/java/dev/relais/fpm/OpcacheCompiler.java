package dev.relais.fpm;

import dev.relais.fastcgi.Params;
import dev.relais.slot.ScriptCompiler;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compiles scripts into the opcache of a master, which all its children share. Immutable. */
final class OpcacheCompiler implements ScriptCompiler {
    /**
     * Compiles the scripts from one line of a list on, for at most a second, and prints which line is next. Some mistakes in a
     * script end PHP, in which case the shutdown function prints it. A quarter of the memory is left for scripts that are not
     * in the list.
     */
    private static final String SCRIPT = """
        <?php
        while (ob_get_level() > 0 && @ob_end_clean());
        $at = (int) $_SERVER['RELAIS_FROM'];
        $left = 'off';
        if (function_exists('opcache_compile_file') && ($status = @opcache_get_status(false)) && $status['opcache_enabled']) {
            $files = file($_SERVER['RELAIS_LIST'], FILE_IGNORE_NEW_LINES);
            register_shutdown_function(function () use (&$at, &$left) {
                echo $left ?? 'next ' . ($at + 1);
            });
            $left = null;
            $end = microtime(true) + 1;
            for (; $at < count($files); $at++) {
                if ($at % 64 === 0) {
                    $status = opcache_get_status(false);
                    $memory = $status['memory_usage'];
                    if ($status['cache_full'] || $memory['free_memory'] * 3 < $memory['used_memory']) {
                        break;
                    }
                }
                if (microtime(true) > $end) {
                    $left = "next $at";
                    return;
                }
                try {
                    @opcache_compile_file($files[$at]);
                } catch (Throwable $e) {
                }
            }
            $left = $at < count($files) ? "full $at" : 'done';
        } else {
            echo $left;
        }
        """;

    private static final Pattern NEXT = Pattern.compile("next (\\d{1,9})$");

    private final Path script;
    private final Path list;
    private final int count;

    private OpcacheCompiler(Path script, Path list, int count) {
        this.script = script;
        this.list = list;
        this.count = count;
    }

    /** Writes the list into the run directory. Blocks. */
    static OpcacheCompiler of(List<Path> scripts, RunDirectory directory) throws IOException {
        StringBuilder lines = new StringBuilder();
        int count = 0;
        for (Path path : scripts) {
            if (path.toString().indexOf('\n') < 0) {
                lines.append(path).append('\n');
                count++;
            }
        }
        Path script = directory.script(RunDirectory.COMPILE_SCRIPT, SCRIPT);
        Path list = directory.script(RunDirectory.COMPILE_LIST, lines.toString());
        return new OpcacheCompiler(script, list, count);
    }

    @Override
    public int count() {
        return count;
    }

    @Override
    public int next(String reply) {
        Matcher next = NEXT.matcher(reply);
        if (next.find()) {
            return Integer.parseInt(next.group(1));
        }
        return reply.endsWith("done") ? DONE : INCOMPLETE;
    }

    @Override
    public ByteBuf request(int from) {
        Params params = new Params();
        params.begin();
        params.addUtf8("SCRIPT_FILENAME", script.toString());
        params.add("SCRIPT_NAME", "/" + RunDirectory.COMPILE_SCRIPT);
        params.add("REQUEST_METHOD", "GET");
        params.add("REQUEST_URI", "/" + RunDirectory.COMPILE_SCRIPT);
        params.add("QUERY_STRING", "");
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("REDIRECT_STATUS", "200");
        params.addUtf8("RELAIS_LIST", list.toString());
        params.add("RELAIS_FROM", Integer.toString(from));
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }
}
