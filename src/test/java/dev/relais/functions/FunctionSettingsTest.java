package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class FunctionSettingsTest {
    @Test
    void withoutMethodsEveryMethodIsAllowed() {
        FunctionSettings settings = FunctionSettings.defaults(1);

        assertTrue(settings.allows("BREW"));
        assertNull(settings.allow());
    }

    @Test
    void headIsAllowedWhereGetIs() {
        FunctionSettings get = taking("GET", "POST");

        assertTrue(get.allows("HEAD"));
        assertEquals("GET, HEAD, POST", get.allow());
        assertFalse(get.allows("OPTIONS"));
        assertFalse(get.allows("get"));
        assertFalse(taking("POST").allows("HEAD"));
        assertEquals("HEAD, GET", taking("HEAD", "GET").allow());
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> FunctionSettings.defaults(0));
        assertThrows(IllegalArgumentException.class, FunctionSettingsTest::taking);
    }

    @Test
    void aBuilderBeginsWithTheSettingsItIsMadeOf() {
        FunctionSettings settings = taking("GET");

        assertEquals(settings, settings.toBuilder().build());
    }

    private static FunctionSettings taking(String... methods) {
        return FunctionSettings.defaults(1).toBuilder()
                .methods(List.of(methods))
                .build();
    }
}
