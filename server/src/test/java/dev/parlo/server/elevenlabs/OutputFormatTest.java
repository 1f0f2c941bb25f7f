package dev.parlo.server.elevenlabs;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.engine.audio.AudioFormat;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class OutputFormatTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "mp3_22050_32",
                "mp3_24000_48",
                "mp3_44100_32",
                "mp3_44100_64",
                "mp3_44100_96",
                "mp3_44100_128",
                "mp3_44100_192",
                "pcm_8000",
                "pcm_16000",
                "pcm_22050",
                "pcm_24000",
                "pcm_32000",
                "pcm_44100",
                "pcm_48000",
                "ulaw_8000",
                "alaw_8000",
                "opus_48000_32",
                "opus_48000_64",
                "opus_48000_96",
                "opus_48000_128",
                "opus_48000_192",
                "wav_8000",
                "wav_16000",
                "wav_22050",
                "wav_24000",
                "wav_32000",
                "wav_44100",
                "wav_48000"
            })
    void everyFormatOfElevenLabsIsKnown(String name) {
        OutputFormat format = OutputFormat.of(name).orElseThrow();
        String[] parts = name.split("_");
        assertThat(format.bitRate())
                .isEqualTo(
                        parts.length < 3
                                ? OptionalInt.empty()
                                : OptionalInt.of(Integer.parseInt(parts[2]) * 1000));
        assertThat(format.sampleRate()).isEqualTo(Integer.parseInt(name.split("_")[1]));
        assertThat(format.contentType()).startsWith("audio/");
        assertThat(format.format().sampleRate(format.sampleRate())).isEqualTo(format.sampleRate());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "mp3",
                "mp3_",
                "mp3_1",
                "flac_44100",
                "pcm_7999",
                "pcm_96000",
                "pcm_16000_"
            })
    void othersAreNot(String name) {
        assertThat(OutputFormat.of(name)).isEmpty();
    }

    @Test
    void theDefaultIsMp3() {
        assertThat(OutputFormat.of(OutputFormat.DEFAULT).orElseThrow().format())
                .isEqualTo(AudioFormat.MP3);
    }
}
