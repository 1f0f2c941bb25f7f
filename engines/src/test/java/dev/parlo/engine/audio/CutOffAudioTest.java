package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** That a file whose end is missing says so, and that one with wrong lengths is heard whole. */
class CutOffAudioTest {
    private static final String TONE = "-f lavfi -i aevalsrc=0.4*sin(2*PI*300*t):s=48000:d=";

    @TempDir Path folder;
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 26, 60));

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(decoder.openReaders()).isZero();
        decoder.close();
    }

    @Test
    void anEndThatCannotBeDecodedIsTold() throws Exception {
        Path whole =
                make(
                        "-f lavfi -i anoisesrc=d=6:r=48000:a=0.3:seed=1 -c:a aac -movflags"
                                + " faststart -f mp4");
        byte[] bytes = Files.readAllBytes(whole);
        Arrays.fill(bytes, bytes.length / 2, bytes.length, (byte) 0xff);
        AudioSource source = decoder.open(Files.write(folder.resolve("damaged"), bytes));
        assertThat(source.truncation()).isEmpty();
        assertThat(duration(source, Samples.all(source))).isCloseTo(6, within(0.2));
        assertThat(source.truncation().orElseThrow()).contains("could not be decoded");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c:a aac -movflags faststart -f mp4",
                "-c:a flac -f flac",
                "-c:a libmp3lame -f mp3",
                "-c:a pcm_s16le -f wav",
                "-c:a adpcm_ms -f wav",
                "-rf64 always -f wav",
                "-f w64",
                "-f aiff",
                "-f au",
                "-c:a pcm_s24be -f caf",
                "-c:a aac -f flv",
                "-c:a libopus -f webm"
            })
    void aFileThatIsCutOffIsTold(String codec) throws Exception {
        Path whole = make(TONE + "6 " + codec);
        AudioSource source = decoder.open(whole);
        Samples.all(source);
        assertThat(source.truncation()).isEmpty();
        byte[] bytes = Files.readAllBytes(whole);
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(bytes, bytes.length * 6 / 10));
        AudioSource part = decoder.open(cut);
        assertThat(Samples.all(part).length).isGreaterThan(32_000);
        assertThat(part.truncation().orElseThrow()).contains("Only").containsPattern("6[.]0|5[.]9");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-c:a wavpack -ar 16000 -f matroska",
                "-c:a pcm_s16le -f wav",
                "-c:a aac -f mp4",
                "-c:a tta -f matroska"
            })
    void aWholeFileIsNeverToldToBeCutOff(String codec) throws Exception {
        AudioSource source = decoder.open(make(TONE + "6 " + codec));
        assertThat(Samples.all(source).length / 16_000.0).isCloseTo(6, within(0.1));
        assertThat(source.truncation()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        // FORM and SSND, sizes of 32 bits
        "-c:a pcm_s16be -f aiff, FORM@4@4, SSND@4@4",
        "-c:a pcm_s24be -f aiff, FORM@4@4, SSND@4@4",
        "-c:a pcm_f32be -f aiff, FORM@4@4, SSND@4@4",
        "-c:a pcm_s16le -f aiff, FORM@4@4, SSND@4@4",
        "-c:a pcm_mulaw -f aiff, FORM@4@4, SSND@4@4",
        // riff and data, sizes of 64 bits
        "-c:a pcm_s16le -f w64, riff@16@8, data@16@8",
        "-c:a pcm_f32le -f w64, riff@16@8, data@16@8",
        // the sizes of an RF64 are in its first chunk
        "-c:a pcm_s16le -rf64 always -f wav, ds64@8@8, ds64@16@8",
        // -1 in place of 0
        "-f w64, riff@16@8@255, data@16@8@255",
        "-rf64 always -f wav, ds64@8@8@255, ds64@16@8@255",
        "-c:a pcm_s16be -f au, .snd@8@4, .snd@8@4",
        "-c:a pcm_alaw -f au, .snd@8@4, .snd@8@4",
        "-c:a pcm_s16le -f wav, RIFF@4@4, data@4@4",
        "-c:a pcm_s24le -f wav, RIFF@4@4, data@4@4"
    })
    void lengthsThatAPipeLeftEmptyAreNotBelieved(String codec, String first, String second)
            throws Exception {
        Path whole = make(TONE + "1.5 -bitexact " + codec);
        float[] expected = Samples.all(decoder.open(whole));
        byte[] bytes = Files.readAllBytes(whole);
        fill(bytes, first);
        fill(bytes, second);
        AudioSource source = decoder.open(Files.write(folder.resolve("piped"), bytes));
        assertThat(Samples.all(source)).isEqualTo(expected);
        assertThat(source.truncation()).isEmpty();
    }

    /** Of a chunk's name, the first byte from its start, how many, and their value if not 0. */
    private static void fill(byte[] bytes, String place) {
        String[] parts = place.split("@", -1);
        String text = new String(bytes, 0, 200, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(parts[0]);
        assertThat(at).isNotNegative();
        int from = at + Integer.parseInt(parts[1]);
        int value = parts.length > 3 ? Integer.parseInt(parts[3]) : 0;
        Arrays.fill(bytes, from, from + Integer.parseInt(parts[2]), (byte) value);
    }

    @Test
    void aChunkOfOddLengthWithoutItsPaddingHidesNoSamples() throws Exception {
        byte[] plain = Wav.pcm16(16_000, 1, Wav.tone(16_000, 0.5, 300));
        byte[] note = {'n', 'o', 't', 'e', 5, 0, 0, 0, 1, 2, 3, 4, 5};
        ByteBuffer wav = ByteBuffer.allocate(plain.length + note.length);
        wav.put(plain, 0, 36).put(note).put(plain, 36, plain.length - 36);
        assertThat(Samples.all(decoder.open(Files.write(folder.resolve("odd"), wav.array()))))
                .isEqualTo(Samples.all(decoder.open(Files.write(folder.resolve("wav"), plain))));
    }

    private Path make(String arguments) throws IOException, InterruptedException {
        return FfmpegProgram.make(arguments, Files.createTempFile(folder, "made", ""));
    }

    private static double duration(AudioSource source, float[] samples) {
        return source.times().duration(samples.length / 16_000.0);
    }
}
