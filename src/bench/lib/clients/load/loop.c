#define _GNU_SOURCE
#include "loop.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "answer.h"

enum { EVENTS = 256, PIECE = 1 << 18, OPENING_MOST = 128 };
static const uint64_t SECOND = 1000000000, AGAIN = 10000000, LOOK = 100000000, OPEN_WITHIN = 15000000000;

typedef enum { CLOSED, CONNECTING, IDLE, BUSY } State;

typedef struct {
    int fd;
    State state;
    bool asked;    /* a request is on it, or waits for its connect */
    bool watched;  /* for being writable */
    size_t sent;   /* bytes of the request */
    uint64_t due;  /* ns: when the request was due; of a closed connection, when to connect again */
    Answer answer;
} Connection;

/* First in, first out. */
typedef struct {
    unsigned *numbers, first, count, room;
} Ring;

static const Load *load;
static Seen *seen;
static Connection *connections;
static Ring idle, retries; /* free connections; closed ones, by the time of the next attempt */
static int poller;
static unsigned opening, busy;
static uint64_t begin, end, now;
static uint64_t next;    /* open loop: number of the request that is due next */
static uint64_t starved; /* open loop: when requests were last due without a free connection for them */
static bool loading; /* else the connections are being opened, or the time is over */
static char piece[PIECE];

static void must(bool good, const char *what) {
    if (!good) {
        perror(what);
        exit(2);
    }
}

static uint64_t nanos(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (uint64_t) time.tv_sec * SECOND + (uint64_t) time.tv_nsec;
}

static void put(Ring *ring, unsigned number) {
    ring->numbers[(ring->first + ring->count++) % ring->room] = number;
}

static Connection *take(Ring *ring) {
    Connection *connection = &connections[ring->numbers[ring->first]];
    ring->first = (ring->first + 1) % ring->room;
    ring->count--;
    return connection;
}

static void ask(Connection *connection, uint64_t due);

static void watch(Connection *connection, bool writable, int operation) {
    struct epoll_event event = { .events = EPOLLIN | (writable ? EPOLLOUT : 0), .data.ptr = connection };
    must(!epoll_ctl(poller, operation, connection->fd, &event), "epoll_ctl");
    connection->watched = writable;
}

static void end_request(Connection *connection) {
    busy -= connection->asked;
    connection->asked = false;
}

/* Ends it; the next attempt at so many nanoseconds from now. */
static void shut(Connection *connection, uint64_t wait) {
    if (connection->state == CONNECTING)
        opening--;
    close(connection->fd);
    end_request(connection);
    connection->state = CLOSED;
    connection->due = now + wait;
    put(&retries, (unsigned) (connection - connections));
}

static void fail(Connection *connection, uint64_t *counter) {
    ++*counter;
    shut(connection, AGAIN);
}

static void give(Connection *connection) {
    while (connection->sent < load->request.count) {
        ssize_t count = send(connection->fd, load->request.bytes + connection->sent, load->request.count - connection->sent, MSG_NOSIGNAL);
        if (count < 0 && errno == EAGAIN) {
            if (!connection->watched)
                watch(connection, true, EPOLL_CTL_MOD);
            return;
        }
        if (count < 0) { /* an answer may have come before the server closed */
            connection->sent = load->request.count;
            break;
        }
        connection->sent += (size_t) count;
    }
    if (connection->watched)
        watch(connection, false, EPOLL_CTL_MOD);
}

/* It may take a request now. */
static void ready(Connection *connection) {
    connection->state = IDLE;
    if (connection->asked) { /* it was opened for this one */
        connection->state = BUSY;
        give(connection);
    } else if (loading && load->rate == 0) {
        ask(connection, nanos(CLOCK_MONOTONIC));
    } else {
        put(&idle, (unsigned) (connection - connections));
    }
}

