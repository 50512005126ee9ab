/* Counts of durations in nanoseconds, each kept to within 1 % of its value, as HdrHistogram does: buckets that double, and 128 equal steps
   in each of them. */
#ifndef HISTOGRAM_H
#define HISTOGRAM_H

#include <stdint.h>

enum { STEP_BITS = 7, STEPS = 1 << STEP_BITS, COUNTERS = (64 - STEP_BITS + 1) * STEPS };

typedef struct {
    uint64_t counts[COUNTERS];
    uint64_t total, sum, most;
} Histogram;

static inline unsigned histogram_index(uint64_t value) {
    if (value < STEPS)
        return (unsigned) value;
    unsigned shift = 63 - (unsigned) __builtin_clzll(value) - STEP_BITS;
    return (shift + 1) * STEPS + (unsigned) ((value >> shift) - STEPS);
}

/* The greatest value that is counted at this index. */
static inline uint64_t histogram_value(unsigned index) {
    if (index < STEPS)
        return index;
    unsigned shift = index / STEPS - 1;
    uint64_t least = (uint64_t) (index % STEPS + STEPS) << shift;
    return least + ((uint64_t) 1 << shift) - 1;
}

static inline void histogram_add(Histogram *histogram, uint64_t value) {
    histogram->counts[histogram_index(value)]++;
    histogram->total++;
    histogram->sum += value;
    if (value > histogram->most)
        histogram->most = value;
}

/* The value that this part (0 to 1) of all do not exceed; 0 when there is none. */
static inline uint64_t histogram_at(const Histogram *histogram, double part) {
    uint64_t wanted = (uint64_t) (part * (double) histogram->total + 0.999999), seen = 0;
    if (wanted < 1)
        wanted = 1;
    for (unsigned index = 0; index < COUNTERS; index++) {
        seen += histogram->counts[index];
        if (seen >= wanted)
            return histogram_value(index) < histogram->most ? histogram_value(index) : histogram->most;
    }
    return histogram->most;
}

#endif
