package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.fastcgi.ExchangeListener;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CallbacksTest {
    private static final List<String> ENDED = List.of("counted", "ended");

    private final List<String> done = new ArrayList<>();
    private final Callbacks callbacks =
            new Callbacks(() -> done.add("counted"), () -> done.add("ended"), () -> done.add("disconnected"));
    private final RuntimeException thrown = new IllegalStateException("Request has already been read");

    private void fail() {
        throw thrown;
    }

    static List<Method> events() {
        return List.of(ExchangeListener.class.getMethods());
    }

    /** Every event of the interface, including those that are added later. */
    @ParameterizedTest
    @MethodSource("events")
    void whatAListenerThrowsEndsTheInvocation(Method event) throws ReflectiveOperationException {
        ExchangeListener throwing = (ExchangeListener) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {ExchangeListener.class}, (proxy, method, arguments) -> {
                    throw thrown;
                });
        Object[] arguments = new Object[event.getParameterCount()];
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = event.getParameterTypes()[i] == int.class ? 0 : null;
        }
        event.invoke(callbacks.listener(throwing), arguments);

        assertEquals(ENDED, done);
    }

    @Test
    void whatATaskOrAHandlerThrowsEndsTheInvocation() {
        callbacks.run(this::fail);
        callbacks.task(this::fail).run();
        callbacks.handler(event -> fail()).handle(null);
        callbacks.consumer((Consumer<Object>) event -> fail()).accept(null);
        callbacks
                .consumer((BiConsumer<Object, Object>) (first, second) -> fail())
                .accept(null, null);

        assertEquals(10, done.size());
        assertFalse(done.contains("disconnected"));
    }

    @Test
    void theWantOfMemoryIsToldFurtherToo() throws InvocationTargetException {
        OutOfMemoryError error = new OutOfMemoryError();
        assertSame(
                error,
                assertThrows(
                        OutOfMemoryError.class,
                        () -> callbacks.run(() -> {
                            throw error;
                        })));
        assertEquals(ENDED, done);
    }

    @Test
    void whoCannotBeAnsweredEitherIsDisconnected() {
        new Callbacks(() -> {}, this::fail, () -> done.add("disconnected")).run(this::fail);

        assertEquals(List.of("disconnected"), done);
    }
}
