package dev.relais.dispatch;

import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.Stdin;
import dev.relais.http.Callbacks;
import dev.relais.slot.Slot;
import dev.relais.slot.Tenant;
import dev.relais.slot.UsualLatency;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * One exchange of an invocation on a claimed slot, whichever event loop the slot is on. Confined to the request's event
 * loop, on which the listener is called too.
 */
public final class Exchange implements ExchangeControl {
    private final EventLoop loop;
    private final Slot slot;
    private final Callbacks callbacks;
    private final ExchangeListener listener; // the listener by which the slot identifies this exchange
    private final @Nullable LoopHop hop; // null when the slot is on the request's loop
    private long pid =
            -1; // the process it was started on; written on the child's loop before the listener is told anything

    /**
     * @param loop of the request
     * @param callbacks of its invocation, through which the listener is called
     */
    public Exchange(Slot slot, EventLoop loop, ExchangeListener listener, Callbacks callbacks) {
        ExchangeListener guarded = callbacks.listener(listener);
        this.loop = loop;
        this.slot = slot;
        this.callbacks = callbacks;
        this.hop = slot.loop() == loop ? null : new LoopHop(slot, loop, guarded);
        this.listener = hop == null ? guarded : hop;
    }

    /**
     * Starts the exchange.
     *
     * @param request the encoded request from {@code Params.finish}, which this method releases
     * @param body null when {@code request} already ends STDIN
     * @param limitMillis how long it may take
     * @param tenant called when the child is free of this exchange
     * @param notStarted run on the request's loop when the child went away between claim and start; nothing was sent, the slot
     *     has no owner, and the listener is not called
     */
    public void start(
            ByteBuf request,
            @Nullable Stdin body,
            long limitMillis,
            UsualLatency usual,
            Tenant tenant,
            Runnable notStarted) {
        onChild(() -> {
            pid = slot.pid();
            if (!slot.exchange(request, body, limitMillis, usual, tenant, listener)) {
                LoopHop.onLoop(loop, notStarted);
            }
        });
    }

    @Override
    public String process() {
        return "worker=" + workerId() + " child=" + pid;
    }

    @Override
    public int workerId() {
        return slot.worker().id();
    }

    @Override
    public long childPid() {
        return pid;
    }

    /**
     * Runs a step on the child's loop. An exception of the step ends the child, whose state is then unknown, and the
     * invocation.
     */
    private void onChild(Runnable step) {
        LoopHop.onLoop(slot.loop(), () -> {
            try {
                step.run();
            } catch (RuntimeException | Error e) {
                slot.abort(listener);
                LoopHop.onLoop(loop, () -> callbacks.fault(e));
            }
        });
    }

    @Override
    public void holdBack() {
        hold(true);
    }

    @Override
    public void goOn() {
        hold(false);
    }

    private void hold(boolean held) {
        if (hop == null) {
            slot.hold(listener, held);
        } else {
            slot.loop().execute(() -> hop.hold(held));
        }
    }

    @Override
    public void answerIsWhole() {
        LoopHop.onLoop(slot.loop(), () -> slot.answerIsWhole(listener));
    }

    @Override
    public void bodyBrokeOff() {
        LoopHop.onLoop(slot.loop(), () -> slot.bodyBrokeOff(listener));
    }

    /** Hands more of the body over to the slot's loop, and tells the slot. */
    public void passBody(Runnable handOver) {
        onChild(() -> {
            handOver.run();
            slot.bodyArrived(listener);
        });
    }

    @Override
    public void abort() {
        LoopHop.onLoop(slot.loop(), () -> slot.abort(listener));
    }

    @Override
    public void abandon() {
        LoopHop.onLoop(slot.loop(), () -> slot.abandon(listener));
    }
}
