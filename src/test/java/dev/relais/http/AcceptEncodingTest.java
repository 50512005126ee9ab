package dev.relais.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.AbstractList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AcceptEncodingTest {
    private static final List<ContentCoding> OFFERED = List.of(ContentCoding.BR, ContentCoding.GZIP);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "gzip                     | GZIP",
                "gzip, deflate, br        | BR",
                "GZip;Q=1.0               | GZIP",
                "br;q=0.5, gzip;q=0.8     | GZIP",
                "br;q=0.001               | BR",
                "*                        | BR",
                "br;q=0, *                | GZIP",
                "*;q=0.1, gzip;q=0.2      | GZIP",
                "gzip;q=0                 |",
                "*;q=0                    |",
                "identity                 |",
                "gzip;q=2                 |",
                "gzip;q=0.1234            |",
                "gzip;q=1.001             |",
                "gzip;q=1.000             | GZIP",
                "gzip;q=1.0000            |",
                "gzip;q=0.                |",
                "gzip;q=1.                | GZIP",
                "gzip ; q=0.5 , br;q=0.4  | GZIP",
                "br;q=0.09, gzip;q=0.1    | GZIP",
                "br;q=0.009, gzip;q=0.01  | GZIP",
                "gzip;q=                  |",
                "gzip;q                   |",
                "gzip;                    |",
                "gzip;q=-1                |",
                "gzip;q=.5                |",
                "gzip;q=0,5               |",
                "gzip;q=0.5x              |",
                "gzip;q=0.5;a=b           |",
                "gzip;q =0.5              |",
                "gzip q=0.5               |",
                "gzip;q=01                |",
                "gzip;q=00.5              |",
                "gzip;q=0:5               |",
                "gzip;1=1                 |",
                "gzip;level=1             |",
                "x-gzip                   |",
                "''                       |",
                ";q=1,,                   |",
            })
    void takesTheBestAcceptedCoding(String field, ContentCoding coding) {
        assertEquals(coding, AcceptEncoding.best(List.of(field), OFFERED));
    }

    @Test
    void readsRepeatedFieldsAsOne() {
        assertEquals(ContentCoding.BR, AcceptEncoding.best(List.of("gzip;q=0.3", "br;q=0.4"), OFFERED));
    }

    @Test
    void isNoneWithoutTheField() {
        assertEquals(null, AcceptEncoding.best(List.of(), OFFERED));
    }

    @Test
    void readsAListOfManyElementsOnce() {
        AtomicInteger asked = new AtomicInteger();
        List<String> fields = new AbstractList<>() {
            @Override
            public String get(int index) {
                asked.incrementAndGet();
                return "x;q=1,".repeat(5_000) + "gzip";
            }

            @Override
            public int size() {
                return 1;
            }
        };
        assertEquals(ContentCoding.GZIP, AcceptEncoding.best(fields, OFFERED));
        assertEquals(1, asked.get());
    }
}
