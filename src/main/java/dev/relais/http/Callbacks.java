package dev.relais.http;

import dev.relais.LimitedLog;
import dev.relais.fastcgi.ExchangeFailure;
import dev.relais.fastcgi.ExchangeListener;
import dev.relais.fastcgi.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.vertx.core.Handler;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Guards the callbacks of one invocation. Vert.x, Netty, timers and worker threads only log what a callback throws: the client
 * would wait for ever, and the child's slot, the body's file and the permit would stay taken. When a guarded callback throws, this
 * is counted and logged, and the invocation ends. Confined to the request's event loop.
 */
public final class Callbacks {
    private static final LimitedLog LOG = new LimitedLog(Callbacks.class);

    private final Runnable count;
    private final Runnable end;
    private final Runnable disconnect;

    /**
     * @param count counts the fault
     * @param end answers, or breaks the answer off, and gives back what the invocation holds
     * @param disconnect closes the client's connection, where nothing else can be done
     */
    public Callbacks(Runnable count, Runnable end, Runnable disconnect) {
        this.count = count;
        this.end = end;
        this.disconnect = disconnect;
    }

    public void run(Runnable step) {
        try {
            step.run();
        } catch (Exception | Error e) {
            fault(e);
        }
    }

    /**
     * Ends the invocation after a fault. An error of the virtual machine is thrown again, since the code that catches it
     * decides whether the process can go on.
     */
    public void fault(Throwable thrown) {
        count.run();
        LOG.fault("An invocation ends by a fault of Relais", thrown);
        try {
            end.run();
        } catch (Exception | Error e) {
            LOG.fault("A client's connection is closed, because it cannot be answered after a fault", e);
            disconnect.run();
        }
        if (thrown instanceof VirtualMachineError error) {
            throw error;
        }
    }

    public Runnable task(Runnable step) {
        return () -> run(step);
    }

    public <T> Handler<T> handler(Handler<T> then) {
        return event -> {
            try {
                then.handle(event);
            } catch (Exception | Error e) {
                fault(e);
            }
        };
    }

    public <T> Consumer<T> consumer(Consumer<T> then) {
        return event -> {
            try {
                then.accept(event);
            } catch (Exception | Error e) {
                fault(e);
            }
        };
    }

    public <T, U> BiConsumer<T, U> consumer(BiConsumer<T, U> then) {
        return (first, second) -> {
            try {
                then.accept(first, second);
            } catch (Exception | Error e) {
                fault(e);
            }
        };
    }

    public ExchangeListener listener(ExchangeListener target) {
        return new GuardedListener(target);
    }

    private final class GuardedListener implements ExchangeListener {
        private final ExchangeListener target;

        GuardedListener(ExchangeListener target) {
            this.target = target;
        }

        @Override
        public void onEarlyHints(ResponseHead hints) {
            try {
                target.onEarlyHints(hints);
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onHead(ResponseHead head) {
            try {
                target.onHead(head);
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onBody(ByteBuf in, int length) {
            try {
                target.onBody(in, length);
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onReadComplete() {
            try {
                target.onReadComplete();
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public @Nullable String requestId() {
            try {
                return target.requestId();
            } catch (Exception | Error e) {
                fault(e);
                return null;
            }
        }

        @Override
        public void onLeft(String json) {
            try {
                target.onLeft(json);
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onStderr(String message) {
            try {
                target.onStderr(message);
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onFinished() {
            try {
                target.onFinished();
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onEnd(int appStatus) {
            try {
                target.onEnd(appStatus);
            } catch (Exception | Error e) {
                fault(e);
            }
        }

        @Override
        public void onFailure(ExchangeFailure failure) {
            try {
                target.onFailure(failure);
            } catch (Exception | Error e) {
                fault(e);
            }
        }
    }
}
