package dev.relais.debug;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class CachegrindTest {
    private static final String HEAD = """
            version: 1
            creator: xdebug 3.2.0 (PHP 8.2.36)
            cmd: /functions/t.php
            part: 1
            positions: line

            events: Time_(10ns) Memory_(bytes)

            """;

    private static CallNode read(String blocks) throws IOException {
        byte[] bytes = (HEAD + blocks).getBytes(StandardCharsets.UTF_8);
        return Cachegrind.read(new BoundedLines(new ByteArrayInputStream(bytes)));
    }

    /** As Xdebug writes a call: its own time, and what it has called. */
    private static String block(String name, long self, Object... called) {
        StringBuilder text = new StringBuilder("fl=(1)\nfn=" + name + "\n3 " + self + " 0\n");
        for (int i = 0; i < called.length; i += 2) {
            text.append("cfl=(1)\ncfn=")
                    .append(called[i])
                    .append("\ncalls=1 0 0\n3 ")
                    .append(called[i + 1])
                    .append(" 0\n");
        }
        return text.append('\n').toString();
    }

    private static String shape(CallNode node) {
        StringJoiner callees = new StringJoiner(" ", "(", ")");
        callees.setEmptyValue("");
        node.callees().forEach(callee -> callees.add(shape(callee)));
        return node.name() + ":" + node.totalNanos() / 10 + "/" + node.selfNanos() / 10 + "x" + node.calls() + callees;
    }

    @Test
    void theSameFunctionIsAnotherNodeBelowAnotherCaller() throws IOException {
        CallNode root = read(block("(1) c", 5)
                + block("(2) a", 10, "(1)", 5)
                + block("(1)", 7)
                + block("(3) b", 20, "(1)", 7)
                + block("(1)", 1)
                + block("(2)", 2, "(1)", 1)
                + "summary: 145 100\n\n"
                + block("(4) {main}", 100, "(2)", 15, "(3)", 27, "(2)", 3));

        assertEquals("{main}:145/100x1(a:18/12x2(c:6/6x2) b:27/20x1(c:7/7x1))", shape(root));
    }

    @Test
    void aRecursionIsOneNode() throws IOException {
        CallNode root = read(block("(1) fib", 1)
                + block("(1)", 2)
                + block("(1)", 3, "(1)", 1, "(1)", 2)
                + block("(1)", 4)
                + block("(1)", 5, "(1)", 6, "(1)", 4)
                + block("(2) {main}", 10, "(1)", 15));

        assertEquals("{main}:25/10x1(fib:15/15x5)", shape(root));
    }

    @Test
    void whatRunsAfterTheScriptIsBesideIt() throws IOException {
        CallNode root = read(block("{main}", 10) + block("A->__destruct", 5));

        assertEquals("request:15/0x1({main}:10/10x1 A->__destruct:5/5x1)", shape(root));
    }

    @Test
    void aCallThatHasNoBlockIsALeaf() throws IOException {
        CallNode root = read(block("(1) x", 1) + block("(2) {main}", 10, "(3) gone", 5, "(1)", 1));

        assertEquals("{main}:16/10x1(gone:5/5x1 x:1/1x1)", shape(root));
    }

    @Test
    void aDeepChainOfCallsIsReadWithoutItsMiddle() throws IOException {
        StringBuilder blocks = new StringBuilder(block("f0", 1));
        int depth = 50_000;
        for (int i = 1; i < depth; i++) {
            blocks.append(block("f" + i, 1, "f" + (i - 1), i));
        }
        CallNode root = read(blocks.toString());

        assertEquals(10L * depth, root.totalNanos());
        assertTrue(shape(root).length() > 100);
    }

    @Test
    void manyNodesLoseThoseThatTakeNoTime() throws IOException {
        StringBuilder blocks = new StringBuilder();
        Object[] called = new Object[2 * 150_000];
        for (int i = 0; i < called.length; i += 2) {
            blocks.append(block("f" + i, i == 0 ? 1_000_000 : 1));
            called[i] = "f" + i;
            called[i + 1] = i == 0 ? 1_000_000L : 1L;
        }
        CallNode root = read(blocks + block("{main}", 1, called));

        assertEquals(10L * (1_000_000 + 150_000), root.totalNanos());
        assertEquals("f0", root.callees().get(0).name());
    }

    /** A file without an end, for each place where something is kept. Whoever keeps all of it runs out of memory. */
    static Stream<Arguments> endless() {
        IntFunction<String> calls = i -> (i == 0 ? "fn=(1) x\n" : "") + "cfn=(1)\ncalls=1 0 0\n3 1 0\n";
        IntFunction<String> blocks = i -> block("(1)" + (i == 0 ? " x" : ""), 1);
        IntFunction<String> numbers = i -> "cfn=(" + i + ") x\n";
        IntFunction<String> names = i -> "cfn=" + "x".repeat(1_000) + "\n";
        IntFunction<String> leaves = i -> block("(1)" + (i == 0 ? " x" : ""), 0, "f" + i, 0, "g" + i, 0)
                + block("(2)" + (i == 0 ? " y" : ""), 0, "(2)", 0, "(1)", 0);
        return Stream.of(
                Arguments.of("calls", calls),
                Arguments.of("blocks", blocks),
                Arguments.of("numbers", numbers),
                Arguments.of("names", names),
                Arguments.of("leaves", leaves));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("endless")
    void whatHasTooManyCallsIsRefused(String what, IntFunction<String> parts) {
        BoundedLines lines = new BoundedLines(new Endless(parts));

        String message =
                assertThrows(IOException.class, () -> Cachegrind.read(lines)).getMessage();
        assertTrue(message.startsWith("it has too many "), what + ": " + message);
    }

    /** These parts in their order, and no end. */
    private static final class Endless extends InputStream {
        private final IntFunction<String> parts;
        private ByteArrayInputStream part = new ByteArrayInputStream(HEAD.getBytes(StandardCharsets.UTF_8));
        private int next;

        Endless(IntFunction<String> parts) {
            this.parts = parts;
        }

        @Override
        public int read() {
            byte[] one = new byte[1];
            read(one, 0, 1);
            return one[0] & 0xff;
        }

        @Override
        public int read(byte[] to, int offset, int length) {
            while (part.available() == 0) {
                part = new ByteArrayInputStream(parts.apply(next++).getBytes(StandardCharsets.UTF_8));
            }
            return part.read(to, offset, length);
        }
    }

    @Test
    void whatIsNoProfileIsRefused() {
        assertThrows(IOException.class, () -> read(""));
        assertThrows(IOException.class, () -> read(block("{main}", -1)));
        assertThrows(IOException.class, () -> read("fn=" + "x".repeat(70_000) + "\n"));
    }
}
