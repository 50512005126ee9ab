package dev.relais.fastcgi;

import static dev.relais.fuzzing.FuzzTarget.check;

import dev.relais.fuzzing.Bytes;
import dev.relais.fuzzing.FuzzTarget;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A whole {@link FcgiConnection} on a real Unix socket, whose peer answers with any bytes in any pieces and closes after an
 * incomplete answer. Every exchange ends in time. It succeeds exactly when the answer is valid, and then with the answer's
 * bytes.
 */
public final class FcgiConnectionFuzz implements FuzzTarget {
    private static final int HEAD_LIMIT = 4_096;

    /** What the listener does while it is called. */
    private enum Conduct {
        LISTEN,
        PAUSE,
        CLOSE
    }

    private record Answer(byte[] bytes, int[] borders, boolean close) {}

    private final EventLoopGroup group;
    private final EventLoop loop;
    private final Path directory = Files.createTempDirectory("relais-fuzz");
    private final BlockingQueue<Answer> answers = new ArrayBlockingQueue<>(1);
    private final ScriptedPeer peer = ScriptedPeer.start(directory, this::serve);
    private RecordedOwner link;

    /** @param group of one loop; ended by {@link #close} */
    public FcgiConnectionFuzz(EventLoopGroup group) throws IOException {
        this.group = group;
        this.loop = group.next();
    }

    private void serve(ScriptedPeer.Line line) throws IOException, InterruptedException {
        while (true) {
            line.readRequest();
            Answer answer = answers.take();
            int from = 0;
            for (int to : answer.borders) {
                line.write(Arrays.copyOfRange(answer.bytes, from, to));
                from = to;
            }
            if (answer.close) {
                return;
            }
        }
    }

    @Override
    public String name() {
        return "connection (" + loop.getClass().getSimpleName().replace("EventLoop", "") + ")";
    }

    @Override
    public byte[] input(SplittableRandom random) {
        return RecordStreams.next(random);
    }

    @Override
    public boolean accepts(byte[] input, SplittableRandom random) throws Exception {
        ReferenceRecords records = new ReferenceRecords(input);
        ReferenceHead head = ReferenceHead.of(records.stdout.toByteArray(), HEAD_LIMIT);
        boolean whole = records.ended && records.atBorder;
        boolean good = whole && records.protocolStatus == 0 && head.head() != null;
        Conduct conduct =
                random.nextInt(20) == 0 ? Conduct.CLOSE : random.nextInt(4) == 0 ? Conduct.PAUSE : Conduct.LISTEN;

        answers.put(new Answer(input, Bytes.borders(input.length, 1 + random.nextInt(2_000), random), !good));
        if (link == null) {
            link = new RecordedOwner();
            FcgiConnection.connect(loop, peer.socket(), HEAD_LIMIT, RecordStreams.MARK, link);
        }
        FcgiConnection connection = link.awaitConnected();
        Exchange exchange = new Exchange(connection, conduct);
        loop.execute(() -> connection.exchange(request(), null, exchange));
        ExchangeFailure failure = exchange.await();

        boolean closing = conduct == Conduct.CLOSE && exchange.head != null;
        // What follows an END_REQUEST may come in the same read, and then spoils the answer, or in a later one.
        check(
                records.violated && whole || (failure == null) == (good && !closing),
                "an exchange ends well with a good answer only");
        checkContent(exchange, records, head, failure == null);
        if (failure != null || records.violated) {
            link.awaitClosed();
            link = null;
        }
        return failure == null;
    }

    private static void checkContent(Exchange exchange, ReferenceRecords records, ReferenceHead head, boolean ended) {
        boolean meant = head.head() == null || !RecordStreams.MARK.isIn(head.head());
        ResponseHead wantedHead = meant ? head.head() : head.head().without(FinishMark.FIELD);
        check(exchange.head == null || ReferenceHead.isSame(exchange.head, wantedHead), "the head is the reference's");
        int end = head.head() == null ? 0 : records.answerEnd(head.taken());
        byte[] wanted =
                meant && end > 0 ? Arrays.copyOfRange(records.stdout.toByteArray(), head.taken(), end) : new byte[0];
        byte[] body = exchange.body.toByteArray();
        int common = ended ? wanted.length : Math.min(body.length, wanted.length);
        check(Arrays.equals(body, Arrays.copyOf(wanted, common)), "the body is the reference's, as far as it came");
        check(!ended || exchange.appStatus == records.appStatus, "the status is the reference's");
        check(!ended || exchange.isFinished() == records.finished(head.taken()), "the answer is finished at the mark");
    }

    private static ByteBuf request() {
        Params params = new Params();
        params.begin(1);
        params.add("REQUEST_METHOD", "GET");
        return params.finish(PooledByteBufAllocator.DEFAULT, true);
    }

    @Override
    public void close() throws Exception {
        if (link != null) {
            link.closeWhenConnected();
        }
        peer.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync();
        Files.delete(directory);
    }

    private final class Exchange extends RecordedExchange {
        private final FcgiConnection connection;
        private final Conduct conduct;

        private Exchange(FcgiConnection connection, Conduct conduct) {
            this.connection = connection;
            this.conduct = conduct;
        }

        @Override
        public void onHead(ResponseHead received) {
            super.onHead(received);
            if (conduct == Conduct.CLOSE) {
                connection.close();
            }
        }

        @Override
        public void onBody(ByteBuf in, int length) {
            super.onBody(in, length);
            if (conduct == Conduct.PAUSE) {
                connection.pauseReading();
                loop.execute(connection::resumeReading);
            }
        }
    }
}
