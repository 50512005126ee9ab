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
        /** @param pid the child's process id; -1 when the answer was no number */
        void proven(FcgiConnection connection, long pid);
    }

    /**
     * Answers with the child's process id and nothing else, whatever php.ini says. Buffers with handlers are dropped, and
     * getmypid is not relied on, because many lists of functions to disable have it. The script also makes the child's folder
     * for uploads, see {@link UploadFolders}. It cannot ask ini_get for its path, because the optimizer of opcache puts the
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
            """;

    private static final int MAX_DIGITS = 10;

    private final FcgiConnection connection;
    private final Outcome outcome;
    private final StringBuilder answer = new StringBuilder(MAX_DIGITS + 1); // one more, and it is no number

    private Proof(FcgiConnection connection, Outcome outcome) {
        this.connection = connection;
        this.outcome = outcome;
    }

    static void run(FcgiConnection connection, Path script, @Nullable Path uploads, Outcome outcome) {
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
        for (int i = in.readerIndex(); i < in.readerIndex() + length && answer.length() <= MAX_DIGITS; i++) {
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
        outcome.proven(
                connection, answer.length() <= MAX_DIGITS ? Digits.parse(answer.toString(), Long.MAX_VALUE - 1) : -1);
    }

    @Override
    public void onFailure(ExchangeFailure failure) {}
}
