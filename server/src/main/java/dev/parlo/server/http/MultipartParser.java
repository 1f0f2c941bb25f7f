package dev.parlo.server.http;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Splits a {@code multipart/form-data} stream (RFC 7578) into parts while it is read; no part is
 * held in memory. One use, one thread.
 */
final class MultipartParser {
    /** Headers of one part together; more is refused. */
    static final int MAX_HEADER_BYTES = 16 * 1024;

    static final int BUFFER_BYTES = 64 * 1024;

    /** What a part's headers say. */
    record Head(String name, @Nullable String fileName, @Nullable String contentType) {}

    /** Is given each part. */
    interface Receiver {
        /** Reads as much of a part as it likes; the rest is skipped. */
        void receive(Head head, InputStream body) throws IOException;
    }

    /** The body is not a multipart form, or ends too early. */
    static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;

    MultipartParser(InputStream in, String boundary) {
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
        // The first boundary has no line break before it: pretend that it had.
        buffer[0] = '\r';
        buffer[1] = '\n';
        limit = 2;
    }

    /** Reads to the closing boundary. */
    void parse(Receiver receiver, int maxParts) throws IOException {
        new Body().skipRest();
        int parts = 0;
        while (!atClosingBoundary()) {
            if (++parts > maxParts) {
                throw new MalformedException("The form has more than " + maxParts + " parts.");
            }
            Head head = readHead();
            Body body = new Body();
            receiver.receive(head, body);
            body.skipRest();
        }
    }

    /** After a delimiter: {@code --} ends the form, a line break starts a part. */
    private boolean atClosingBoundary() throws IOException {
        int first = readByte();
        while (first == ' ' || first == '\t') {
            first = readByte();
        }
        int second = readByte();
        if (first == '-' && second == '-') {
            return true;
        }
        if (first == '\r' && second == '\n') {
            return false;
        }
        throw new MalformedException("A boundary is not followed by a line break.");
    }

    private Head readHead() throws IOException {
        String name = null;
        String fileName = null;
        String contentType = null;
        int[] budget = {MAX_HEADER_BYTES};
        for (String line = readLine(budget); !line.isEmpty(); line = readLine(budget)) {
            int colon = line.indexOf(':');
            if (colon < 1) {
                throw new MalformedException("A part's header line has no colon.");
            }
            String value = line.substring(colon + 1).strip();
            switch (line.substring(0, colon).strip().toLowerCase(Locale.ROOT)) {
                case "content-disposition" -> {
                    name = HeaderParameters.get(value, "name");
                    fileName = HeaderParameters.get(value, "filename");
                }
                case "content-type" -> contentType = value;
                default -> {
                    // Other headers, such as Content-Length, say nothing that we need.
                }
            }
        }
        if (name == null) {
            throw new MalformedException("A part has no name.");
        }
        return new Head(name, fileName, contentType);
    }

    private String readLine(int[] budget) throws IOException {
        byte[] line = new byte[256];
        int length = 0;
        while (true) {
            int b = readByte();
            if (--budget[0] < 0) {
                throw new MalformedException("A part's headers are too long.");
            }
            if (b == '\n') {
                int end = length > 0 && line[length - 1] == '\r' ? length - 1 : length;
                return new String(line, 0, end, StandardCharsets.UTF_8);
            }
            if (length == line.length) {
                line = Arrays.copyOf(line, 2 * length);
            }
            line[length++] = (byte) b;
        }
    }

    private int readByte() throws IOException {
        if (position == limit) {
            position = 0;
            limit = 0;
            fill();
        }
        return buffer[position++] & 0xff;
    }

    /** The bytes up to the next delimiter; its end steps over that. */
    private final class Body extends InputStream {
        private boolean ended;

        /** Bytes before here are the part's for certain. */
        private int safe = position;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            while (!ended && position == safe) {
                advance();
            }
            if (ended) {
                return -1;
            }
            int count = Math.min(length, safe - position);
            System.arraycopy(buffer, position, target, offset, count);
            position += count;
            return count;
        }

        private void advance() throws IOException {
            int found = find();
            if (found == position) {
                position += delimiter.length;
                ended = true;
            } else if (found > position) {
                safe = found;
            } else if (limit - position >= delimiter.length) {
                // A delimiter may have begun in the last bytes: not those.
                safe = limit - (delimiter.length - 1);
            } else {
                System.arraycopy(buffer, position, buffer, 0, limit - position);
                limit -= position;
                position = 0;
                safe = 0;
                fill();
            }
        }

        void skipRest() throws IOException {
            while (!ended) {
                position = safe;
                advance();
            }
        }
    }

    private int find() {
        int last = limit - delimiter.length;
        for (int at = position; at <= last; at++) {
            if (buffer[at] == '\r' && matches(at)) {
                return at;
            }
        }
        return -1;
    }

    private boolean matches(int at) {
        for (int i = 1; i < delimiter.length; i++) {
            if (buffer[at + i] != delimiter[i]) {
                return false;
            }
        }
        return true;
    }

    private void fill() throws IOException {
        int read = in.read(buffer, limit, buffer.length - limit);
        if (read < 0) {
            throw new MalformedException("The body ends before its closing boundary.");
        }
        if (read == 0) {
            throw new EOFException("The body gave no bytes.");
        }
        limit += read;
    }
}
