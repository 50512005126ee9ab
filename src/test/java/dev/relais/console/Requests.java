package dev.relais.console;

import dev.relais.telemetry.Timeline;

/** Requests of which only the id and the method may be asked for, since nothing else of them is shown. */
final class Requests {
    private Requests() {}

    static Timeline.Request of(String id) {
        return new Timeline.Request() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String clientAddress() {
                throw shown();
            }

            @Override
            public String method() {
                return "GET";
            }

            @Override
            public String target() {
                throw shown();
            }

            @Override
            public String protocol() {
                throw shown();
            }

            @Override
            public String field(String name) {
                throw shown();
            }
        };
    }

    private static AssertionError shown() {
        return new AssertionError("the console shows no content of requests");
    }
}
