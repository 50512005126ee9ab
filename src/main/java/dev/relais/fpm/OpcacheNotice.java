package dev.relais.fpm;

import dev.relais.fastcgi.Params;
import dev.relais.slot.Notice;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Has a master's opcache forget what has changed on the disk: the files that are named, whatever their times say, and of all others, if
 * need be, those whose time is another one. Immutable.
 *
 * @param script in the run directory, with {@link #SCRIPT}
 * @param changed files whose code is dropped
 * @param doubtful files whose code is dropped when their time is another one
 * @param others what becomes of all other files
 */
record OpcacheNotice(Path script, Set<String> changed, Set<String> doubtful, Others others) implements Notice {
    /** What becomes of the code of the files that are not named. Each is more than the one before it. */
    enum Others {
        /** It stays. */
        KEPT,
        /** It is dropped where the file has another time. */
        DOUBTFUL,
        /** It is dropped, because more has changed than can be named. */
        DROPPED;

        Others and(Others more) {
            return compareTo(more) < 0 ? more : this;
        }
    }

    /** One pair of parameters holds so many bytes at most (src/docs/facts.md, fact 8). */
    private static final int MOST_BYTES = 60_000;

    /**
     * What is preloaded stays, since its classes cannot be declared again. A script that is new may stand in front of one of the same name
     * on the include path, whose key still leads to the other one.
     */
    static final String SCRIPT = """
            <?php
            while (ob_get_level() > 0 && @ob_end_clean());
            try {
                $status = function_exists('opcache_invalidate') && function_exists('opcache_get_status')
                    ? @opcache_get_status(false) : false;
                if (!$status || !$status['opcache_enabled']) {
                    echo 'off';
                    return;
                }
                clearstatcache(true);
                $changed = (string) ($_SERVER['RELAIS_CHANGED'] ?? getenv('RELAIS_CHANGED'));
                $doubtful = (string) ($_SERVER['RELAIS_DOUBTFUL'] ?? getenv('RELAIS_DOUBTFUL'));
                $others = $_SERVER['RELAIS_OTHERS'] ?? getenv('RELAIS_OTHERS');
                $preloaded = array_flip($status['preload_statistics']['scripts'] ?? []);
                $new = [];
                foreach ($changed === '' ? [] : explode("\\n", $changed) as $file) {
                    if (!isset($preloaded[$file])) {
                        if (str_ends_with($file, '.php') && !opcache_is_script_cached($file) && @is_file($file)) {
                            $new[basename($file)] = true;
                        }
                        @opcache_invalidate($file, true);
                    }
                }
                foreach ($doubtful === '' ? [] : explode("\\n", $doubtful) as $file) {
                    if (!isset($preloaded[$file])) {
                        @opcache_invalidate($file);
                    }
                }
                if ($others !== 'KEPT' || $new) {
                    foreach (array_keys(opcache_get_status(true)['scripts'] ?? []) as $file) {
                        $dropped = $others === 'DROPPED' || isset($new[basename($file)]);
                        if (!isset($preloaded[$file]) && ($dropped || $others === 'DOUBTFUL')) {
                            @opcache_invalidate($file, $dropped);
                        }
                    }
                }
                echo 'done';
            } catch (Throwable $e) {
                echo 'failed: ', $e->getMessage();
            }
            """;

    OpcacheNotice {
        if (bytes(changed) > MOST_BYTES) {
            changed = Set.of();
            others = Others.DROPPED;
        } else if (bytes(doubtful) > MOST_BYTES) {
            others = others.and(Others.DOUBTFUL);
        }
        changed = Set.copyOf(changed);
        doubtful = others == Others.KEPT ? Set.copyOf(doubtful) : Set.of();
    }

    /** As lines; a name that would break them counts as too many. */
    private static int bytes(Set<String> files) {
        int sum = 0;
        for (String file : files) {
            if (file.indexOf('\n') >= 0) {
                return Integer.MAX_VALUE;
            }
            sum += file.getBytes(StandardCharsets.UTF_8).length + 1;
            if (sum > MOST_BYTES) {
                return sum;
            }
        }
        return sum;
    }

    @Override
    public ByteBuf request() {
        Params params = new Params();
        params.begin();
        params.addUtf8("SCRIPT_FILENAME", script.toString());
        params.add("SCRIPT_NAME", "/" + RunDirectory.NOTICE_SCRIPT);
        params.add("REQUEST_METHOD", "GET");
        params.add("REQUEST_URI", "/" + RunDirectory.NOTICE_SCRIPT);
        params.add("QUERY_STRING", "");
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("REDIRECT_STATUS", "200");
        params.addUtf8("RELAIS_CHANGED", String.join("\n", changed));
        params.addUtf8("RELAIS_DOUBTFUL", String.join("\n", doubtful));
        params.add("RELAIS_OTHERS", others.name());
        return params.finish(ByteBufAllocator.DEFAULT, true);
    }

    /** An opcache that is off, or that PHP empties as a whole, holds no old code. */
    @Override
    public boolean isTaken(String reply) {
        return reply.endsWith("done") || reply.endsWith("off");
    }

    @Override
    public Notice with(Notice later) {
        OpcacheNotice other = (OpcacheNotice) later;
        return new OpcacheNotice(
                script, both(changed, other.changed), both(doubtful, other.doubtful), others.and(other.others));
    }

    private static Set<String> both(Set<String> some, Set<String> more) {
        Set<String> all = new LinkedHashSet<>(some);
        all.addAll(more);
        return all;
    }
}
