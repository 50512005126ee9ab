package dev.relais.functions;

import dev.relais.admission.Limits;
import dev.relais.sites.DenyList;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one function. Each key of {@code functions.yaml} is a component of this record, a field and a method of the
 * {@link Builder}, and a line in {@link FunctionKeys}.
 *
 * @param timeoutMillis how long an invocation may run, in milliseconds; at least 1
 * @param methods the HTTP methods the function takes, in their order; null for all
 * @param application whether its folder is served as a whole, with its static files and other scripts
 * @param deny what is not served from an application's folder, besides what is never served
 * @param allowSymlinksTo where symlinks may lead from its folder, besides into the folder itself
 * @param limits how many children and places in the queue it may take; never null
 * @param idempotent whether running it twice has the same effect as running it once (RFC 9110 9.2.2)
 * @param onAbort what happens to a running invocation when its client hangs up
 * @param warmUp what follows the function's name in the targets of GET requests that a new worker answers before it serves
 * @param streamsBody whether request bodies are passed on as they arrive, instead of being gathered first
 * @param clientWaitMillis how long a client may hold an invocation back by reading slowly, in milliseconds; -1 for the
 *     gateway's own setting
 * @param maxBodySize bytes that a request's body may have; -1 for the gateway's own setting
 * @param preload whether new generations preload the classes that it has used
 * @param serverTiming whether its answers tell in Server-Timing where their time went
 * @param cache whether and how its answers are kept
 * @param pool the processes that run it; null for those of all
 */
public record FunctionSettings(
        long timeoutMillis,
        @Nullable Set<String> methods,
        boolean application,
        DenyList deny,
        List<Path> allowSymlinksTo,
        Limits limits,
        boolean idempotent,
        OnAbort onAbort,
        List<String> warmUp,
        boolean streamsBody,
        long clientWaitMillis,
        long maxBodySize,
        boolean preload,
        boolean serverTiming,
        CacheSettings cache,
        @Nullable PoolSettings pool) {
    public FunctionSettings {
        if (timeoutMillis < 1) {
            throw new IllegalArgumentException("timeoutMillis=" + timeoutMillis + ": at least 1");
        }
        if (methods != null) {
            if (methods.isEmpty()) {
                throw new IllegalArgumentException("methods is empty: a function that nothing can call");
            }
            methods = Collections.unmodifiableSet(new LinkedHashSet<>(methods));
        }
        allowSymlinksTo = List.copyOf(allowSymlinksTo);
        warmUp = List.copyOf(warmUp);
    }

    /** How it stays in memory; null when it is built anew for each request. */
    public @Nullable ResidentSettings resident() {
        return pool == null ? null : pool.resident();
    }

    /** The settings of a function about which {@code functions.yaml} says nothing. */
    public static FunctionSettings defaults(long timeoutMillis) {
        return new Builder(timeoutMillis).build();
    }

    /** A builder that begins with these settings. */
    public Builder toBuilder() {
        return new Builder(timeoutMillis)
                .methods(methods)
                .application(application)
                .deny(deny)
                .allowSymlinksTo(allowSymlinksTo)
                .limits(limits)
                .idempotent(idempotent)
                .onAbort(onAbort)
                .warmUp(warmUp)
                .streamsBody(streamsBody)
                .clientWaitMillis(clientWaitMillis)
                .maxBodySize(maxBodySize)
                .preload(preload)
                .serverTiming(serverTiming)
                .cache(cache)
                .pool(pool);
    }

    /**
     * Whether this method may invoke the function. HEAD is allowed wherever GET is (RFC 9110 9.3.2); OPTIONS has no special
     * treatment.
     *
     * @param method as received; methods are case-sensitive (RFC 9110 9.1)
     */
    public boolean allows(String method) {
        return methods == null || methods.contains(method) || ("HEAD".equals(method) && methods.contains("GET"));
    }

    /** The value of the Allow header: the methods in their order, and HEAD whenever GET is allowed; null for all. */
    public @Nullable String allow() {
        if (methods == null) {
            return null;
        }
        List<String> named = new ArrayList<>(methods);
        int get = named.indexOf("GET");
        if (get >= 0 && !named.contains("HEAD")) {
            named.add(get + 1, "HEAD");
        }
        return String.join(", ", named);
    }

    /** Collects settings; what is not set has its default. Not thread-safe. */
    public static final class Builder {
        private long timeoutMillis;
        private @Nullable Set<String> methods;
        private boolean application;
        private DenyList deny = DenyList.NONE;
        private List<Path> allowSymlinksTo = List.of();
        private int concurrency;
        private int reserved;
        private int priority;
        private int queue;
        private boolean idempotent;
        private OnAbort onAbort = OnAbort.DEFAULT;
        private List<String> warmUp = List.of();
        private boolean streamsBody;
        private long clientWaitMillis = -1;
        private long maxBodySize = -1;
        private boolean preload;
        private boolean serverTiming;
        private CacheSettings cache = CacheSettings.BY_PHP;
        private @Nullable PoolSettings pool;

        private Builder(long timeoutMillis) {
            this.timeoutMillis = timeoutMillis;
            limits(Limits.NONE);
        }

        public Builder timeoutMillis(long millis) {
            timeoutMillis = millis;
            return this;
        }

        /** @param names null for all */
        public Builder methods(@Nullable Collection<String> names) {
            methods = names == null ? null : new LinkedHashSet<>(names);
            return this;
        }

        public Builder application(boolean whole) {
            application = whole;
            return this;
        }

        public Builder deny(DenyList list) {
            deny = list;
            return this;
        }

        public Builder allowSymlinksTo(List<Path> folders) {
            allowSymlinksTo = folders;
            return this;
        }

        private Builder limits(Limits limits) {
            concurrency = limits.concurrency();
            reserved = limits.reserved();
            priority = limits.priority();
            queue = limits.queue();
            return this;
        }

        public Builder concurrency(int most) {
            concurrency = most;
            return this;
        }

        public Builder reserved(int children) {
            reserved = children;
            return this;
        }

        public Builder priority(int level) {
            priority = level;
            return this;
        }

        public Builder queue(int most) {
            queue = most;
            return this;
        }

        public Builder idempotent(boolean repeatable) {
            idempotent = repeatable;
            return this;
        }

        public Builder onAbort(OnAbort rule) {
            onAbort = rule;
            return this;
        }

        public Builder warmUp(List<String> requests) {
            warmUp = requests;
            return this;
        }

        public Builder streamsBody(boolean streams) {
            streamsBody = streams;
            return this;
        }

        public Builder clientWaitMillis(long millis) {
            clientWaitMillis = millis;
            return this;
        }

        public Builder maxBodySize(long bytes) {
            maxBodySize = bytes;
            return this;
        }

        public Builder preload(boolean learned) {
            preload = learned;
            return this;
        }

        public Builder serverTiming(boolean told) {
            serverTiming = told;
            return this;
        }

        public Builder cache(CacheSettings settings) {
            cache = settings;
            return this;
        }

        /** @param own null for the processes of all */
        public Builder pool(@Nullable PoolSettings own) {
            pool = own;
            return this;
        }

        /** @throws IllegalArgumentException when a value is out of its range */
        public FunctionSettings build() {
            Limits limits = new Limits(concurrency, reserved, priority, queue);
            return new FunctionSettings(
                    timeoutMillis,
                    methods,
                    application,
                    deny,
                    allowSymlinksTo,
                    limits,
                    idempotent,
                    onAbort,
                    warmUp,
                    streamsBody,
                    clientWaitMillis,
                    maxBodySize,
                    preload,
                    serverTiming,
                    cache,
                    pool);
        }
    }
}
