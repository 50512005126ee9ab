package dev.relais.gateway;

import dev.relais.admission.CircuitBreaker;
import dev.relais.admission.FunctionBreakers;
import dev.relais.admission.Gate;
import dev.relais.fastcgi.Params;
import dev.relais.functions.PhpFunction;
import dev.relais.slot.UsualLatency;
import dev.relais.telemetry.FunctionMeters;

/** What is remembered of a function over its invocations and over reloads; by name, and dropped when the name is gone. Any thread. */
final class FunctionState {
    private final FunctionMeters meters;
    private final Gate gate;
    private final FunctionBreakers breakers;
    private final UsualLatency usualLatency;
    private volatile Variables variables = new Variables(null, null);

    /** The CGI variables that are the same for all requests of a function, encoded. */
    private record Variables(PhpFunction function, byte[] encoded) {}

    FunctionState(String name, FunctionMeters meters, Gate gate, FunctionBreakers breakers) {
        this.meters = meters;
        this.gate = gate;
        this.breakers = breakers;
        this.usualLatency = new UsualLatency(name);
    }

    Gate gate() {
        return gate;
    }

    /** @param function the one that has this name now, with the script that is to run */
    CircuitBreaker breaker(PhpFunction function) {
        return function.application() == null
                ? breakers.own()
                : breakers.of(function.scriptFilename(), function.scriptName());
    }

    FunctionMeters meters() {
        return meters;
    }

    UsualLatency usualLatency() {
        return usualLatency;
    }

    /** @param function the one that has this name now; after a reload it may be another script */
    byte[] variables(PhpFunction function) {
        Variables current = variables;
        if (current.function != function) {
            current = new Variables(function, encode(function));
            variables = current;
        }
        return current.encoded;
    }

    /** The variables that depend on the function alone. */
    static byte[] encode(PhpFunction function) {
        return new Params.Pairs()
                .add("SCRIPT_FILENAME", function.scriptFilename())
                .add("SCRIPT_NAME", function.scriptName())
                .add("DOCUMENT_ROOT", function.documentRoot())
                .add("GATEWAY_INTERFACE", "CGI/1.1")
                .add("SERVER_SOFTWARE", "relais")
                // Nobody's password was checked, so it is nobody, whoever a request says it is from.
                .add("REMOTE_USER", "")
                // PHP refuses to run without it when built with force-redirect.
                .add("REDIRECT_STATUS", "200")
                .encoded();
    }
}
