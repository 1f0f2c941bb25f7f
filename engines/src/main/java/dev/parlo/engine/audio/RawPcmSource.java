package dev.parlo.engine.audio;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of bare signed 16-bit little-endian mono samples at 16 kHz. A last odd byte is half a
 * sample and left out.
 */
record RawPcmSource(Path file, AudioLimits limits) implements AudioSource {
    private static final int BLOCK_BYTES = 1 << 15;

    @Override
    public Reader open() {
        try {
            long bytes = Files.size(file);
            if (bytes > limits.maxBytes()) {
                throw AudioFailure.tooManyBytes(limits.maxBytes());
            }
            if (bytes < Short.BYTES) {
                throw AudioFailure.empty(
                        "It holds " + bytes + " bytes of raw PCM, a sample takes two.");
            }
            return new PcmReader(file, limits);
        } catch (IOException e) {
            throw AudioFailure.unreadable(e);
        }
    }

    private static final class PcmReader implements Reader {
        private final FileChannel channel;
        private final AudioLimits limits;
        private final long maxSamples;
        private final ByteBuffer block =
                ByteBuffer.allocateDirect(BLOCK_BYTES).order(ByteOrder.LITTLE_ENDIAN).limit(0);
        private long samplesRead;

        PcmReader(Path file, AudioLimits limits) throws IOException {
            this.limits = limits;
            this.maxSamples = limits.maxSamples(SAMPLE_RATE);
            // The last that can fail, and after the block: nobody else closes it.
            this.channel = FileChannel.open(file);
        }

        @Override
        public int read(float[] samples) {
            if (samples.length == 0) {
                throw new IllegalArgumentException("samples has no room");
            }
            try {
                while (block.remaining() < Short.BYTES) {
                    block.compact();
                    int read = channel.read(block);
                    block.flip();
                    if (read < 0) {
                        return -1;
                    }
                }
            } catch (IOException e) {
                throw AudioFailure.unreadable(e);
            }
            int n = Math.min(samples.length, block.remaining() / Short.BYTES);
            for (int i = 0; i < n; i++) {
                samples[i] = block.getShort() / 32768f;
            }
            samplesRead += n;
            if (samplesRead > maxSamples) {
                throw AudioFailure.tooLong(limits.maxSeconds());
            }
            return n;
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException e) {
                throw AudioFailure.unreadable(e);
            }
        }
    }
}
