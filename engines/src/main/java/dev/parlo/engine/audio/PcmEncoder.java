package dev.parlo.engine.audio;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Linear and G.711 samples, bare or in RIFF. Plain Java: there is nothing to compress. */
final class PcmEncoder implements SampleEncoder {
    /** The RIFF code of the samples and their size. */
    enum Code {
        LINEAR(1, 2),
        ALAW(6, 1),
        MULAW(7, 1);

        private final int tag;
        private final int sampleBytes;

        Code(int tag, int sampleBytes) {
            this.tag = tag;
            this.sampleBytes = sampleBytes;
        }
    }

    private final Code code;
    private final boolean riff;
    private final int rate;
    private final long knownSamples;
    private long bytes;

    /**
     * @param knownSamples the length to be written into a RIFF header, or -1 if it is not known
     */
    PcmEncoder(Code code, boolean riff, int rate, long knownSamples) {
        this.code = code;
        this.riff = riff;
        this.rate = rate;
        this.knownSamples = knownSamples;
    }

    @Override
    public byte[] start() {
        return riff ? header() : new byte[0];
    }

    @Override
    public byte[] encode(float[] samples) {
        ByteBuffer out =
                ByteBuffer.allocate(samples.length * code.sampleBytes)
                        .order(ByteOrder.LITTLE_ENDIAN);
        for (float sample : samples) {
            short value = SampleEncoder.toShort(sample);
            switch (code) {
                case LINEAR -> out.putShort(value);
                case ALAW -> out.put(G711.alaw(value));
                case MULAW -> out.put(G711.mulaw(value));
            }
        }
        bytes += out.capacity();
        return out.array();
    }

    @Override
    public byte[] finish() {
        // Chunks of RIFF have even sizes.
        return riff && bytes % 2 == 1 ? new byte[1] : new byte[0];
    }

    /**
     * A length of 0xFFFFFFFF stands for "until the end", which is what readers of streams expect;
     * of the samples they believe any number but 0.
     */
    private byte[] header() {
        boolean linear = code == Code.LINEAR;
        int headerBytes = linear ? 44 : 58;
        long dataBytes = knownSamples * code.sampleBytes;
        long riffBytes = headerBytes - 8 + dataBytes + dataBytes % 2;
        boolean known = knownSamples >= 0 && riffBytes < 0xFFFF_FFFFL;
        ByteBuffer header = ByteBuffer.allocate(headerBytes).order(ByteOrder.LITTLE_ENDIAN);
        putTag(header, "RIFF").putInt(known ? (int) riffBytes : -1);
        putTag(header, "WAVE");
        putTag(header, "fmt ").putInt(linear ? 16 : 18);
        header.putShort((short) code.tag).putShort((short) 1);
        header.putInt(rate).putInt(rate * code.sampleBytes);
        header.putShort((short) code.sampleBytes).putShort((short) (8 * code.sampleBytes));
        if (!linear) {
            header.putShort((short) 0);
            putTag(header, "fact").putInt(4).putInt(known ? (int) knownSamples : 0);
        }
        putTag(header, "data").putInt(known ? (int) dataBytes : -1);
        return header.array();
    }

    private static ByteBuffer putTag(ByteBuffer header, String tag) {
        for (int i = 0; i < tag.length(); i++) {
            header.put((byte) tag.charAt(i));
        }
        return header;
    }

    @Override
    public void close() {}
}
