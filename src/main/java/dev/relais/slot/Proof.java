package dev.relais.slot;

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
 * The first exchange on a connection: a script of Relais' own that answers with its process number. Until it has answered, the connection
 * may stand in the backlog with no child behind it (src/docs/facts.md, facts 1 and 2). It is sent at once, since PHP-FPM closes a
 * connection that stays silent for five seconds. Confined to the connection's event loop.
 */
public final class Proof implements ExchangeListener {
    /** Told the outcome. Not when the connection broke: then its owner is told that. */
    interface Outcome {
        /** @param pid of the child, or -1 when the answer was no number */
        void proven(FcgiConnection connection, long pid);
    }

    /**
     * Answers with the child's number and nothing else, whatever php.ini says: buffers with handlers are dropped, and getmypid is on
     * many lists of functions to disable. It also makes the child's folder for uploads, see {@link UploadFolders}. It cannot ask ini_get
     * where that is: the optimizer of opcache puts the value of the first child into the compiled code, which all children share.
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
    private long pid;
    private int digits;

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
            // Of all settings given by this name PHP-FPM makes settings of the process, not of the request.
            params.addUtf8("PHP_ADMIN_VALUE", "upload_tmp_dir=\"" + uploads + "\"");
            params.addUtf8("RELAIS_UPLOADS", uploads.toString());
        }
        connection.exchange(params.finish(ByteBufAllocator.DEFAULT, true), null, new Proof(connection, outcome));
    }

    @Override
    public void onHead(ResponseHead head) {
        if (head.status() != 200) {
            digits = MAX_DIGITS + 1;
        }
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        for (int i = in.readerIndex(); i < in.readerIndex() + length && digits <= MAX_DIGITS; i++) {
            int digit = in.getByte(i) - '0';
            digits = digit < 0 || digit > 9 ? MAX_DIGITS + 1 : digits + 1;
            pid = pid * 10 + digit;
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
        outcome.proven(connection, digits > 0 && digits <= MAX_DIGITS ? pid : -1);
    }

    @Override
    public void onFailure(ExchangeFailure failure) {}
}
