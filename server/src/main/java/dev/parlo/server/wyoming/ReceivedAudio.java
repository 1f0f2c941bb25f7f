package dev.parlo.server.wyoming;

import dev.parlo.server.http.ApiError;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;

/** The chunks of a recording while they come, as one WAV file. One thread. */
final class ReceivedAudio extends InputStream {
    /** The next event, others than those of audio dealt with. */
    interface Source {
        /**
         * @throws EOFException when the client sends no more
         */
        Event next() throws IOException;
    }

    private final Source source;
    private final PcmFormat format;
    private byte[] chunk;
    private int at;
    private long samples;
    private boolean over;

    ReceivedAudio(Source source, PcmFormat format) {
        this.source = source;
        this.format = format;
        this.chunk = format.wavHeader();
    }

    /** Whether there was any sound after the head. */
    boolean isEmpty() {
        return samples == 0;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (at == chunk.length && !over) {
            Event event = source.next();
            if (event.type().equals("audio-stop")) {
                over = true;
            } else if (event.type().equals("audio-chunk")) {
                take(event);
            }
        }
        if (at == chunk.length) {
            return -1;
        }
        int n = Math.min(length, chunk.length - at);
        System.arraycopy(chunk, at, target, offset, n);
        at += n;
        return n;
    }

    private void take(Event event) {
        if (event.data().has("rate") && !PcmFormat.of(event.data()).equals(format)) {
            throw ApiError.of(
                    400, "The format of the audio changes within a recording; end it first.");
        }
        chunk = event.payload();
        at = 0;
        samples += chunk.length;
    }
}
