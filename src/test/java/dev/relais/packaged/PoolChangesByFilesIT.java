package dev.relais.packaged;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** As pools change when each file is followed by itself. */
class PoolChangesByFilesIT extends PoolChangesCases {
    PoolChangesByFilesIT() {
        super("files");
    }

    /** Without a restart, whatever stands in the file. */
    @Test
    void whatIsWrongIsRefusedWithItsKeyAndTheLastGoodStays() throws Exception {
        becomes("pool: {ini: {memory_limit: 71M}}", "", List.of("site:one"));
        long pid = who("one.example").getLong("pid");
        refuses("pool: {php-fpm: /none/php-fpm, ini: {memory_limit: 72M}}", "sites.one.pool.php-fpm=/none/php-fpm");
        refuses("pool: {ini: {memory_limit: 72M, 'date.timezone': 'No/Where'}}", "sites.one.pool.ini.date.timezone=");
        refuses("pool: {user: nobody-knows}", "sites.one.pool.user=nobody-knows: ");
        refuses("pool: nowhere", "sites.one.pool=nowhere: there is no such pool; ");
        refuses("pool: {ini: {'fastcgi.logging': 0}}", "sites.one.pool.ini.fastcgi.logging=0: ");
        assertEquals("71M", who("one.example").getString("limit"));
        assertTrue(pids("pools").contains(pid));

        yaml("pool: {ini: {memory_limit: 73M}}", "", "");
        await().untilAsserted(() -> assertEquals("73M", who("one.example").getString("limit"), gateway::log));
        assertEquals(null, status().getString("functions.problem"));
    }

    private void refuses(String pool, String problem) throws IOException {
        yaml(pool, "", "");
        await().untilAsserted(() -> {
            String told = String.valueOf(status().getString("functions.problem"));
            assertTrue(told.contains(problem), told + gateway.log());
        });
        assertEquals("71M", who("one.example").getString("limit"));
    }
}
