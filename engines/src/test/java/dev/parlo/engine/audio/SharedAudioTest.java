package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Real recordings, which may not be copied into the project and are therefore often absent. Lengths
 * and digests are those of {@code ffmpeg -i FILE -map 0:a:0 -ac 1 -ar 16000 -f s16le} of the same
 * FFmpeg release.
 */
class SharedAudioTest {
    @ParameterizedTest
    @CsvSource({
        "hello-world.wav,21177,336ead97094513689a8c490f5f43fcb5",
        "hotwords.mp3,64000,0782fa6dfb48d1183ae8ee6e5b83d1d3",
        "jfk.flac,176000,1b4e017d96892ca62ef783a967583f5f",
        "multilingual.mp3,958400,09f02b0ac2ab1442ba1c9eac998070bd",
        "silero-test.opus,129024,1a0c39806f91947f9da4169808f90cec",
        "silero-test.wav,960000,3203b11b79c397efb36676b788be91bb",
        "stereo_diarization.wav,80000,cbad29c5bab1bf925d53b394e9c7f6cc"
    })
    void decodesToTheSamplesOfTheFfmpegProgram(String name, int samples, String digest)
            throws Exception {
        Path file = shared("audio").resolve(name);
        try (AudioDecoder decoder = new AudioDecoder(1, AudioLimits.unlimited())) {
            float[] read = Samples.all(decoder.open(file));
            assertThat(read).hasSize(samples);
            ByteBuffer bytes = ByteBuffer.allocate(samples * 2).order(ByteOrder.LITTLE_ENDIAN);
            for (float sample : read) {
                bytes.putShort((short) (sample * 32768));
            }
            MessageDigest md5 = MessageDigest.getInstance("MD5");
            assertThat(HexFormat.of().formatHex(md5.digest(bytes.array()))).isEqualTo(digest);
        }
    }

    private static Path shared(String folder) {
        for (String up : new String[] {"../../shared", "../shared"}) {
            Path candidate = Path.of(up, folder).toAbsolutePath().normalize();
            if (Files.isDirectory(candidate)) {
                return candidate;
            }
        }
        return Assumptions.abort("SKIPPED: no folder shared/" + folder + " beside the checkout");
    }
}
