package dev.relais.dev;

import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.BiFunction;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the listener of an exchange. Messages are kept for the request's line in the terminal. When one tells of an error that has ended
 * the script before its head, another answer takes the place of the script's; to other HTML a script is added at its end. Confined to the
 * request's event loop.
 */
final class WatchedExchange implements ExchangeListener {
    private final ExchangeListener listener;
    private final RequestLines lines;
    private final LongSupplier clock;
    private final String script;
    private final BiFunction<PhpError, List<String>, ErrorAnswer> answers;
    private final List<String> messages = new ArrayList<>();
    private @Nullable PhpError error;
    private boolean headPassed;
    private boolean adds;
    private int status = 500;

    /**
     * @param script what is added to HTML; empty for nothing
     * @param answers makes the answer for an error and all messages
     * @param clock as {@link System#nanoTime}
     */
    WatchedExchange(
            ExchangeListener listener,
            RequestLines lines,
            String script,
            BiFunction<PhpError, List<String>, ErrorAnswer> answers,
            LongSupplier clock) {
        this.listener = listener;
        this.lines = lines;
        this.script = script;
        this.answers = answers;
        this.clock = clock;
    }

    @Override
    public void onEarlyHints(ResponseHead hints) {
        listener.onEarlyHints(hints);
    }

    @Override
    public void onHead(ResponseHead head) {
        if (error != null) {
            return; // the answer for it follows at the end
        }
        headPassed = true;
        status = head.status();
        adds = !script.isEmpty() && isWholePage(head);
        listener.onHead(adds ? withoutLength(head) : head);
    }

    private static boolean isWholePage(ResponseHead head) {
        String type = head.first("Content-Type");
        return type != null
                && type.toLowerCase(Locale.ROOT).startsWith("text/html")
                && head.status() != 204
                && head.status() != 304
                && head.first("Content-Encoding") == null
                && head.first("X-Sendfile") == null
                && head.first("X-Accel-Redirect") == null;
    }

    private static ResponseHead withoutLength(ResponseHead head) {
        List<String> fields = new ArrayList<>(head.fields());
        for (int i = fields.size() - 2; i >= 0; i -= 2) {
            if (fields.get(i).equalsIgnoreCase("Content-Length")) {
                fields.subList(i, i + 2).clear();
            }
        }
        return new ResponseHead(head.status(), head.reason(), fields, head.oddity());
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        if (headPassed) {
            listener.onBody(in, length);
        }
    }

    @Override
    public void onReadComplete() {
        if (headPassed) {
            listener.onReadComplete();
        }
    }

    @Override
    public @Nullable String requestId() {
        return listener.requestId();
    }

    @Override
    public void onStderr(String message) {
        if (message.isEmpty()) {
            return;
        }
        messages.add(message);
        lines.message(message, clock.getAsLong());
        if (error == null && !headPassed) {
            error = PhpError.of(message);
        }
    }

    @Override
    public void onFinished() {
        addScript();
        listener.onFinished();
    }

    @Override
    public void onEnd(int appStatus) {
        PhpError fatal = error;
        if (fatal != null) {
            ErrorAnswer answer = answers.apply(fatal, messages);
            listener.onHead(answer.head());
            pass(answer.body());
        }
        addScript();
        lines.end(Integer.toString(status), clock.getAsLong());
        listener.onEnd(appStatus);
    }

    private void addScript() {
        if (adds) {
            adds = false;
            pass(script);
        }
    }

    private void pass(String text) {
        ByteBuf bytes = Unpooled.copiedBuffer(text, StandardCharsets.UTF_8);
        listener.onBody(bytes, bytes.readableBytes());
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        lines.end("failed (" + failure.detail() + ")", clock.getAsLong());
        listener.onFailure(failure);
    }
}
