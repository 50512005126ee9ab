package dev.relais.running;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.relais.testing.Http2Client;
import dev.relais.testing.Http2Stream;
import dev.relais.testing.Protocol;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.TestProfile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** HTTP/2 streams that end while bytes wait in them. Only they lose bytes, and no other stream of the connection. */
@QuarkusTest
@TestProfile(RunningProfile.class)
class StalledStreamTest extends RunningGateway {
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int MAX_HEADER_LIST_SIZE = 6;

    /** Connects with windows that let no byte of an answer through. */
    private Http2Client shut(Protocol protocol) throws IOException {
        return protocol == Protocol.H2
                ? Http2Client.connectTls(https.getPort(), 0)
                : Http2Client.connect(http.getPort(), 0);
    }

    private static void open(Http2Client connection, int stream) throws IOException {
        connection.frame(
                WINDOW_UPDATE,
                0,
                stream,
                ByteBuffer.allocate(4).putInt(64 << 20).array());
    }

    private static Http2Stream[] stalled(Http2Client connection, int count, String target) throws IOException {
        Http2Stream[] streams = new Http2Stream[count];
        for (int i = 0; i < count; i++) {
            streams[i] = connection.stream();
            streams[i].get(target);
        }
        for (Http2Stream stream : streams) {
            assertEquals(200, stream.head().status());
        }
        return streams;
    }

    /** Opens the windows of the other streams, and checks that their whole answers arrive. */
    private static void assertWhole(Http2Client connection, Http2Stream[] streams, int from, int bytes)
            throws IOException {
        open(connection, 0);
        for (int i = from; i < streams.length; i++) {
            open(connection, streams[i].id());
            int read = 0;
            for (byte[] piece = streams[i].piece(); piece.length > 0; piece = streams[i].piece()) {
                read += piece.length;
            }
            assertEquals(bytes, read, "stream " + i);
        }
        assertEquals(200, openedHello(connection));
    }

    private static int openedHello(Http2Client connection) throws IOException {
        Http2Stream last = connection.stream();
        last.get("/api/hello");
        open(connection, last.id());
        return last.answer().status();
    }

    @ParameterizedTest
    @CsvSource({"H2C, 1", "H2, 1", "H2C, 12", "H2, 12"})
    void oneThatIsCancelledTakesNoOtherWithIt(Protocol protocol, int megabytes) throws IOException {
        try (Http2Client connection = shut(protocol)) {
            Http2Stream[] streams = stalled(connection, 4, "/api/large?megabytes=" + megabytes);
            await().until(this::isWhole); // all that PHP has to say waits here
            streams[0].cancel();

            assertWhole(connection, streams, 1, megabytes << 20);
        }
    }

    @ParameterizedTest
    @CsvSource({"H2C, announce", "H2, announce", "H2C, unbuffered", "H2, unbuffered"})
    void oneThatIsCancelledWhilePhpIsHeldBackTakesNoOtherWithIt(Protocol protocol, String how) throws IOException {
        try (Http2Client connection = shut(protocol)) {
            Http2Stream[] streams = stalled(connection, 3, "/api/large?megabytes=20&" + how);
            streams[0].cancel();
            await().until(() -> busy() == 2);

            assertWhole(connection, streams, 1, 20 << 20);
        }
    }

