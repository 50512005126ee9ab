package dev.relais.worker;

import dev.relais.fastcgi.Params;
import dev.relais.fpm.RunDirectory;
import dev.relais.slot.Worker;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;

/**
 * Has PHP compile scripts into the opcache of each worker, which all children of one share, so that no request pays for it and, where
 * opcache does not check files, the generation never looks at the disk again. A script that does not compile is no failure: it may never
 * be run. Any thread.
 */
public final class Compilation {
    private static final Logger LOG = Logger.getLogger(Compilation.class);
    /** The exchanges that end, each at some file, before it is let be. Each compiles for a second, or met a fatal error. */
    private static final int MOST_EXCHANGES = 1_000;

    private static final long LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

    /**
     * Compiles from one line of a list on, for a second at most, and says which line is next. Some mistakes in a script end PHP: then
     * the shutdown function says it. A quarter of the memory is left for what is not in the list.
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

    private final Generation generation;
    private final Path script;
    private final Path list;
    private final int count;

    private Compilation(Generation generation, Path script, Path list, int count) {
        this.generation = generation;
        this.script = script;
        this.list = list;
        this.count = count;
    }

    /** Blocks: writes the list. */
    static Compilation of(Generation generation, List<Path> scripts, RunDirectory directory) throws IOException {
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
        return new Compilation(generation, script, list, count);
    }

    /**
     * Runs on all workers at once.
     *
     * @param deadlineNanos by {@link System#nanoTime}: what is not compiled then is left out
     * @return completes when all are through; never fails
     */
    public CompletableFuture<Void> run(long deadlineNanos) {
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (Worker worker : generation.workers()) {
            all.add(from(worker, 0, 0, deadlineNanos));
        }
        return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new));
    }

    private CompletableFuture<Void> from(Worker worker, int line, int exchanges, long deadlineNanos) {
        long now = System.nanoTime();
        long limit = now + Math.min(LIMIT_NANOS, deadlineNanos - now);
        return Trial.run(worker, "opcache", request(line), limit).thenCompose(reply -> {
            Matcher next = NEXT.matcher(reply.text());
            if (next.find() && exchanges < MOST_EXCHANGES) {
                return from(worker, Integer.parseInt(next.group(1)), exchanges + 1, deadlineNanos);
            }
            if (!reply.text().endsWith("done")) {
                LOG.warnf(
                        "%s: not all of %d scripts are compiled beforehand (%s); is opcache on, and large enough?",
                        worker, count, reply.text());
            }
            return CompletableFuture.completedFuture(null);
        });
    }

    private ByteBuf request(int line) {
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
        params.add("RELAIS_FROM", Integer.toString(line));
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }
}
