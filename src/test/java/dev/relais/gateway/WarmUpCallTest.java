package dev.relais.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.fastcgi.Requests;
import dev.relais.functions.FunctionFixture;
import dev.relais.functions.FunctionRegistry;
import dev.relais.functions.FunctionSettings;
import dev.relais.functions.PhpFunction;
import java.util.List;
import org.junit.jupiter.api.Test;

class WarmUpCallTest {
    private static PhpFunction function(String name, List<String> warmUp, List<String> methods) {
        FunctionSettings settings = FunctionSettings.defaults(60_000).toBuilder()
                .warmUp(warmUp)
                .methods(methods)
                .build();
        return FunctionFixture.function(name, settings);
    }

    private static List<WarmUpCall> calls(PhpFunction... functions) {
        return WarmUpCall.of(FunctionRegistry.of(List.of(functions)));
    }

    @Test
    void aCallIsAWholeGetOfTheFunction() {
        WarmUpCall call = calls(function("my weather", List.of("/rome%20north?unit=c&x=1"), null))
                .get(0);
        assertNull(call.problem());
        assertEquals("/api/my%20weather/rome%20north?unit=c&x=1", call.target());
        Requests.Decoded sent = Requests.decode(call.encode());
        assertEquals("/f/my weather.php", sent.get("SCRIPT_FILENAME"));
        assertEquals("/rome north", sent.get("PATH_INFO"));
        assertEquals("unit=c&x=1", sent.get("QUERY_STRING"));
        assertEquals("GET", sent.get("REQUEST_METHOD"));
        assertEquals("/api/my%20weather/rome%20north?unit=c&x=1", sent.get("REQUEST_URI"));
        assertTrue(sent.stdinEnded());
    }

    @Test
    void callsComeInTheOrderOfTheFile() {
        List<WarmUpCall> calls = calls(function("a", List.of("?2", "", "?1"), null), function("b", List.of(), null));
        assertEquals(
                List.of("/api/a?2", "/api/a", "/api/a?1"),
                calls.stream().map(WarmUpCall::target).toList());
    }

    @Test
    void whatCannotBeAskedSaysWhy() {
        assertEquals(
                "is a GET, which the function does not take",
                calls(function("a", List.of(""), List.of("POST"))).get(0).problem());
        assertEquals(
                "leads to no function",
                calls(function("a", List.of("/../.."), null)).get(0).problem());
    }
}
