package dev.relais.fpm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.relais.process.ChildOutput;
import dev.relais.slot.RunHistory;
import dev.relais.slot.Runs;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is understood of the bytes in a FIFO, in whatever pieces they come. */
@Timeout(30)
class ErrorPipeTest {
    private static final String RUN_ENDED = "\0fscf\0";
    private static final String NONCE = "0123456789abcdef";
    private static final String PROOF = "\0open0123456789abcdef\0";

    @TempDir
    Path directory;

    private boolean throwing;
    private final List<String> told = new ArrayList<>();
    private final ChildOutput output = new ChildOutput() {
        @Override
        public void line(long pid, String text, boolean logged) {
            throw new AssertionError("without the function");
        }

        @Override
        public void line(long pid, String function, String text, boolean logged) {
            if (throwing) {
                throw new IllegalStateException("test");
            }
            told.add(pid + " " + function + (logged ? " logged " : " said ") + text);
        }

        @Override
        public void runEnded(long pid) {
            if (throwing) {
                throw new IllegalStateException("test");
            }
            told.add(pid + " ended");
        }
    };
    private ErrorPipe pipe;
    private OutputStream child;
    private RunHistory history;

    @BeforeEach
    void makeAPipe() throws Exception {
        Path path = directory.resolve("w0-0.0.err");
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        pipe = new ErrorPipe(path, NONCE, output, many -> {});
        assertTrue(pipe.open());
        child = new FileOutputStream(path.toFile());
        history = pipe.use(7);
    }

    @AfterEach
    void close() throws IOException {
        pipe.close();
        child.close();
    }

    private void write(String text) throws IOException {
        child.write(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    private int read() {
        return pipe.read(new byte[64 << 10]);
    }

    @Test
    void eachLineIsToldWithTheFunctionOfItsRun() throws Exception {
        Runs.begin(history, "a", "b");
        write(PROOF + RUN_ENDED + "one\ntwo" + RUN_ENDED + "NOTICE: PHP message: three\n\n\nfour\n" + RUN_ENDED);
        read();
        assertEquals(
                List.of("7 a said one", "7 a said two", "7 ended", "7 b logged three", "7 b said four", "7 ended"),
                told);
    }

    @Test
    void nothingChangesWithThePiecesInWhichItComes() throws Exception {
        String text =
                PROOF + RUN_ENDED + "x\0y\0fscg\0\0fscf\0z\0\nNOTICE: PHP message: a\n\0ope\n\0f" + RUN_ENDED + "last";
        Runs.begin(history, "a", "b", "c");
        write(text);
        read();
        pipe.endLine();
        List<String> whole = List.copyOf(told);
        assertEquals(
                List.of(
                        "7 a said x\0y\0fscg\0",
                        "7 ended",
                        "7 b said z\0",
                        "7 b logged a",
                        "7 b said \0ope",
                        "7 b said \0f",
                        "7 ended",
                        "7 c said last"),
                whole);
        SplittableRandom random = new SplittableRandom(36);
        for (int round = 0; round < 200; round++) {
            told.clear();
            history = pipe.use(100 + round);
            Runs.begin(history, "a", "b", "c");
            for (int from = 0; from < text.length(); ) {
                int to = Math.min(text.length(), from + 1 + (round == 0 ? 0 : random.nextInt(12)));
                write(text.substring(from, to));
                read();
                from = to;
            }
            pipe.endLine();
            int pid = 100 + round;
            assertEquals(
                    whole.stream().map(line -> line.replaceFirst("7", "" + pid)).toList(), told);
        }
    }

    @Test
    void whateverAListenerThrowsThePipeIsReadOn() throws Exception {
        Runs.begin(history, "a", "b");
        write(PROOF + RUN_ENDED + "lost\n" + RUN_ENDED);
        throwing = true;
        read();
        throwing = false;
        write("kept\n" + RUN_ENDED);
        read();
        assertEquals(List.of("7 b said kept", "7 ended"), told);
    }

    @Test
    void aForgedMarkOfAProofIsText() throws Exception {
        Runs.begin(history, "a", "b");
        for (String forged : List.of("\0open\0", "\0open" + "0".repeat(16) + "\0")) {
            write(PROOF + RUN_ENDED + forged + "\n" + RUN_ENDED + "two\n" + RUN_ENDED);
            read();
            assertEquals(
                    List.of("7 a said " + forged, "7 ended", "7 b said two", "7 ended"),
                    told.stream().map(line -> line.replaceFirst("^[0-9]+", "7")).toList());
            told.clear();
            history = pipe.use(8);
            Runs.begin(history, "a", "b");
        }
    }

    @Test
    void whatAFormerChildLeftInTheBackgroundIsGivenToNoFunction() throws Exception {
        Runs.begin(history, "former");
        write(PROOF + RUN_ENDED + "one\n");
        read();
        pipe.endLine();
        write("after its end\n");
        read();
        history = pipe.use(8);
        Runs.begin(history, "next");
        write("before the proof\n" + PROOF + RUN_ENDED + "two\n");
        read();
        assertEquals(
                List.of(
                        "7 former said one",
                        "7 null said after its end",
                        "8 null said before the proof",
                        "8 next said two"),
                told);
    }

    @Test
    void anotherFileInItsPlaceIsNotOffered() throws Exception {
        Path path = directory.resolve("w0-0.0.err");
        Files.move(path, directory.resolve("moved"));
        assertFalse(pipe.open());
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        assertFalse(pipe.open());
    }

    @Test
    void readingAnEmptyPipeDoesNotWait() {
        assertEquals(0, read());
    }

    @Test
    void whatNobodyIsKnownToHaveWrittenStaysInThePipe() throws Exception {
        Path path = directory.resolve("other.err");
        assertEquals(0, new ProcessBuilder("mkfifo", path.toString()).start().waitFor());
        ErrorPipe fresh = new ErrorPipe(path, NONCE, output, many -> {});
        assertTrue(fresh.open());
        try (OutputStream other = new FileOutputStream(path.toFile())) {
            other.write("early\n".getBytes(StandardCharsets.UTF_8));
            assertEquals(0, fresh.read(new byte[100]));
            fresh.use(9);
            assertEquals(6, fresh.read(new byte[100]));
        }
        fresh.close();
        assertEquals(List.of("9 null said early"), told);
    }

    @Test
    void aLineOfAnyLengthIsOneLine() throws Exception {
        byte[] big = new byte[32 << 10];
        Arrays.fill(big, (byte) 'x');
        Runs.begin(history, "a");
        write(PROOF + RUN_ENDED);
        for (int i = 0; i < 8; i++) {
            child.write(big);
            read();
        }
        write("\n");
        read();
        assertEquals(1, told.size());
        assertEquals("7 a said ".length() + 8 * big.length, told.get(0).length());
    }

    @Test
    void whatIsNoPipeIsNotOpened() throws Exception {
        Path file = Files.writeString(directory.resolve("plain.err"), "x");
        assertFalse(new ErrorPipe(file, NONCE, output, many -> {}).open());
        assertFalse(new ErrorPipe(directory.resolve("missing.err"), NONCE, output, many -> {}).open());
        assertFalse(Files.exists(directory.resolve("missing.err")));
    }
}
