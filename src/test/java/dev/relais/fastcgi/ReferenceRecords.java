package dev.relais.fastcgi;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** FastCGI 1.0 section 3.3, read by the book from a whole array: what {@link RecordDecoder} must make of the same bytes. */
final class ReferenceRecords {
    final Trace trace = new Trace();
    final ByteArrayOutputStream stdout = new ByteArrayOutputStream();
    private final List<Integer> marks = new ArrayList<>(); // how much output there was before each finish mark
    boolean violated;
    boolean ended;
    boolean atBorder = true;
    int appStatus;
    int protocolStatus;

    ReferenceRecords(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes);
        while (in.hasRemaining() && !violated) {
            record(in);
        }
    }

    /** Where the answer's output ends: at the first mark behind its head, else with all output. */
    int answerEnd(int headLength) {
        for (int mark : marks) {
            if (mark >= headLength) {
                return mark;
            }
        }
        return stdout.size();
    }

    boolean finished(int headLength) {
        return !marks.isEmpty() && marks.get(marks.size() - 1) >= headLength;
    }

    private void record(ByteBuffer in) {
        if (ended) {
            violated = true;
            return;
        }
        atBorder = false;
        if (in.remaining() < 8) {
            in.position(in.limit());
            return;
        }
        int version = in.get();
        int type = in.get();
        int id = in.getShort();
        int length = in.getShort() & 0xFFFF;
        int padding = in.get() & 0xFF;
        in.get();
        violated = version != 1 || id != 1 || type != 3 && type != 6 && type != 7 || type == 3 && length != 8;
        if (violated) {
            return;
        }
        byte[] content = new byte[Math.min(length, in.remaining())];
        in.get(content);
        boolean whole = content.length == length;
        if (type == 3) {
            end(content, whole);
        } else {
            for (byte one : content) {
                trace.content(type, one);
            }
            if (type == 6) {
                stdout.writeBytes(content);
            } else if (whole && length > 0) {
                trace.stderrRecordEnd();
                if (new String(content, ISO_8859_1).endsWith("PHP message: " + RecordStreams.MARK.message())) {
                    marks.add(stdout.size());
                }
            }
        }
        atBorder = whole && in.remaining() >= padding;
        in.position(in.position() + Math.min(padding, in.remaining()));
    }

    private void end(byte[] content, boolean whole) {
        if (whole) {
            ended = true;
            ByteBuffer body = ByteBuffer.wrap(content);
            appStatus = body.getInt();
            protocolStatus = body.get() & 0xFF;
            trace.endRequest(appStatus, protocolStatus);
        }
    }
}
