package dev.relais.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FunctionSettingsTest {
    @Test
    void withoutMethodsEveryMethodIsAllowed() {
        FunctionSettings settings = FunctionSettings.of(1, null);

        assertTrue(settings.allows("BREW"));
        assertNull(settings.allow());
    }

    @Test
    void headIsAllowedWhereGetIs() {
        FunctionSettings get = FunctionSettings.of(1, List.of("GET", "POST"));

        assertTrue(get.allows("HEAD"));
        assertEquals("GET, HEAD, POST", get.allow());
        assertFalse(get.allows("OPTIONS"));
        assertFalse(get.allows("get"));
        assertFalse(FunctionSettings.of(1, List.of("POST")).allows("HEAD"));
        assertEquals("HEAD, GET", FunctionSettings.of(1, List.of("HEAD", "GET")).allow());
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> FunctionSettings.of(0, null));
        assertThrows(IllegalArgumentException.class, () -> FunctionSettings.of(1, List.of()));
        assertThrows(IllegalArgumentException.class, () -> new FunctionSettings(1, Set.of("GET"), null));
        assertThrows(IllegalArgumentException.class, () -> new FunctionSettings(1, null, "GET"));
    }
}
