package dev.relais.slot;

import dev.relais.Digits;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.FcgiConnection;
import dev.relais.fastcgi.Params;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The first exchange on a connection, with a script of Relais' own that answers with its process id. Until it has answered, the
 * connection may wait in the backlog without a child behind it (src/docs/facts.md, facts 1 and 2). It is sent at once, since
 * PHP-FPM closes a connection on which nothing comes for five seconds. Confined to the connection's event loop.
 */
public final class Proof implements ExchangeListener {
    /** Called with the outcome, but not when the connection broke, which its owner is told. */
    interface Outcome {
        /**
         * @param pid the child's process id; -1 when the answer was no number
         * @param pipe the number of the pipe by which the child writes its standard error to the gateway, see {@link ErrorPipes}; -1
         *     when it writes to its master
         */
        void proven(FcgiConnection connection, long pid, int pipe);
    }

    /**
     * Answers with the child's process id and nothing else, whatever php.ini says. Buffers with handlers are dropped, and
     * getmypid is not relied on, because many lists of functions to disable have it. The script also makes the child's folder
     * for uploads, see {@link UploadFolders}, and has it write its standard error to the gateway, see {@link ErrorPipes}: then the
     * number of the pipe follows. It cannot ask ini_get for the folder's path, because the optimizer of opcache puts the
     * value of the first child into the compiled code, which all children share.
     */
    public static final String SCRIPT = """
            <?php
            while (ob_get_level() > 0 && @ob_end_clean());
            try {
                $uploads = (string) ($_SERVER['RELAIS_UPLOADS'] ?? getenv('RELAIS_UPLOADS'));
                if ($uploads !== '') {
                    $mask = umask(077);
                    @mkdir(dirname($uploads));
                    @mkdir($uploads);
                    umask($mask);
                }
            } catch (Throwable $e) {
            }
            if (function_exists('getmypid')) {
                echo getmypid();
            } elseif (function_exists('posix_getpid')) {
                echo posix_getpid();
            } else {
                echo (int) @readlink('/proc/self');
            }
            if (function_exists('relais_error_pipe')) {
                $pipe = relais_error_pipe((string) ($_SERVER['RELAIS_ERRORS'] ?? getenv('RELAIS_ERRORS')));
                if ($pipe >= 0) {
                    echo ' ', $pipe;
                }
            }
            """;

    private static final int MAX_DIGITS = 10;
    private static final int LONGEST_ANSWER = 2 * MAX_DIGITS + 1;

    private final FcgiConnection connection;
    private final Outcome outcome;
    private final StringBuilder answer = new StringBuilder(LONGEST_ANSWER + 1); // one more, and it is no answer of ours

    private Proof(FcgiConnection connection, Outcome outcome) {
        this.connection = connection;
        this.outcome = outcome;
    }

    static void run(
            FcgiConnection connection, Path script, @Nullable Path uploads, @Nullable String errors, Outcome outcome) {
        Params params = new Params();
        params.begin();
        params.addUtf8("SCRIPT_FILENAME", script.toString());
        params.add("SCRIPT_NAME", "/" + script.getFileName());
        params.add("REQUEST_METHOD", "GET");
        params.add("REQUEST_URI", "/" + script.getFileName());
        params.add("QUERY_STRING", "");
        params.add("SERVER_PROTOCOL", "HTTP/1.1");
        params.add("GATEWAY_INTERFACE", "CGI/1.1");
        params.add("REDIRECT_STATUS", "200");
        if (uploads != null) {
            // PHP-FPM applies settings that are given by this name to the process and not to the request.
            params.addUtf8("PHP_ADMIN_VALUE", "upload_tmp_dir=\"" + uploads + "\"");
            params.addUtf8("RELAIS_UPLOADS", uploads.toString());
        }
        if (errors != null) {
            params.addUtf8("RELAIS_ERRORS", errors);
        }
        connection.exchange(params.finish(ByteBufAllocator.DEFAULT, true), null, new Proof(connection, outcome));
    }

    @Override
    public void onHead(ResponseHead head) {
        if (head.status() != 200) {
            answer.append("no number");
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        for (int i = in.readerIndex(); i < in.readerIndex() + length && answer.length() <= LONGEST_ANSWER; i++) {
            answer.append((char) (in.getByte(i) & 0xFF));
        }
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onStderr(String message) {}

    @Override
    public void onFinished() {}

    @Override
    public void onEnd(int appStatus) {
        String text = answer.length() <= LONGEST_ANSWER ? answer.toString() : "";
        int blank = text.indexOf(' ');
        long pid = number(blank < 0 ? text : text.substring(0, blank));
        outcome.proven(connection, pid, blank < 0 ? -1 : (int) number(text.substring(blank + 1)));
    }

    /** @return -1 when it is none, or too long for one */
    private static long number(String text) {
        return text.length() <= MAX_DIGITS ? Digits.parse(text, Integer.MAX_VALUE) : -1;
    }

    @Override
    public void onFailure(ExchangeFailure failure) {}
}
