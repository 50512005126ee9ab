/* Load for a server, and one line of JSON about what came back. See README.md of the bench tree; `load --help` names the options. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/un.h>

#include "loop.h"

static const char USAGE[] =
    "load --port P [--address A] | --socket PATH --fastcgi SCRIPT   where to\n"
    "     [--target /path?query]   what to ask for (FastCGI: the query alone)\n"
    "     [--connections N]        open before the load begins (default 64)\n"
    "     [--seconds S]            of load (default 5)\n"
    "     [--rate R]               requests/s that are due at even distances; without it each connection asks again when it has its answer\n"
    "     [--body BYTES]           a POST with so many\n"
    "     [--close]                a connection for each request\n"
    "     [--patience S]           a request without an answer is given up after that (default 10)\n"
    "     [--slow MS]              counts the answers that took longer (default 2)\n"
    "     [--slice MS]             counts the answers in each such piece of the time\n";

static const struct option OPTIONS[] = {
    { "address", required_argument, NULL, 'a' }, { "port", required_argument, NULL, 'p' }, { "socket", required_argument, NULL, 'u' },
    { "fastcgi", required_argument, NULL, 'f' }, { "target", required_argument, NULL, 't' },
    { "connections", required_argument, NULL, 'c' }, { "seconds", required_argument, NULL, 'd' }, { "rate", required_argument, NULL, 'r' },
    { "body", required_argument, NULL, 'b' }, { "close", no_argument, NULL, 'x' }, { "patience", required_argument, NULL, 'w' },
    { "slow", required_argument, NULL, 's' }, { "slice", required_argument, NULL, 'i' }, { "help", no_argument, NULL, 'h' }, { 0 },
};

static void refuse(const char *why) {
    fprintf(stderr, "load: %s\n%s", why, USAGE);
    exit(2);
}

static double number(const char *text, double least, double most) {
    char *rest;
    double value = strtod(text, &rest);
    if (rest == text || *rest || !(value >= least && value <= most))
        refuse(text);
    return value;
}

static void to_port(Load *load, const char *address, int port) {
    struct sockaddr_in *in = (struct sockaddr_in *) &load->address;
    in->sin_family = AF_INET;
    in->sin_port = htons((uint16_t) port);
    if (inet_pton(AF_INET, address, &in->sin_addr) != 1)
        refuse("--address wants an IPv4 address");
    load->address_length = sizeof *in;
}

static void to_socket(Load *load, const char *path) {
    struct sockaddr_un *un = (struct sockaddr_un *) &load->address;
    if (strlen(path) >= sizeof un->sun_path)
        refuse("the socket's path is too long");
    un->sun_family = AF_UNIX;
    strcpy(un->sun_path, path);
    load->address_length = sizeof *un;
}

static void parse(int count, char **words, Load *load) {
    const char *address = "127.0.0.1", *target = "/", *socket = NULL, *script = NULL;
    int port = 0, letter;
    size_t body = 0;
    while ((letter = getopt_long(count, words, "", OPTIONS, NULL)) != -1)
        switch (letter) {
            case 'a': address = optarg; break;
            case 'p': port = (int) number(optarg, 1, 65535); break;
            case 'u': socket = optarg; break;
            case 'f': script = optarg; break;
            case 't': target = optarg; break;
            case 'c': load->connections = (unsigned) number(optarg, 1, 100000); break;
            case 'd': load->length = (uint64_t) (1e9 * number(optarg, 0.001, 86400)); break;
            case 'r': load->rate = number(optarg, 0.1, 1e6); break;
            case 'b': body = (size_t) number(optarg, 0, 1 << 30); break;
            case 'x': load->close = true; break;
            case 'w': load->patience = (uint64_t) (1e9 * number(optarg, 0.001, 3600)); break;
            case 's': load->slow = (uint64_t) (1e6 * number(optarg, 0, 1e6)); break;
            case 'i': load->slice = (uint64_t) (1e6 * number(optarg, 1, 1e6)); break;
            case 'h': fputs(USAGE, stdout); exit(0);
            default: refuse("what is this?");
        }
    if (optind != count || !port == !socket || !socket != !script)
        refuse("either --port, or --socket with --fastcgi");
    load->fastcgi = script != NULL;
    if (script) {
        to_socket(load, socket);
        load->request = request_fastcgi(script, target);
    } else {
        char host[64];
        to_port(load, address, port);
        snprintf(host, sizeof host, "%s:%d", address, port);
        load->request = request_http(host, target, body, load->close);
    }
}

static double micros(uint64_t nanos) {
    return (double) nanos / 1e3;
}

static void print(const Load *load, const Seen *seen) {
    const Histogram *latency = &seen->latency;
    uint64_t good = 0, other = 0;
    for (unsigned status = 0; status < STATUSES; status++)
        *(status >= 200 && status < 400 ? &good : &other) += seen->statuses[status];
    printf("{\"requests\": %llu, \"not_ok\": %llu, \"micros\": %.0f", (unsigned long long) good, (unsigned long long) other, micros(seen->elapsed));
    printf(", \"p50\": %.1f, \"p90\": %.1f, \"p99\": %.1f, \"p999\": %.1f, \"max\": %.1f", micros(histogram_at(latency, 0.5)),
           micros(histogram_at(latency, 0.9)), micros(histogram_at(latency, 0.99)), micros(histogram_at(latency, 0.999)), micros(latency->most));
    printf(", \"slow\": %.6f", latency->total ? (double) seen->slow / (double) latency->total : 0);
    printf(", \"late_p99\": %.1f, \"waited\": %llu", micros(histogram_at(&seen->lateness, 0.99)), (unsigned long long) seen->waited);
    printf(", \"connect_errors\": %llu, \"read_errors\": %llu, \"timeouts\": %llu, \"stalled\": %llu, \"unopened\": %llu",
           (unsigned long long) seen->connecting, (unsigned long long) seen->reading, (unsigned long long) seen->timeouts,
           (unsigned long long) seen->stalled, (unsigned long long) seen->unopened);
    printf(", \"cpu\": %.0f, \"statuses\": {", micros(seen->cpu));
    const char *comma = "";
    for (unsigned status = 0; status < STATUSES; status++)
        if (seen->statuses[status]) {
            printf("%s\"%u\": %llu", comma, status, (unsigned long long) seen->statuses[status]);
            comma = ", ";
        }
    fputs("}, \"slices\": [", stdout);
    for (uint64_t slice = 0; load->slice && slice < SLICES_MOST && slice * load->slice < seen->elapsed; slice++)
        printf("%s%u", slice ? ", " : "", seen->slices[slice]);
    puts("]}");
}

int main(int count, char **words) {
    static Load load = { .connections = 64, .length = 5000000000, .patience = 10000000000, .slow = 2000000 };
    static Seen seen;
    struct rlimit files;
    parse(count, words, &load);
    if (!getrlimit(RLIMIT_NOFILE, &files)) {
        files.rlim_cur = files.rlim_max;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    loop_run(&load, &seen);
    print(&load, &seen);
    return 0;
}
