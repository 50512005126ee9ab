package dev.relais.gateway;

import java.util.Arrays;

/**
 * The header fields of one request, with fields of the same name joined into one, in the order in which each name first occurs.
 * The work grows with the size of the head and not with its square, whatever names a client chooses: a table finds a name by a
 * hash whose multiplier no client knows. Confined to one event loop.
 */
final class JoinedFields {
    /** 2^32 divided by the golden ratio: spreads the weak low bits of a hash (Knuth, TAOCP 3, 6.4). */
    private static final int GOLDEN = 0x9E3779B9;

    private final int multiplier;
    private String[] names = new String[16];
    private CharSequence[] values = new CharSequence[16]; // a StringBuilder where there was more than one
    private int[] hashes = new int[16];
    private int[] table = new int[32]; // 1 + index, or 0 for free; twice as long as the arrays
    private int size;
    private int looks;

    /** @param seed random, the same for all requests */
    JoinedFields(int seed) {
        multiplier = seed | 1;
    }

    void add(String name, String value) {
        int hash = hash(name);
        int mask = table.length - 1;
        int slot = slot(hash);
        for (int there; (there = table[slot]) != 0; slot = slot + 1 & mask) {
            looks++;
            if (hashes[there - 1] == hash && isSame(names[there - 1], name)) {
                join(there - 1, value);
                return;
            }
        }
        if (size == names.length) {
            grow();
            slot = free(hash);
        }
        names[size] = name;
        values[size] = value;
        hashes[size] = hash;
        table[slot] = ++size;
    }

    int size() {
        return size;
    }

    String name(int index) {
        return names[index];
    }

    String value(int index) {
        return values[index].toString();
    }

    /** How many entries of the table were looked at, which bounds the work of {@link #add}. */
    int looks() {
        return looks;
    }

    /** Joins values by a comma (RFC 9110 section 5.3), and cookies by a semicolon (RFC 9113 section 8.2.3). */
    private void join(int index, String value) {
        if (!(values[index] instanceof StringBuilder)) {
            values[index] = new StringBuilder(values[index]);
        }
        ((StringBuilder) values[index])
                .append(names[index].equalsIgnoreCase("Cookie") ? "; " : ", ")
                .append(value);
    }

    private static boolean isSame(String one, String other) {
        return one.length() == other.length() && one.equalsIgnoreCase(other);
    }

    private int hash(String name) {
        int hash = 0;
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            hash = hash * multiplier + (c >= 'A' && c <= 'Z' ? c + 32 : c);
        }
        return hash;
    }

    private int slot(int hash) {
        return hash * GOLDEN >>> Integer.numberOfLeadingZeros(table.length - 1);
    }

    private int free(int hash) {
        int slot = slot(hash);
        while (table[slot] != 0) {
            slot = slot + 1 & table.length - 1;
        }
        return slot;
    }

    private void grow() {
        names = Arrays.copyOf(names, 2 * size);
        values = Arrays.copyOf(values, 2 * size);
        hashes = Arrays.copyOf(hashes, 2 * size);
        table = new int[4 * size];
        for (int i = 0; i < size; i++) {
            table[free(hashes[i])] = i + 1;
        }
    }
}
