package dev.relais.simulation;

import java.util.Arrays;
import java.util.SplittableRandom;

/** A set of small numbers; adding, removing and drawing take constant time. */
final class IndexedSet {
    private final int[] members;
    private final int[] placeOf; // -1: no member
    private int size;

    IndexedSet(int bound) {
        members = new int[bound];
        placeOf = new int[bound];
        Arrays.fill(placeOf, -1);
    }

    int size() {
        return size;
    }

    void add(int member) {
        if (placeOf[member] < 0) {
            placeOf[member] = size;
            members[size++] = member;
        }
    }

    void remove(int member) {
        int place = placeOf[member];
        if (place >= 0) {
            int last = members[--size];
            members[place] = last;
            placeOf[last] = place;
            placeOf[member] = -1;
        }
    }

    /** Some member; the set is not empty. */
    int draw(SplittableRandom random) {
        return members[random.nextInt(size)];
    }
}
