package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What stands in the files: containers, lengths, bit rates. */
@Tag("locale")
final class EncodedFilesTest extends EncodedSound {
    /**
     * The edit list of an M4A file tells players to leave out what the codec prepends. Some do not
     * read it: for them too the file is as long as the samples, at the rate that is the usual one.
     */
    @ParameterizedTest
    @CsvSource({"24000,0.05", "24000,1", "24000,12.375", "22050,2.345", "16000,0.5"})
    void everyFrameOfM4aTogetherIsAsLongAsTheSamples(int rate, double seconds) throws IOException {
        int written = AudioFormat.M4A.usualRate(rate);
        float[] samples = sweep(rate, seconds);
        byte[] bytes = encode(AudioFormat.M4A, rate, written, samples, 6_000, -1);
        int frames = 0;
        // a run of frames: size, "trun", version and flags, how many
        for (int at = 4; at + 12 <= bytes.length; at++) {
            if (new String(bytes, at, 4, StandardCharsets.ISO_8859_1).equals("trun")) {
                frames += ByteBuffer.wrap(bytes, at + 8, 4).getInt();
            }
        }
        assertThat(frames * 1024.0 / written).isCloseTo(seconds, within(0.05));
    }

    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void soundLeavesWithTheFirstChunk(AudioFormat format) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (AudioEncoder encoder = encoders.open(format, 24_000, 24_000, out)) {
            float[] chunk = sweep(24_000, 0.5);
            encoder.write(chunk, chunk.length);
            // What has left by now must already play for most of the chunk.
            float[] soFar = decode(format, 24_000, out.toByteArray());
            assertThat(soFar.length / 16_000.0).isGreaterThan(0.25);
            int before = out.size();
            encoder.write(chunk, chunk.length);
            assertThat(out.size()).isGreaterThan(before);
        }
    }

    @ParameterizedTest
    @EnumSource(AudioFormat.class)
    void aStreamOfNoSamplesCanBeFinished(AudioFormat format) throws IOException {
        assertThat(encode(format, 24_000, 24_000, new float[0], 100, -1).length).isLessThan(2_000);
    }

    @ParameterizedTest
    @CsvSource({
        "WAV,24000,24000",
        "WAV,22050,48000",
        "WAV_MULAW,24000,8000",
        "WAV_ALAW,16000,11025"
    })
    void aKnownLengthIsInTheHeader(AudioFormat format, int inputRate, int outputRate)
            throws IOException {
        float[] samples = sweep(inputRate, 0.4571);
        byte[] bytes = encode(format, inputRate, outputRate, samples, 999, samples.length);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int headerBytes = format == AudioFormat.WAV ? 44 : 58;
        int dataBytes = header.getInt(headerBytes - 4);
        assertThat(header.getInt(4)).isEqualTo(bytes.length - 8);
        assertThat(bytes.length).isEqualTo(headerBytes + dataBytes + dataBytes % 2);
        int sampleBytes = format == AudioFormat.WAV ? 2 : 1;
        assertThat(dataBytes / sampleBytes)
                .isEqualTo((int) Math.round((double) samples.length * outputRate / inputRate));
    }

    @Test
    void anUnknownLengthIsSaidToBeUnknown() throws IOException {
        byte[] bytes = encode(AudioFormat.WAV, 24_000, 24_000, new float[100], 100, -1);
        ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(header.getInt(4)).isEqualTo(-1);
        assertThat(header.getInt(40)).isEqualTo(-1);
        assertThat(bytes).hasSize(244);
        byte[] coded = encode(AudioFormat.WAV_MULAW, 24_000, 24_000, new float[100], 100, -1);
        ByteBuffer fact = ByteBuffer.wrap(coded).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(fact.getInt(46)).as("no number of samples that players would show").isZero();
        assertThat(fact.getInt(54)).isEqualTo(-1);
    }

    @Test
    void theContainersAreWhatTheirTypesSay() throws IOException {
        assertThat(head(AudioFormat.OPUS)).startsWith("OggS").contains("OpusHead");
        assertThat(head(AudioFormat.FLAC)).startsWith("fLaC");
        assertThat(head(AudioFormat.WAV)).startsWith("RIFF").contains("WAVEfmt ");
        assertThat(head(AudioFormat.M4A)).contains("ftyp");
        assertThat(head(AudioFormat.WEBM)).contains("webm");
        assertThat(head(AudioFormat.MP3).charAt(0)).isEqualTo((char) 0xff);
        assertThat(head(AudioFormat.AAC).charAt(0)).isEqualTo((char) 0xff);
        assertThat(AudioFormat.of("OPUS").orElseThrow().mimeType()).isEqualTo("audio/opus");
        assertThat(AudioFormat.of("mp3").orElseThrow().mimeType()).isEqualTo("audio/mpeg");
        assertThat(AudioFormat.of("midi")).isEmpty();
    }

    private String head(AudioFormat format) throws IOException {
        byte[] bytes = encode(format, 24_000, 24_000, new float[5_000], 5_000, -1);
        return new String(Arrays.copyOf(bytes, 100), java.nio.charset.StandardCharsets.ISO_8859_1);
    }

    @ParameterizedTest
    @CsvSource({
        // 44.1 kHz: no header, whole frames; so bytes tell the rate, to within a frame or two
        "MP3,44100,32000",
        "MP3,44100,192000",
        "MP3,22050,32000",
        "AAC,44100,96000",
        "OPUS,48000,32000",
        "WEBM,48000,96000"
    })
    void theBitRateIsTheOneAskedFor(AudioFormat format, int rate, int bitRate) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        AudioTarget target = new AudioTarget(format, rate, OptionalInt.of(bitRate));
        float[] samples = sweep(24_000, 4);
        try (AudioEncoder encoder = encoders.open(target, 24_000, out)) {
            encoder.write(samples, samples.length);
            encoder.finish();
        }
        // libopus and aac vary around it
        double tolerance = format == AudioFormat.MP3 ? 0.03 : 0.5;
        assertThat(out.size() * 8 / 4.0).isCloseTo(bitRate, withinPercentage(100 * tolerance));
    }

    @Test
    void theHighestBitRateIsTakenByEveryCodec() throws IOException {
        for (AudioFormat format : AudioFormat.values()) {
            for (int bitRate :
                    new int[] {AudioTarget.LOWEST_BIT_RATE, AudioTarget.HIGHEST_BIT_RATE}) {
                for (int rate : new int[] {8_000, 22_050, 48_000}) {
                    ByteArrayOutputStream out = new ByteArrayOutputStream();
                    AudioTarget target = new AudioTarget(format, rate, OptionalInt.of(bitRate));
                    try (AudioEncoder encoder = encoders.open(target, 24_000, out)) {
                        encoder.write(new float[24_000], 24_000);
                        encoder.finish();
                    }
                    assertThat(out.size()).as("%s", target).isGreaterThan(50);
                }
            }
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new AudioTarget(AudioFormat.MP3, 24_000, OptionalInt.of(320_001)))
                .withMessageContaining("320001");
    }
}
