/* Readers of answers, which take bytes as they come, in pieces of any size: of HTTP/1.1 and of FastCGI. */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HEAD_MOST = 8192 };

typedef enum { MORE, WHOLE, BROKEN } Progress;

typedef enum { IN_HEAD, IN_BODY, IN_SIZE, IN_CHUNK, IN_CHUNK_END, IN_TRAILER, UNTIL_CLOSE } Place;

typedef struct {
    Place place;
    int status;
    bool last;      /* the server closes the connection after this answer */
    uint64_t left;  /* bytes of the body, of the chunk or of the record */
    unsigned kept;  /* bytes in `head` */
    unsigned line;  /* bytes of the trailer's line so far; FastCGI: of the output's beginning that are kept */
    uint8_t kind;   /* FastCGI: type of the record that is being read */
    char head[HEAD_MOST];
} Answer;

/* Makes it ready for the next answer. */
void answer_begin(Answer *answer);

/* Reads from `bytes` up to the end of one answer. WHOLE: `*used` bytes were its own. */
Progress answer_http(Answer *answer, const char *bytes, size_t count, size_t *used);

/* The same of FastCGI's records: whole with END_REQUEST. `status` is that of PHP's own head, 200 when it names none. */
Progress answer_fastcgi(Answer *answer, const char *bytes, size_t count, size_t *used);

/* The server has closed: whether that was the answer's end. */
bool answer_ended(const Answer *answer);

#endif
