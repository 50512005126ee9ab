package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.cache.CacheConfig;
import dev.relais.cache.ResultCache;
import dev.relais.cache.SharedLevel;
import dev.relais.fastcgi.EmbeddedChild;
import dev.relais.fastcgi.Wire;
import dev.relais.functions.CodeVersions;
import dev.relais.functions.PhpFunction;
import dev.relais.http.HttpDate;
import dev.relais.http.KeptFiles;
import io.quarkus.runtime.configuration.DurationConverter;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.runtime.configuration.MemorySizeConverter;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Invocations with a result cache: the test is the client and PHP, and moves the clock. */
abstract class ResultFixture extends InvocationFixture {
    /** When the clock begins: Sat, 28 Nov 2026 20:00:00 GMT. */
    static final long BEGIN = 1_795_896_000L;

    static final String MAX_AGE = "Cache-Control: max-age=60";

    final Map<String, String> config = new HashMap<>();
    SharedLevel level = SharedLevel.NONE;
    String version = "1";
    long epoch;
    KeptFiles files; // null: everything is in memory
    private boolean asks = true;
    private long millis = BEGIN * 1000;
    private ResultCache cache;

    @Override
    final ResultCache cache() {
        if (cache == null) {
            CacheConfig mapped = new SmallRyeConfigBuilder()
                    .withMapping(CacheConfig.class)
                    .withConverter(MemorySize.class, 100, new MemorySizeConverter())
                    .withConverter(Duration.class, 100, new DurationConverter())
                    .withDefaultValues(config)
                    .build()
                    .getConfigMapping(CacheConfig.class);
            cache = new ResultCache(
                    mapped,
                    new CodeVersions() {
                        @Override
                        public String version(PhpFunction function) {
                            return version;
                        }

                        @Override
                        public long epoch() {
                            return epoch;
                        }

                        @Override
                        public boolean mentionsCaching(PhpFunction function) {
                            return asks;
                        }
                    },
                    null,
                    files,
                    level,
                    () -> millis);
            cache.share();
        }
        return cache;
    }

    /** The function's code does not say that it asks for answers to be kept. */
    final void doesNotAsk() {
        asks = false;
    }

    final void seconds(long seconds) {
        millis += seconds * 1000;
        pass(TimeUnit.SECONDS.toNanos(seconds));
    }

    /** A date so many seconds from when the clock began. */
    static String date(long seconds) {
        return HttpDate.of(BEGIN + seconds);
    }

    /** A request whose target is behind the function's name. */
    final Caller ask(HttpMethod method, String behind, String... fields) {
        Caller caller = new Caller();
        caller.client.asks(method, "/api/scripted" + behind);
        for (String field : fields) {
            int colon = field.indexOf(':');
            String name = field.substring(0, colon);
            String value = field.substring(colon + 1).strip();
            if (name.equals("Host")) {
                caller.client.request.headers().set(name, value);
            } else {
                caller.client.request.headers().add(name, value);
            }
        }
        return caller.calls();
    }

    final Caller get(String... fields) {
        return ask(HttpMethod.GET, "", fields);
    }

    final Caller head(String... fields) {
        return ask(HttpMethod.HEAD, "", fields);
    }

    /** PHP is called, and answers with these fields and this body. */
    final void php(String body, String... fields) {
        EmbeddedChild child = called();
        sends(
                child,
                Wire.stdout(String.join("\r\n", fields) + (fields.length == 0 ? "" : "\r\n") + "\r\n" + body),
                Wire.end(0, 0));
    }

    /** A request that PHP answers. */
    final Caller miss(String body, String... fields) {
        Caller caller = get();
        php(body, fields);
        assertEquals(body, caller.client.body());
        return caller;
    }

    /** The request was answered from the cache. */
    final Caller hit(String body, Caller caller) {
        noneIsCalled();
        assertTrue(caller.client.isEnded(), "no answer");
        assertEquals(body, caller.client.body());
        assertTrue(status(caller).startsWith("Relais; hit"), status(caller));
        assertNotNull(caller.client.header("Age"));
        return caller;
    }

    /** PHP was asked, which answers, and the client gets that. */
    final Caller asked(Caller caller, String body, String... fields) {
        php(body, fields);
        assertEquals(body, caller.client.body());
        return caller;
    }

    /** After PHP has answered with these fields, the next request gets that answer without PHP. */
    final void isKept(String... fields) {
        miss("first", fields);
        hit("first", get());
    }

    final void isNotKept(String reason, String... fields) {
        Caller first = miss("first", fields);
        assertTrue(status(first).endsWith("detail=" + reason), status(first));
        asked(get(), "second");
    }

    static String status(Caller caller) {
        String value = caller.client.header("Cache-Status");
        assertNotNull(value, "no Cache-Status");
        return value;
    }

    static String age(Caller caller) {
        return caller.client.header("Age");
    }

    static void hasNoAge(Caller caller) {
        assertNull(age(caller));
    }
}
