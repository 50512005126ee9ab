package dev.relais.debug;

import dev.relais.Digits;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads a profile of Xdebug in the format of Callgrind (valgrind.org/docs/manual/cl-format.html). The format itself knows who calls whom, and no
 * stacks. But Xdebug writes a block when a call ends, so the blocks of what was called come before that of the caller, which names them in
 * their order: from this the whole tree is had. For one file and thread.
 */
final class Cachegrind {
    /** With more nodes than this, those that take little time are left out. */
    private static final int MOST_NODES = 100_000;
    /** The share of its caller's time below which a call is left out then. */
    private static final double LITTLE = 0.001;
    /** The most calls and names that are kept at a time, and half as many nodes: about 200 bytes each. */
    private static final int MOST_KEPT = 1_000_000;
    /** The most characters of names that are kept; those of a large application have a tenth of it. */
    private static final int MOST_CHARACTERS = 32 << 20;

    private record Called(String name, long nanos) {}

    private final Map<String, String> names = new HashMap<>(); // by number
    private final List<CallNode> ended = new ArrayList<>(); // calls whose caller has not ended yet
    private final List<Called> called = new ArrayList<>(); // by the function of this block
    private @Nullable String function; // null between blocks
    private @Nullable String callee; // named, and its costs come; null for none
    private boolean costsOfCallee;
    private long selfNanos;
    private long unitNanos = 10;
    private long characters; // of the names
    private int nodes;
    private int mostNodes = MOST_NODES;

    private Cachegrind() {}

    /**
     * The tree of the calls.
     *
     * @throws IOException when it cannot be read, or is no profile
     */
    static CallNode read(BoundedLines in) throws IOException {
        Cachegrind profile = new Cachegrind();
        for (String line = in.next(); line != null; line = in.next()) {
            profile.take(line);
        }
        profile.endBlock();
        return profile.root();
    }

    private void take(String line) throws IOException {
        if (line.startsWith("fn=")) {
            endBlock();
            function = name(line.substring(3));
        } else if (line.startsWith("cfn=")) {
            callee = name(line.substring(4));
        } else if (line.startsWith("calls=")) {
            costsOfCallee = true;
        } else if (line.startsWith("events:")) {
            unitNanos = line.contains("10ns") ? 10 : line.contains("ns") ? 1 : 1000;
        } else if (line.isEmpty()) {
            endBlock();
        } else if (function != null && line.charAt(0) >= '0' && line.charAt(0) <= '9') {
            costs(line);
        }
    }

    /** @param line the line of the source, the time and the memory */
    private void costs(String line) throws IOException {
        String[] numbers = line.split(" ");
        long time = numbers.length < 2 ? -1 : Digits.parse(numbers[1], 1L << 50);
        if (time < 0) {
            throw new IOException("no time: " + line);
        }
        if (costsOfCallee && callee != null) {
            called.add(new Called(callee, time * unitNanos));
            checkKept();
            callee = null;
            costsOfCallee = false;
        } else {
            selfNanos += time * unitNanos;
        }
    }

    /** A name is written once with its number, in parentheses, and then only the number. */
    private String name(String text) throws IOException {
        int end = text.indexOf(')');
        if (!text.startsWith("(") || end < 0) {
            return kept(text);
        }
        String number = text.substring(1, end);
        if (end + 1 < text.length()) {
            kept(text);
            names.put(number, text.substring(end + 1).strip());
            checkKept();
        }
        String known = names.get(number);
        return known == null ? kept(number) : known;
    }

    private String kept(String text) throws IOException {
        characters += text.length();
        if (characters > MOST_CHARACTERS) {
            throw new IOException("it has too many names");
        }
        return text;
    }

    private void checkKept() throws IOException {
        if (called.size() + ended.size() + names.size() > MOST_KEPT) {
            throw new IOException("it has too many calls");
        }
    }

    private void endBlock() throws IOException {
        String name = function;
        if (name == null) {
            return;
        }
        CallNode node = new CallNode(name, selfNanos);
        nodes++;
        int first = ended.size(); // of what was called
        CallNode[] callees = new CallNode[called.size()];
        for (int i = callees.length - 1; i >= 0; i--) {
            Called call = called.get(i);
            boolean known = first > 0 && ended.get(first - 1).name().equals(call.name());
            nodes += known ? 0 : 1;
            callees[i] = known ? ended.get(--first) : new CallNode(call.name(), call.nanos());
        }
        for (CallNode each : callees) {
            node.add(each);
        }
        ended.subList(first, ended.size()).clear();
        ended.add(node);
        checkKept();
        called.clear();
        function = null;
        selfNanos = 0;
        if (nodes > mostNodes) {
            prune();
            if (nodes > MOST_KEPT / 2) {
                throw new IOException("it has too many calls");
            }
            mostNodes = Math.max(MOST_NODES, 2 * nodes); // what is left may be a long list of ended calls
        }
    }

    private void prune() {
        nodes = 0;
        for (CallNode node : ended) {
            nodes += node.prune(LITTLE);
        }
    }

    /** What was run after the script, such as destructors, is beside it. */
    private CallNode root() throws IOException {
        if (ended.isEmpty()) {
            throw new IOException("it has no calls");
        }
        if (ended.size() == 1) {
            return ended.get(0);
        }
        CallNode root = new CallNode("request", 0);
        ended.forEach(root::add);
        return root;
    }
}
