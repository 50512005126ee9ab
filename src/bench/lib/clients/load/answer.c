#include "answer.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { RECORD_HEAD = 8, END_REQUEST = 3, STDOUT = 6, STATUS_LINE = 12, STATUS_FIELD = 11 };

void answer_begin(Answer *answer) {
    memset(answer, 0, offsetof(Answer, head));
}

/* The value of a field in a head that ends with a NUL, without blanks before it; NULL when it is not there. */
static const char *field(const char *head, const char *name) {
    size_t length = strlen(name);
    for (const char *line = strstr(head, "\r\n"); line && line[2] != '\r'; line = strstr(line + 2, "\r\n"))
        if (!strncasecmp(line + 2, name, length) && line[2 + length] == ':') {
            const char *value = line + 2 + length + 1;
            return value + strspn(value, " \t");
        }
    return NULL;
}

static Progress head_ended(Answer *answer) {
    const char *head = answer->head;
    if (answer->kept < STATUS_LINE || strncmp(head, "HTTP/1.", 7))
        return BROKEN;
    answer->status = atoi(head + 9);
    answer->kept = 0;
    if (answer->status / 100 == 1)
        return MORE; /* an interim answer: the head that counts follows */
    const char *connection = field(head, "connection"), *length = field(head, "content-length");
    const char *coding = field(head, "transfer-encoding");
    answer->last = (connection && !strncasecmp(connection, "close", 5)) || head[7] == '0';
    if (answer->status == 204 || answer->status == 304)
        return WHOLE;
    if (coding && !strncasecmp(coding, "chunked", 7)) {
        answer->place = IN_SIZE;
        return MORE;
    }
    if (!length) {
        answer->place = UNTIL_CLOSE;
        answer->last = true;
        return MORE;
    }
    answer->left = strtoull(length, NULL, 10);
    answer->place = IN_BODY;
    return answer->left ? MORE : WHOLE;
}

/* One more byte of the head. */
static Progress head_byte(Answer *answer, char byte) {
    if (answer->kept + 1 >= HEAD_MOST)
        return BROKEN;
    answer->head[answer->kept++] = byte;
    if (byte != '\n' || answer->kept < 4 || memcmp(answer->head + answer->kept - 4, "\r\n\r\n", 4))
        return MORE;
    answer->head[answer->kept] = 0;
    return head_ended(answer);
}

/* One more byte of the line with a chunk's size, which is kept in `head`. */
static Progress size_byte(Answer *answer, char byte) {
    if (answer->kept + 1 >= HEAD_MOST)
        return BROKEN;
    answer->head[answer->kept++] = byte;
    if (byte != '\n')
        return MORE;
    answer->head[answer->kept] = 0;
    char *end;
    answer->left = strtoull(answer->head, &end, 16);
    bool digits = end != answer->head;
    answer->kept = 0;
    answer->line = 0;
    answer->place = answer->left ? IN_CHUNK : IN_TRAILER;
    return digits ? MORE : BROKEN;
}

/* One more byte behind the last chunk: an empty line ends the answer. */
static Progress trailer_byte(Answer *answer, char byte) {
    if (byte == '\r')
        return MORE;
    if (byte != '\n') {
        answer->line++;
        return MORE;
    }
    bool empty = answer->line == 0;
    answer->line = 0;
    return empty ? WHOLE : MORE;
}

Progress answer_http(Answer *answer, const char *bytes, size_t count, size_t *used) {
    size_t at = 0;
    Progress progress = MORE;
    while (at < count && progress == MORE) {
        size_t piece = count - at < answer->left ? count - at : answer->left;
        switch (answer->place) {
            case IN_HEAD: progress = head_byte(answer, bytes[at++]); break;
            case IN_SIZE: progress = size_byte(answer, bytes[at++]); break;
            case IN_TRAILER: progress = trailer_byte(answer, bytes[at++]); break;
            case IN_CHUNK_END:
                if (bytes[at++] == '\n')
                    answer->place = IN_SIZE;
                break;
            case UNTIL_CLOSE: at = count; break;
            case IN_BODY:
            case IN_CHUNK:
                at += piece;
                answer->left -= piece;
                if (!answer->left && answer->place == IN_BODY)
                    progress = WHOLE;
                else if (!answer->left)
                    answer->place = IN_CHUNK_END;
                break;
        }
    }
    *used = at;
    return progress;
}

/* Keeps the first bytes of the output behind the place of a record's head. */
static void output(Answer *answer, const char *bytes, size_t count) {
    for (; count && answer->line < STATUS_FIELD; count--)
        answer->head[RECORD_HEAD + answer->line++] = *bytes++;
    answer->head[RECORD_HEAD + answer->line] = 0;
}

/* PHP's head begins with "Status: " exactly when it is not 200. */
static Progress output_ended(Answer *answer) {
    const char *first = answer->head + RECORD_HEAD;
    answer->status = answer->line && !strncasecmp(first, "status: ", 8) ? atoi(first + 8) : 200;
    return answer->line ? WHOLE : BROKEN;
}

Progress answer_fastcgi(Answer *answer, const char *bytes, size_t count, size_t *used) {
    size_t at = 0;
    while (at < count) {
        if (answer->place == IN_HEAD) {
            answer->head[answer->kept++] = bytes[at++];
            if (answer->kept == RECORD_HEAD) {
                const uint8_t *head = (const uint8_t *) answer->head;
                answer->kind = head[1];
                answer->left = (uint64_t) (head[4] << 8 | head[5]) + head[6];
                answer->kept = 0;
                answer->place = IN_BODY;
            }
        } else {
            size_t piece = count - at < answer->left ? count - at : answer->left;
            if (answer->kind == STDOUT)
                output(answer, bytes + at, piece);
            at += piece;
            answer->left -= piece;
        }
        if (answer->place == IN_BODY && !answer->left) {
            answer->place = IN_HEAD;
            if (answer->kind == END_REQUEST) {
                *used = at;
                return output_ended(answer);
            }
        }
    }
    *used = at;
    return MORE;
}

bool answer_ended(const Answer *answer) {
    return answer->place == UNTIL_CLOSE;
}
