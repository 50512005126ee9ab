/* Tests of the histogram and of the readers of answers; silent when all is well. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "histogram.h"

static int failures;

static void check(bool good, const char *what) {
    if (!good) {
        fprintf(stderr, "%s\n", what);
        failures++;
    }
}

static void histogram_keeps_each_value_within_one_percent(void) {
    for (uint64_t value = 1; value < (uint64_t) 1 << 62; value = value * 3 / 2 + 1) {
        uint64_t kept = histogram_value(histogram_index(value));
        check(kept >= value && (double) (kept - value) <= 0.01 * (double) value, "a value and its counter");
        check(histogram_index(kept) == histogram_index(value), "a counter's greatest value is its own");
        check(histogram_index(kept + 1) == histogram_index(value) + 1, "the next value is the next counter's");
    }
    check(histogram_index(UINT64_MAX) < COUNTERS, "the greatest value has a counter");
}

static void histogram_finds_percentiles(void) {
    static Histogram histogram;
    check(histogram_at(&histogram, 0.5) == 0, "of nothing");
    for (uint64_t value = 1; value <= 1000; value++)
        histogram_add(&histogram, value * 1000);
    uint64_t half = histogram_at(&histogram, 0.5), most = histogram_at(&histogram, 1), tail = histogram_at(&histogram, 0.99);
    check(half >= 500000 && half <= 505000, "the median");
    check(tail >= 990000 && tail <= 1000000, "the 99th percentile");
    check(most == 1000000 && histogram.most == most, "the greatest is exact");
    histogram_add(&histogram, 9000000);
    check(histogram_at(&histogram, 0.999) <= 1010000, "one of a thousand and one is beyond p99.9");
    check(histogram_at(&histogram, 1) == 9000000, "and the greatest");
}

typedef Progress (*Reader)(Answer *, const char *, size_t, size_t *);

/* Reads in pieces of that size; gives how it ended, and at which byte. */
static Progress feed(Reader reader, Answer *answer, const char *bytes, size_t count, size_t step, size_t *ended) {
    Progress progress = MORE;
    answer_begin(answer);
    for (*ended = 0; *ended < count && progress == MORE;) {
        size_t used = 0, piece = count - *ended < step ? count - *ended : step;
        progress = reader(answer, bytes + *ended, piece, &used);
        *ended += used;
        if (progress == MORE && used != piece)
            return BROKEN;
    }
    return progress;
}

typedef struct {
    const char *bytes;
    Progress progress;
    int status;
    bool last;
} Case;

static const Case CASES[] = {
    { "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", WHOLE, 200, false },
    { "HTTP/1.1 404 Not Found\r\ncontent-length:0\r\nConnection: close\r\n\r\n", WHOLE, 404, true },
    { "HTTP/1.1 204 No Content\r\nServer: x\r\n\r\n", WHOLE, 204, false },
    { "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n!", WHOLE, 200, false },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n1a;x=y\r\nabcdefghijklmnopqrstuvwxyz\r\n0\r\n\r\n", WHOLE, 200, false },
    { "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n1\r\n!\r\n0\r\nTrailer: x\r\n\r\n", WHOLE, 200, false },
    { "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok", WHOLE, 200, true },
    { "HTTP/1.1 200 OK\r\nX-Content-Length: 9\r\nContent-Length: 2\r\n\r\nok", WHOLE, 200, false },
    { "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhello", MORE, 200, false },
    { "SSH-2.0-OpenSSH_9\r\n\r\n", BROKEN, 0, false },
    { "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nno size\r\n", BROKEN, 200, false },
};

static void answers_are_read_however_they_come(void) {
    static Answer answer;
    for (size_t i = 0; i < sizeof CASES / sizeof *CASES; i++)
        for (size_t count = strlen(CASES[i].bytes), step = 1; step <= count; step++) {
            size_t ended;
            Progress progress = feed(answer_http, &answer, CASES[i].bytes, count, step, &ended);
            check(progress == CASES[i].progress && answer.status == CASES[i].status && answer.last == CASES[i].last, CASES[i].bytes);
            check(progress == BROKEN || ended == count, "all of it was the answer's");
        }
}

static void an_answer_takes_no_byte_of_the_next_one(void) {
    static Answer answer;
    const char *two = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhelloHTTP/1.1 200 OK\r\n";
    size_t ended;
    check(feed(answer_http, &answer, two, strlen(two), 1000, &ended) == WHOLE && ended == strlen(two) - 17, "the next answer's bytes");
}

static void the_close_ends_an_answer_without_length(void) {
    static Answer answer;
    const char *bytes = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhello";
    size_t ended;
    check(feed(answer_http, &answer, bytes, strlen(bytes), 7, &ended) == MORE && answer_ended(&answer), "until the close");
    feed(answer_http, &answer, CASES[8].bytes, strlen(CASES[8].bytes), 7, &ended);
    check(!answer_ended(&answer), "a cut body is no end");
}

static void records_are_read_however_they_come(void) {
    static Answer answer;
    static const char good[] = "\1\6\0\1\0\24\2\0X-Powered-By: PHP\r\n\r\0\0" "\1\7\0\1\0\3\0\0log" "\1\6\0\1\0\0\0\0" "\1\3\0\1\0\10\0\0\0\0\0\0\0\0\0\0";
    static const char missing[] = "\1\6\0\1\0\27\1\0Status: 404 Not Found\r\n\0" "\1\3\0\1\0\10\0\0\0\0\0\0\0\0\0\0";
    static const char nothing[] = "\1\3\0\1\0\10\0\0\0\0\0\0\0\0\0\0";
    size_t ended;
    for (size_t step = 1; step < sizeof good; step++)
        check(feed(answer_fastcgi, &answer, good, sizeof good - 1, step, &ended) == WHOLE && answer.status == 200 && ended == sizeof good - 1, "records");
    for (size_t step = 1; step < sizeof missing; step++)
        check(feed(answer_fastcgi, &answer, missing, sizeof missing - 1, step, &ended) == WHOLE && answer.status == 404, "a status of PHP's");
    check(feed(answer_fastcgi, &answer, nothing, sizeof nothing - 1, 3, &ended) == BROKEN, "an end without any output");
}

int main(void) {
    histogram_keeps_each_value_within_one_percent();
    histogram_finds_percentiles();
    answers_are_read_however_they_come();
    an_answer_takes_no_byte_of_the_next_one();
    the_close_ends_an_answer_without_length();
    records_are_read_however_they_come();
    return failures ? EXIT_FAILURE : EXIT_SUCCESS;
}
