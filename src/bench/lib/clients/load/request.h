/* The request that is sent again and again, encoded once: HTTP/1.1, or FastCGI's records for PHP-FPM itself. */
#ifndef REQUEST_H
#define REQUEST_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *bytes;
    size_t count;
} Request;

/* With a body of so many bytes it is a POST, else a GET. `close`: the connection is for this request alone. */
Request request_http(const char *host, const char *target, size_t body, bool close);

/* A GET of that script with that query, on a connection that is kept. */
Request request_fastcgi(const char *script, const char *query);

#endif
