package dev.relais.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.ConfigurationProblem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which URLs name a Redis, and what of them is shown. */
class RedisAddressTest {
    @ParameterizedTest
    @CsvSource({
        "redis://host, redis://host:6379, redis://host:6379",
        "redis://host:1/3, redis://host:1/3, redis://host:1/3",
        "rediss://[::1]:7, rediss://[::1]:7, rediss://[::1]:7",
        "redis://me:se%3Acret@host, redis://me:se%3Acret@host:6379, redis://host:6379",
        "redis://me@host/, redis://host:6379/?user=me, redis://host:6379/",
        "unix:///run/redis.sock, unix:///run/redis.sock, unix:///run/redis.sock",
        "unix:///run/redis.sock?db=2, unix:///run/redis.sock?db=2, unix:///run/redis.sock",
    })
    void whatNamesARedisIsTaken(String url, String connection, String shown) {
        assertEquals(new RedisAddress(connection, shown), RedisAddress.of(url));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "host",
                "host:6379",
                "http://host",
                "redis:",
                "redis://",
                "redis://:6379",
                "redis://host:0",
                "redis://host:99999",
                "redis://host:port",
                "redis://host/name",
                "redis://host/1/2",
                "redis://a,b",
                "redis://a:1,b:2",
                "redis://host?x=1",
                "unix://run/redis.sock",
                "unix:",
                "redis://me:%%@host",
                "redis://me:secret@",
            })
    void anythingElseStopsTheStartWithOneLine(String url) {
        ConfigurationProblem problem = assertThrows(ConfigurationProblem.class, () -> RedisAddress.of(url));
        assertTrue(problem.getMessage().startsWith("relais.cache.redis.url="), problem.getMessage());
        assertTrue(problem.getMessage().contains("redis://host:6379"), problem.getMessage());
        assertFalse(problem.getMessage().contains("secret"), problem.getMessage());
        assertFalse(problem.getMessage().contains("\n"), problem.getMessage());
    }

    @Test
    void aPasswordInWhatCannotBeReadIsNotShown() {
        ConfigurationProblem problem =
                assertThrows(ConfigurationProblem.class, () -> RedisAddress.of("redis://me:sec ret@host"));
        assertFalse(problem.getMessage().contains("sec"), problem.getMessage());
    }
}
