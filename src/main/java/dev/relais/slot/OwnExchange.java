package dev.relais.slot;

import dev.relais.LogText;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.jboss.logging.Logger;

/**
 * An exchange that Relais begins itself, without a client: it keeps the beginning of the answer and logs what PHP says to its error
 * stream. Confined to the event loop of its slot.
 */
public final class OwnExchange implements ExchangeListener, Tenant {
    /**
     * The result.
     *
     * @param status the status of the answer; 0 when it broke off
     * @param text the beginning of the body as ISO-8859-1, or why the answer broke off
     */
    public record Reply(int status, String text) {
        public boolean isBrokenOff() {
            return status == 0;
        }
    }

    private static final Logger LOG = Logger.getLogger(OwnExchange.class);

    private final String name;
    private final int worker;
    private final int mostText;
    private final Consumer<Reply> onEnd;
    private final StringBuilder text = new StringBuilder();
    private int status = 200; // what an answer without a head has

    /**
     * @param name the name of what is run, for messages
     * @param worker the id of the slot's worker
     * @param mostText how many bytes of the body are kept
     * @param onEnd called once, and after the slot was freed, unless its child is replaced or its connection closed
     */
    public OwnExchange(String name, int worker, int mostText, Consumer<Reply> onEnd) {
        this.name = name;
        this.worker = worker;
        this.mostText = mostText;
        this.onEnd = onEnd;
    }

    /**
     * Starts it on a claimed slot. The arguments and the result are those of {@link Slot#exchange}. Its latency is compared with no other
     * one.
     *
     * @param request a whole request without a body
     */
    public boolean begin(Slot slot, ByteBuf request, long limitMillis) {
        return slot.exchange(request, null, limitMillis, new UsualLatency(name), this, this);
    }

    /** What has been kept of the body up to now, or why the answer broke off. */
    String text() {
        return text.toString();
    }

    @Override
    public void onHead(ResponseHead head) {
        status = head.status();
    }

    @Override
    public void onBody(ByteBuf in, int length) {
        int kept = Math.min(length, mostText - text.length());
        text.append(in.toString(in.readerIndex(), kept, StandardCharsets.ISO_8859_1));
    }

    @Override
    public void onReadComplete() {}

    @Override
    public void onStderr(String message) {
        LOG.warnf(
                "Message of PHP in a request of Relais' own: worker=%d request=%s message=%s",
                worker, LogText.value(name, 100), LogText.value(message));
    }

    @Override
    public void onFinished() {}

    @Override
    public void onEnd(int appStatus) {
        onEnd.accept(new Reply(status, text()));
    }

    @Override
    public void onFailure(ExchangeFailure failure) {
        text.setLength(0);
        text.append(failure.detail());
        onEnd.accept(new Reply(0, text()));
    }

    @Override
    public void left(long heldNanos) {}

    @Override
    public void crashed(long lostNanos) {}
}
