package dev.parlo.server.cli;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import javax.sound.sampled.AudioFormat;
import javax.sound.sampled.AudioSystem;
import javax.sound.sampled.LineUnavailableException;
import javax.sound.sampled.SourceDataLine;

/** Plays mono samples while they are made. Used by one thread. */
interface SoundOutput extends AutoCloseable {
    /** Waits until the device has room for all of them. */
    void play(float[] samples);

    /** Waits until everything was heard. */
    void finish();

    @Override
    void close();

    /** Opens one for a number of samples per second. */
    interface Opener {
        SoundOutput open(int sampleRate);
    }

    /**
     * The machine's sound device.
     *
     * @throws CommandFailure when there is no sound device for playback
     */
    static SoundOutput device(int sampleRate) {
        AudioFormat format = new AudioFormat(sampleRate, 16, 1, true, false);
        try {
            SourceDataLine line = AudioSystem.getSourceDataLine(format);
            line.open(format);
            line.start();
            return new Device(line);
        } catch (LineUnavailableException | IllegalArgumentException | LinkageError none) {
            throw new CommandFailure(
                    "There is no sound device to play on ("
                            + none.getMessage()
                            + "). Write a file instead: -o speech.wav, or pipe: -o - | PLAYER.",
                    none);
        }
    }

    /** A line of Java Sound. */
    record Device(SourceDataLine line) implements SoundOutput {
        @Override
        public void play(float[] samples) {
            ByteBuffer bytes =
                    ByteBuffer.allocate(samples.length * Short.BYTES)
                            .order(ByteOrder.LITTLE_ENDIAN);
            for (float sample : samples) {
                bytes.putShort((short) Math.round(Math.clamp(sample, -1f, 1f) * Short.MAX_VALUE));
            }
            line.write(bytes.array(), 0, bytes.capacity());
        }

        @Override
        public void finish() {
            line.drain();
        }

        @Override
        public void close() {
            line.close();
        }
    }
}
