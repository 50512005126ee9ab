package dev.relais.http;

/** The progress of an answer that a {@link ResponseWriter} writes. */
enum WriterStage {
    /** There is no head yet, so any answer may be given. */
    NO_HEAD,
    /** The head was taken, and bytes may have been. Nothing was written, so the answer may still be replaced. */
    TAKEN,
    /** The client may have the head. The answer can only go on, end, or be broken off. */
    WRITTEN
}
