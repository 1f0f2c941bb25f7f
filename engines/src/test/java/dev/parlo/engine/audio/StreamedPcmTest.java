package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.audio.StreamedPcm.Encoding;
import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StreamedPcmTest {
    @Test
    void everyCodeOfG711IsReadAsItIsWritten() {
        for (int code = 0; code < 256; code++) {
            short mulaw = G711.fromMulaw((byte) code);
            short alaw = G711.fromAlaw((byte) code);
            // Zero has two codes in µ-law.
            assertThat(G711.fromMulaw(G711.mulaw(mulaw))).isEqualTo(mulaw);
            assertThat(G711.alaw(alaw)).isEqualTo((byte) code);
        }
        assertThat(G711.fromMulaw((byte) 0xff)).isZero();
        assertThat(G711.fromMulaw((byte) 0x00)).isEqualTo((short) -32_124);
        assertThat(G711.fromAlaw((byte) 0xd5)).isEqualTo((short) 8);
        assertThat(G711.fromAlaw((byte) 0x2a)).isEqualTo((short) -32_256);
    }

    @Test
    void piecesThatEndWithinASampleAreTheSameAudio() {
        byte[] bytes = new byte[9600];
        new Random(1).nextBytes(bytes);
        for (Encoding encoding : Encoding.values()) {
            for (int rate : new int[] {8000, 16_000, 24_000, 48_000}) {
                try (StreamedPcm whole = new StreamedPcm(encoding, rate, 2);
                        StreamedPcm parts = new StreamedPcm(encoding, rate, 2)) {
                    float[] expected = whole.decode(bytes);
                    float[] found = new float[0];
                    for (int at = 0; at < bytes.length; at += 7) {
                        byte[] part = Arrays.copyOfRange(bytes, at, Math.min(bytes.length, at + 7));
                        float[] more = parts.decode(part);
                        int length = found.length;
                        found = Arrays.copyOf(found, length + more.length);
                        System.arraycopy(more, 0, found, length, more.length);
                    }
                    // A piece more or less may still be in the filter.
                    int common = Math.min(expected.length, found.length);
                    assertThat(common).isGreaterThan(expected.length - 64);
                    assertThat(Arrays.copyOf(found, common))
                            .usingComparatorWithPrecision(1e-4f)
                            .containsExactly(Arrays.copyOf(expected, common));
                }
            }
        }
    }

    @Test
    void channelsAreMixed() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 10; i++) {
            bytes.writeBytes(new byte[] {0, 0x40, 0, 0x20}); // 0.5 and 0.25
        }
        try (StreamedPcm stereo = new StreamedPcm(Encoding.PCM16, 16_000, 2)) {
            float[] samples = stereo.decode(bytes.toByteArray());
            assertThat(samples).hasSize(10);
            assertThat(samples[9]).isCloseTo(0.375f, within(1e-6f));
        }
    }
}
