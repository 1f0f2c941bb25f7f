package dev.parlo.spark;

import dev.parlo.engine.audio.AudioSource;
import dev.parlo.engine.audio.TimeMap;

/**
 * A part of some audio as a source. Its readers decode what lies before the part and throw it away:
 * that costs seconds for an hour, and seeking in a file without an index would be wrong by some. As
 * thread-safe as its source; its readers are not.
 *
 * @param from first sample
 * @param to the sample after the last
 */
record PieceAudio(AudioSource audio, long from, long to) implements AudioSource {
    @Override
    public Reader open() {
        return new Part(audio.open(), from, to);
    }

    /** The gaps behind the start, at times of the part; those before it move only its start. */
    @Override
    public TimeMap times() {
        double start = (double) from / SAMPLE_RATE;
        return new TimeMap(
                audio.times().gaps().stream()
                        .filter(gap -> gap.at() > start)
                        .map(gap -> new TimeMap.Gap(gap.at() - start, gap.pause(), gap.leftOut()))
                        .toList());
    }

    private static final class Part implements Reader {
        private static final int BLOCK = 1 << 14;

        private final Reader reader;
        private long toSkip;
        private long left;

        Part(Reader reader, long from, long to) {
            this.reader = reader;
            this.toSkip = from;
            this.left = to - from;
        }

        @Override
        public int read(float[] samples) {
            if (!skipped() || left <= 0) {
                return -1;
            }
            int read = reader.read(samples);
            if (read < 0) {
                return -1;
            }
            int kept = (int) Math.min(read, left);
            left -= kept;
            return kept;
        }

        /** False where the audio ends before the part begins. */
        private boolean skipped() {
            float[] block = new float[toSkip > 0 ? BLOCK : 0];
            while (toSkip > 0) {
                // a reader fills the array it is given: never more than is to be thrown away
                if (toSkip < block.length) {
                    block = new float[(int) toSkip];
                }
                int read = reader.read(block);
                if (read < 0) {
                    return false;
                }
                toSkip -= read;
            }
            return true;
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}
