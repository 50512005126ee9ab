package dev.relais.fastcgi;

/** The numbers of FastCGI 1.0 (section 8) that a client of a responder needs. */
final class Fcgi {
    static final int VERSION = 1;
    static final int HEADER_LENGTH = 8;
    static final int MAX_CONTENT = 0xFFFF;

    static final int BEGIN_REQUEST = 1;
    static final int END_REQUEST = 3;
    static final int PARAMS = 4;
    static final int STDIN = 5;
    static final int STDOUT = 6;
    static final int STDERR = 7;

    static final int RESPONDER = 1;
    static final int KEEP_CONN = 1;

    /** The highest request id. The client chooses an id from 1 up to it (section 3.3); 0 is for management records. */
    static final int MAX_REQUEST_ID = 0xFFFF;

    private Fcgi() {}
}