    /** Streams are cancelled in random order, some before their head has arrived, some while they are read. */
    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2"})
    void anySetOfCancelledStreamsLeavesTheOthersWhole(Protocol protocol) throws IOException {
        Random random = new Random(5);
        for (int round = 0; round < 5; round++) {
            try (Http2Client connection = shut(protocol)) {
                open(connection, 0);
                Http2Stream[] streams = new Http2Stream[16];
                for (int i = 0; i < streams.length; i++) {
                    streams[i] = connection.stream();
                    streams[i].get(i % 3 == 0 ? "/api/hello" : "/api/large?megabytes=1");
                }
                boolean[] cancelled = new boolean[streams.length];
                for (int i = 0; i < streams.length; i++) {
                    if (random.nextBoolean()) {
                        open(connection, streams[i].id());
                    }
                    cancelled[i] = random.nextBoolean();
                    if (cancelled[i]) {
                        streams[i].cancel();
                    }
                }
                for (int i = 0; i < streams.length; i++) {
                    Http2Stream stream = streams[i];
                    if (!cancelled[i]) {
                        open(connection, stream.id());
                        assertEquals(i % 3 == 0 ? 17 : 1 << 20, stream.answer().body().length);
                    }
                }
            }
            await().until(this::isWhole);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2"})
    void oneThatRunsIntoItsTimeLimitTakesNoOtherWithIt(Protocol protocol) throws Exception {
        untilProved(side -> {
            try (Http2Client connection = shut(protocol)) {
                Http2Stream limited = connection.stream();
                limited.get("/api/limited?head&" + side.query());
                Http2Stream[] streams = stalled(connection, 2, "/api/large?megabytes=1");
                int status = limited.head().status();
                if (hadNoTime(status, side)) {
                    return false;
                }
                assertEquals(200, status);
                assertEquals(2, limited.awaitReset());

                assertWhole(connection, streams, 0, 1 << 20);
                return true;
            }
        });
    }

    /** The head is larger than the client's limit, which a proxy may announce by mistake. */
    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2"})
    void aHeadThatItsClientDoesNotTakeEndsItsStreamAlone(Protocol protocol) throws IOException {
        try (Http2Client connection = shut(protocol)) {
            connection.frame(
                    SETTINGS,
                    0,
                    0,
                    ByteBuffer.allocate(6)
                            .putShort((short) MAX_HEADER_LIST_SIZE)
                            .putInt(400)
                            .array());
            Http2Stream[] streams = stalled(connection, 2, "/api/large?megabytes=1");
            for (String target : new String[] {
                "/api/headers?body=x&head[]=X-Long:" + "y".repeat(500), "/api/headers?head[]=X-Long:" + "y".repeat(500)
            }) {
                Http2Stream refused = connection.stream();
                refused.get(target);
                open(connection, refused.id());
                refused.awaitReset();
            }

            assertWhole(connection, streams, 0, 1 << 20);
        }
    }

    /** The client takes not even the head of a problem or an interim answer. */
    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2"})
    void aClientThatTakesNoHeadAtAllLosesItsStreamsAlone(Protocol protocol) throws IOException {
        try (Http2Client connection = shut(protocol)) {
            Http2Stream[] streams = stalled(connection, 1, "/api/large?megabytes=1");
            connection.frame(
                    SETTINGS,
                    0,
                    0,
                    ByteBuffer.allocate(6)
                            .putShort((short) MAX_HEADER_LIST_SIZE)
                            .putInt(1)
                            .array());
            for (String target : new String[] {"/api/hello", "/api/none", "/api/headers?head[]=Status:%20204"}) {
                Http2Stream refused = connection.stream();
                refused.get(target);
                open(connection, refused.id());
                refused.awaitReset();
            }
            Http2Stream asks = connection.stream();
            asks.begin("POST", "/api/body", "Expect", "100-continue", "Content-Length", "3");
            asks.awaitReset();

            open(connection, 0);
            open(connection, streams[0].id());
            int read = 0;
            for (byte[] piece = streams[0].piece(); piece.length > 0; piece = streams[0].piece()) {
                read += piece.length;
            }
            assertEquals(1 << 20, read);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"H2C", "H2"})
    void aStreamThatIsShortOfItsLengthIsResetAlone(Protocol protocol) throws IOException {
        try (Http2Client connection = shut(protocol)) {
            Http2Stream[] streams = stalled(connection, 2, "/api/large?megabytes=1");
            Http2Stream broken = connection.stream();
            broken.get("/api/end?how=kill&head");
            open(connection, broken.id());
            assertEquals(200, broken.head().status());
            assertThrows(IOException.class, () -> {
                while (broken.piece().length > 0) {}
            });

            assertWhole(connection, streams, 0, 1 << 20);
        }
    }
}
