package dev.relais.debug;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A function in the tree of calls: all calls of it by the same chain of callers. A direct recursion is one node. Confined to the thread that
 * reads a profile, and immutable afterwards.
 */
public final class CallNode {
    /** Deeper chains of calls lose their middle: the readers of the tree go down it by recursion. */
    private static final int MOST_HEIGHT = 300;

    private final String name;
    private Map<String, CallNode> callees = Map.of(); // of its own from the first one on: most nodes have none
    private long selfNanos;
    private long totalNanos;
    private long calls;
    private int height; // how many calls are below it at most

    CallNode(String name, long selfNanos) {
        this.name = name;
        this.selfNanos = selfNanos;
        this.totalNanos = selfNanos;
        this.calls = 1;
    }

    public String name() {
        return name;
    }

    /** The time in the function itself, and in what was left out below it. */
    public long selfNanos() {
        return selfNanos;
    }

    /** The time in the function and in all that it has called. */
    public long totalNanos() {
        return totalNanos;
    }

    public long calls() {
        return calls;
    }

    /** What it has called, in the order of the first calls. */
    public List<CallNode> callees() {
        return new ArrayList<>(callees.values());
    }

    /** Adds a call, with all that is below it. */
    void add(CallNode callee) {
        totalNanos += callee.totalNanos;
        if (callee.name.equals(name)) {
            selfNanos += callee.selfNanos;
            calls += callee.calls;
            callee.callees.values().forEach(this::merge);
        } else if (callee.height + 1 > MOST_HEIGHT) {
            selfNanos += callee.totalNanos;
        } else {
            merge(callee);
        }
    }

    /** As {@link #add}, when its time is counted already. */
    private void merge(CallNode callee) {
        CallNode same = callees.get(callee.name);
        if (same == null) {
            if (callees.isEmpty()) {
                callees = new LinkedHashMap<>();
            }
            callees.put(callee.name, callee);
        } else {
            same.selfNanos += callee.selfNanos;
            same.totalNanos += callee.totalNanos;
            same.calls += callee.calls;
            callee.callees.values().forEach(same::merge);
            same.height = Math.max(same.height, callee.height);
        }
        height = Math.max(height, callee.height + 1);
    }

    /** Leaves out below it what takes less than this share of its time, and says how many nodes are left, with itself. */
    int prune(double share) {
        long least = (long) (totalNanos * share);
        return prune(least);
    }

    private int prune(long least) {
        int left = 1;
        for (CallNode callee : callees()) {
            if (callee.totalNanos < least) {
                callees.remove(callee.name);
                selfNanos += callee.totalNanos;
            } else {
                left += callee.prune(least);
            }
        }
        return left;
    }
}