static void open_connection(Connection *connection) {
    connection->fd = socket(load->address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    must(connection->fd >= 0, "socket");
    if (load->address.ss_family == AF_INET)
        setsockopt(connection->fd, IPPROTO_TCP, TCP_NODELAY, &(int) { 1 }, sizeof(int));
    connection->state = CONNECTING;
    opening++;
    int result = connect(connection->fd, (const struct sockaddr *) &load->address, load->address_length);
    if (result && errno != EINPROGRESS) {
        fail(connection, &seen->connecting);
        return;
    }
    watch(connection, result != 0, EPOLL_CTL_ADD);
    if (!result) {
        opening--;
        ready(connection);
    }
}

static void ask(Connection *connection, uint64_t due) {
    connection->due = due;
    connection->sent = 0;
    connection->asked = true;
    busy++;
    answer_begin(&connection->answer);
    if (load->rate > 0)
        histogram_add(&seen->lateness, nanos(CLOCK_MONOTONIC) - due);
    if (connection->state == CLOSED) {
        open_connection(connection);
        return;
    }
    connection->state = BUSY;
    give(connection);
}

static void answered(Connection *connection) {
    uint64_t time = nanos(CLOCK_MONOTONIC), took = time - connection->due;
    int status = connection->answer.status;
    seen->statuses[status >= 0 && status < STATUSES ? status : 0]++;
    if (status >= 200 && status < 400) {
        histogram_add(&seen->latency, took);
        seen->slow += took > load->slow;
        uint64_t slice = load->slice ? (time - begin) / load->slice : SLICES_MOST;
        if (slice < SLICES_MOST)
            seen->slices[slice]++;
    }
    end_request(connection);
    if (connection->answer.last || load->close)
        shut(connection, 0);
    else
        ready(connection);
}

static void hung_up(Connection *connection) {
    if (connection->asked && !answer_ended(&connection->answer))
        fail(connection, &seen->reading);
    else if (connection->asked)
        answered(connection); /* the answer's end was the connection's */
    else {
        for (unsigned i = 0; i < idle.count; i++) { /* seldom: an idle connection that the server ends */
            unsigned *place = &idle.numbers[(idle.first + i) % idle.room];
            if (&connections[*place] == connection) {
                *place = idle.numbers[idle.first];
                take(&idle);
                break;
            }
        }
        shut(connection, 0);
    }
}

static void readable(Connection *connection) {
    ssize_t count = recv(connection->fd, piece, sizeof piece, 0);
    if (count < 0 && errno == EAGAIN)
        return;
    if (count <= 0) {
        hung_up(connection);
        return;
    }
    size_t used;
    Progress progress = !connection->asked ? BROKEN
        : load->fastcgi ? answer_fastcgi(&connection->answer, piece, (size_t) count, &used)
        : answer_http(&connection->answer, piece, (size_t) count, &used);
    if (progress == WHOLE)
        answered(connection);
    else if (progress == BROKEN)
        fail(connection, &seen->reading);
}

static void happened(Connection *connection, uint32_t events) {
    if (connection->state == CONNECTING) {
        int error = 0;
        getsockopt(connection->fd, SOL_SOCKET, SO_ERROR, &error, &(socklen_t) { sizeof error });
        if (error) {
            fail(connection, &seen->connecting);
            return;
        }
        opening--;
        watch(connection, false, EPOLL_CTL_MOD);
        ready(connection);
    } else if (events & (EPOLLIN | EPOLLHUP | EPOLLERR)) {
        readable(connection);
    } else if (events & EPOLLOUT) {
        give(connection);
    }
}

/* Waits at the most until then. */
static void wait_until(uint64_t then) {
    struct epoll_event events[EVENTS];
    now = nanos(CLOCK_MONOTONIC);
    uint64_t wait = then > now ? then - now : 0;
    struct timespec time = { (time_t) (wait / SECOND), (long) (wait % SECOND) };
    int count = epoll_pwait2(poller, events, EVENTS, &time, NULL);
    must(count >= 0 || errno == EINTR, "epoll_pwait2");
    now = nanos(CLOCK_MONOTONIC);
    for (int i = 0; i < count; i++)
        happened(events[i].data.ptr, events[i].events);
}

/* Closed connections are opened again; with a connection per request, closed is what a free one is. */
static void reopen(void) {
    while (retries.count && opening < OPENING_MOST && connections[retries.numbers[retries.first]].due <= now) {
        Connection *connection = take(&retries);
        if (!load->close)
            open_connection(connection);
        else if (loading && load->rate == 0)
            ask(connection, nanos(CLOCK_MONOTONIC));
        else
            put(&idle, (unsigned) (connection - connections));
    }
}

static uint64_t due(uint64_t number) {
    return begin + (uint64_t) ((double) number * (double) SECOND / load->rate);
}

/* Open loop: sends what is due, as long as there is a free connection. */
static void send_due(void) {
    for (uint64_t time; (time = due(next)) <= now && time < end; next++) {
        if (!idle.count) {
            starved = now;
            return;
        }
        seen->waited += time <= starved;
        ask(take(&idle), time);
    }
}

static void give_up(void) {
    for (unsigned i = 0; i < load->connections; i++) {
        Connection *connection = &connections[i];
        if (!connection->asked || now < connection->due + load->patience)
            continue;
        if (load->rate > 0) {
            histogram_add(&seen->latency, now - connection->due);
            seen->slow++;
        }
        fail(connection, &seen->timeouts);
    }
}

static void open_all(void) {
    uint64_t until = nanos(CLOCK_MONOTONIC) + OPEN_WITHIN;
    for (unsigned i = 0; i < load->connections; i++) {
        connections[i].state = CLOSED;
        put(&retries, i);
    }
    now = nanos(CLOCK_MONOTONIC);
    while (idle.count < load->connections && now < until) {
        reopen();
        if (idle.count < load->connections)
            wait_until(now + AGAIN / 10);
    }
    seen->unopened = load->connections - idle.count;
}

static bool over(void) {
    if (now < end)
        return false;
    loading = false;
    bool all_sent = load->rate == 0 || due(next) >= end;
    return load->rate == 0 || (all_sent && !busy) || now >= end + load->patience;
}

static uint64_t next_look(uint64_t look) {
    uint64_t then = look;
    if (load->rate > 0 && idle.count && due(next) < end && due(next) < then)
        then = due(next);
    if (retries.count && opening < OPENING_MOST && connections[retries.numbers[retries.first]].due < then)
        then = connections[retries.numbers[retries.first]].due;
    return now < end && end < then ? end : then;
}

static void make_load(void) {
    uint64_t cpu = nanos(CLOCK_PROCESS_CPUTIME_ID);
    begin = now = nanos(CLOCK_MONOTONIC);
    end = begin + load->length;
    loading = true;
    if (load->rate == 0)
        for (unsigned count = idle.count; count; count--)
            ask(take(&idle), nanos(CLOCK_MONOTONIC));
    for (uint64_t look = begin + LOOK; !over();) {
        reopen();
        if (load->rate > 0)
            send_due();
        if (now >= look) {
            give_up();
            look = now + LOOK;
        }
        wait_until(next_look(look));
    }
    seen->elapsed = load->rate > 0 ? load->length : now - begin;
    seen->cpu = nanos(CLOCK_PROCESS_CPUTIME_ID) - cpu;
}

/* What is still without an answer at the end. */
static void count_rest(void) {
    for (unsigned i = 0; i < load->connections; i++)
        if (connections[i].asked && load->rate > 0) {
            histogram_add(&seen->latency, now - connections[i].due);
            seen->slow++;
            seen->timeouts++;
        } else if (connections[i].asked && now - connections[i].due > SECOND) {
            seen->stalled++;
        }
    for (; load->rate > 0 && due(next) < end; next++) { /* due, and never sent: no connection became free */
        histogram_add(&seen->latency, now - due(next));
        seen->slow++;
        seen->timeouts++;
    }
}

void loop_run(const Load *wanted, Seen *result) {
    load = wanted;
    seen = result;
    connections = calloc(load->connections, sizeof *connections);
    idle = (Ring) { calloc(load->connections, sizeof(unsigned)), 0, 0, load->connections };
    retries = (Ring) { calloc(load->connections, sizeof(unsigned)), 0, 0, load->connections };
    must(connections && idle.numbers && retries.numbers, "calloc");
    prctl(PR_SET_TIMERSLACK, 1UL);
    must((poller = epoll_create1(EPOLL_CLOEXEC)) >= 0, "epoll_create1");
    open_all();
    make_load();
    count_rest();
}
