#include "request.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { HEADS = 16384, BEGIN_REQUEST = 1, PARAMS = 4, STDIN = 5, RESPONDER = 1, KEEP_CONNECTION = 1 };

static void *allocate(size_t count) {
    void *memory = malloc(count);
    if (!memory) {
        perror("malloc");
        exit(2);
    }
    return memory;
}

Request request_http(const char *host, const char *target, size_t body, bool close) {
    Request request = { allocate(HEADS + body), 0 };
    const char *method = body ? "POST" : "GET", *connection = close ? "Connection: close\r\n" : "";
    int head = snprintf(request.bytes, HEADS, "%s %s HTTP/1.1\r\nHost: %s\r\n%s", method, target, host, connection);
    if (body && head > 0 && head < HEADS)
        head += snprintf(request.bytes + head, (size_t) (HEADS - head), "Content-Type: application/octet-stream\r\nContent-Length: %zu\r\n", body);
    if (head < 0 || head + 2 >= HEADS) {
        fprintf(stderr, "the head is longer than %d bytes\n", HEADS);
        exit(2);
    }
    memcpy(request.bytes + head, "\r\n", 2);
    memset(request.bytes + head + 2, 'x', body);
    request.count = (size_t) head + 2 + body;
    return request;
}

static void record(Request *request, uint8_t kind, const void *content, size_t count) {
    uint8_t head[] = { 1, kind, 0, 1, (uint8_t) (count >> 8), (uint8_t) count, 0, 0 };
    memcpy(request->bytes + request->count, head, sizeof head);
    if (count)
        memcpy(request->bytes + request->count + sizeof head, content, count);
    request->count += sizeof head + count;
}

/* Appends a pair of less than 128 bytes each. */
static void pair(char *pairs, size_t *count, const char *name, const char *value) {
    size_t lengths[] = { strlen(name), strlen(value) };
    if (lengths[0] > 127 || lengths[1] > 127 || *count + 2 + lengths[0] + lengths[1] > HEADS / 2) {
        fprintf(stderr, "a parameter is too long: %s\n", name);
        exit(2);
    }
    pairs[(*count)++] = (char) lengths[0];
    pairs[(*count)++] = (char) lengths[1];
    memcpy(pairs + *count, name, lengths[0]);
    memcpy(pairs + *count + lengths[0], value, lengths[1]);
    *count += lengths[0] + lengths[1];
}

Request request_fastcgi(const char *script, const char *query) {
    Request request = { allocate(HEADS), 0 };
    const uint8_t begin[8] = { 0, RESPONDER, KEEP_CONNECTION };
    const char *name = strrchr(script, '/') ? strrchr(script, '/') : script;
    /* What nginx' fastcgi_params sends, so that PHP has as much to do. */
    const char *params[][2] = {
        { "QUERY_STRING", query }, { "REQUEST_METHOD", "GET" }, { "CONTENT_TYPE", "" }, { "CONTENT_LENGTH", "" },
        { "SCRIPT_NAME", name }, { "REQUEST_URI", name }, { "DOCUMENT_URI", name }, { "DOCUMENT_ROOT", "/" },
        { "SERVER_PROTOCOL", "HTTP/1.1" }, { "REQUEST_SCHEME", "http" }, { "GATEWAY_INTERFACE", "CGI/1.1" },
        { "SERVER_SOFTWARE", "load" }, { "REMOTE_ADDR", "127.0.0.1" }, { "REMOTE_PORT", "40000" }, { "SERVER_ADDR", "127.0.0.1" },
        { "SERVER_PORT", "80" }, { "SERVER_NAME", "localhost" }, { "REDIRECT_STATUS", "200" }, { "SCRIPT_FILENAME", script },
        { "HTTP_HOST", "localhost" },
    };
    char pairs[HEADS / 2];
    size_t count = 0;
    for (size_t i = 0; i < sizeof params / sizeof *params; i++)
        pair(pairs, &count, params[i][0], params[i][1]);
    record(&request, BEGIN_REQUEST, begin, sizeof begin);
    record(&request, PARAMS, pairs, count);
    record(&request, PARAMS, NULL, 0);
    record(&request, STDIN, NULL, 0);
    return request;
}
