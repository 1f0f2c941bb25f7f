package dev.parlo.engine.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.parlo.engine.EngineException.Category;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Samples without a container, whose shape the content type tells. */
class BareSamplesTest {
    private static final String TONE = "-f lavfi -i aevalsrc=0.4*sin(2*PI*300*t):s=48000:d=";

    @TempDir Path folder;
    private final AudioDecoder decoder = new AudioDecoder(1, new AudioLimits(1 << 26, 60));

    @AfterEach
    void nothingIsLeftOpen() {
        assertThat(decoder.openReaders()).isZero();
        decoder.close();
    }

    @ParameterizedTest
    @CsvSource({
        "s16be, audio/pcm;rate=24000;endian=big",
        "s16be, audio/L16;rate=24000;channels=1",
        "s16le, audio/l16;rate=24000;endianness=little-endian",
        "s24le, audio/pcm;rate=24000;bits=24",
        "s24be, audio/L24;rate=24000",
        "s32le, 'audio/x-raw;format=S32LE;rate=24000;channels=1;layout=interleaved'",
        "f32le, audio/pcm;encoding=float;rate=24000",
        "f64be, audio/raw;rate=24000;format=f64be",
        "u8, audio/L8;rate=24000",
        "s8, audio/pcm;rate=24000;bits=8;encoding=signed-int",
        "mulaw, audio/PCMU;rate=24000",
        "alaw, audio/pcm;rate=24000;encoding=alaw"
    })
    void bareSamplesAreReadAsTheirContentTypeSays(String format, String contentType)
            throws Exception {
        Path bare = make(TONE + "1 -ar 24000 -f " + format);
        assertThat(Samples.all(decoder.open(bare, contentType)))
                .hasSizeBetween(15_980, 16_010)
                .isEqualTo(
                        FfmpegProgram.decode(
                                bare, folder, "-f " + format + " -ar 24000 -ac 1 ", "-ac 1"));
    }

    @Test
    void aWavThatIsSentAsBareSamplesIsAWav() throws Exception {
        Path wav = make(TONE + "1 -ar 44100 -ac 2 -c:a pcm_s24le -f wav");
        assertThat(Samples.all(decoder.open(wav, "audio/pcm;rate=8000")))
                .isEqualTo(Samples.all(decoder.open(wav)));
    }

    @Test
    void bareSamplesOfAnyRateAndChannelsAreResampled() throws Exception {
        short[] left = Wav.tone(24_000, 1.5, 300);
        ByteBuffer bytes = ByteBuffer.allocate(left.length * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (short sample : left) {
            bytes.putShort(sample).putShort(sample);
        }
        Path raw = Files.write(folder.resolve("raw"), bytes.array());
        float[] stereo = Samples.all(decoder.open(raw, "audio/pcm;rate=24000;channels=2"));
        assertThat(stereo.length).isCloseTo(24_000, within(20));
        float[] expected = new float[stereo.length];
        for (int i = 0; i < expected.length; i++) {
            expected[i] = (float) Math.sin(2 * Math.PI * 300 * i / 16_000);
        }
        assertThat(Samples.correlation(stereo, expected, 40)).isGreaterThan(0.99);
        assertThat(Samples.all(decoder.open(raw, "Audio/RAW; Rate=\"48000\"; bits=16")))
                .hasSizeBetween(23_980, 24_020);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rate=0",
                "rate=-1",
                "rate=99999999999",
                "rate=x",
                "rate=",
                "rate",
                "channels=0",
                "channels=65",
                "codec=opus",
                "bits=12",
                "bits=64",
                "endian=middle",
                "encoding=mulaw; bits=16",
                "encoding=float; bits=16",
                "format=s16le; bits=24",
                "format=s16le; encoding=float",
                "layout=non-interleaved",
                "whatever=1"
            })
    void aParameterOfBareSamplesThatCannotBeHonouredIsRefused(String parameter) throws IOException {
        Path raw = Files.write(folder.resolve("raw"), new byte[3200]);
        Samples.refused(
                        Category.UNSUPPORTED_AUDIO,
                        () -> decoder.open(raw, "audio/pcm; " + parameter))
                .contains(parameter.substring(parameter.indexOf("; ") + 1).strip())
                .contains("rate=1000 to 768000");
    }

    private Path make(String arguments) throws IOException, InterruptedException {
        return FfmpegProgram.make(arguments, Files.createTempFile(folder, "made", ""));
    }
}
