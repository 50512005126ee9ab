package dev.relais.hurl;

import java.io.IOException;

/** Sends one request and waits for the whole answer. */
interface Sender {
    /** @throws IOException when there is no whole answer */
    Reply send(SentRequest request) throws IOException;
}
