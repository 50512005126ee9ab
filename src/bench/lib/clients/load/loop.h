/* The loop that sends and reads: one thread, epoll, many connections. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/socket.h>

#include "histogram.h"
#include "request.h"

enum { STATUSES = 1000, SLICES_MOST = 4096 };

typedef struct {
    struct sockaddr_storage address;
    socklen_t address_length;
    Request request;
    bool fastcgi;      /* else HTTP/1.1 */
    bool close;        /* a connection for each request */
    unsigned connections;
    double rate;       /* requests/s that are due; 0: each connection asks again when it has its answer */
    uint64_t length;   /* ns of load */
    uint64_t patience; /* ns until a request is given up */
    uint64_t slice;    /* ns: answers are counted for each such piece of the time; 0: are not */
    uint64_t slow;     /* ns: how many took longer is counted exactly */
} Load;

typedef struct {
    Histogram latency;  /* of good answers, and of what was given up in an open loop: from the instant at which a request was due */
    Histogram lateness; /* from that instant until it was sent */
    uint64_t statuses[STATUSES];
    uint64_t slow;       /* good answers that took longer than `Load.slow` */
    uint64_t connecting; /* failed connects */
    uint64_t reading;    /* connections lost, and broken answers, with a request on them */
    uint64_t timeouts;   /* requests that were given up */
    uint64_t stalled;    /* closed loop: requests that had waited for more than a second when the time was over */
    uint64_t waited;     /* open loop: requests that were due while no connection was free */
    uint64_t unopened;   /* connections that were not open when the time began */
    uint64_t elapsed;    /* ns of load */
    uint64_t cpu;        /* ns of this process meanwhile, user and system */
    uint32_t slices[SLICES_MOST]; /* good answers in each piece of the time */
} Seen;

/* Opens the connections, then makes the load; exits the process when the system fails. */
void loop_run(const Load *load, Seen *seen);

#endif
