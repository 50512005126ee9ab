package dev.relais.fastcgi;

import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

/** Answers that break the protocol, and heads that no client may get: the connection is closed. */
class FcgiProtocolTest extends FcgiConnectionFixture {
    FcgiProtocolTest(Transport transport) {
        super(transport);
    }

    private void refuses(Class<? extends ExchangeFailure> failure, byte[] answer) throws Exception {
        failsWith(failure, line -> {
            line.readRequest();
            line.write(answer);
            line.awaitClose();
        });
    }

    @Test
    void refusesBytesThatAreNoFastCgi() throws Exception {
        refuses(ExchangeFailure.BrokenProtocol.class, "HTTP/1.1 200 OK\r\n\r\n".getBytes());
    }

    @Test
    void refusesTheAnswerOfAnotherRequest() throws Exception {
        refuses(ExchangeFailure.BrokenProtocol.class, Wire.record(1, 6, 2, 0, "A: b\r\n\r\n".getBytes()));
    }

    @Test
    void refusesBytesAfterEndRequest() throws Exception {
        refuses(
                ExchangeFailure.BrokenProtocol.class,
                Wire.join(Wire.answer("x"), Wire.answer("a forged second answer")));
    }

    @Test
    void refusesAnEmptyRecordAfterEndRequest() throws Exception {
        refuses(ExchangeFailure.BrokenProtocol.class, Wire.join(Wire.answer("x"), Wire.stdout("")));
    }

    @Test
    void refusesAProtocolStatus() throws Exception {
        refuses(ExchangeFailure.BrokenProtocol.class, Wire.join(Wire.stdout("A: b\r\n\r\n"), Wire.end(0, 2)));
    }

    @Test
    void refusesAnEndWithoutAHead() throws Exception {
        refuses(ExchangeFailure.InvalidHead.class, Wire.end(0, 0));
    }

    @Test
    void refusesAnInvalidHead() throws Exception {
        refuses(ExchangeFailure.InvalidHead.class, Wire.join(Wire.stdout("Status: none\r\n\r\nbody"), Wire.end(0, 0)));
    }

    @Test
    void refusesAHeadOverTheLimit() throws Exception {
        refuses(ExchangeFailure.InvalidHead.class, Wire.stdout("A: " + "x".repeat(5_000)));
    }

    @Test
    void closesWhenAnIdlePeerSpeaks() throws Exception {
        connect(line -> {
            line.readRequest();
            line.write(Wire.answer("x"));
            line.readRequest();
            line.write(Wire.answer("y"));
            line.write(Wire.stdout("unasked"));
            line.awaitClose();
        });
        assertNull(start(null).await());
        start(null).await(); // the rest may come in the same read or in a later one
        owner.awaitClosed();
    }
}
