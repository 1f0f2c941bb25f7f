package dev.parlo.registry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AlternativesTest {
    @ParameterizedTest
    @CsvSource({
        "openai/whisper-large-v3, Systran/faster-whisper-large-v3",
        "openai/whisper-large, Systran/faster-whisper-large-v3",
        "openai/whisper-tiny.en, Systran/faster-whisper-tiny.en",
        "openai/whisper-large-v3-turbo, deepdml/faster-whisper-large-v3-turbo-ct2",
        "distil-whisper/distil-large-v3, Systran/faster-distil-whisper-large-v3",
        "distil-whisper/distil-large-v3.5, distil-whisper/distil-large-v3.5-ct2",
        "distil-whisper/distil-small.en, Systran/faster-distil-whisper-small.en",
        "onnx-community/whisper-base, Systran/faster-whisper-base",
        "onnx-community/whisper-large-v3-turbo_timestamped, deepdml/faster-whisper-large-v3-turbo-ct2",
        "onnx-community/whisper-small.en-ONNX, Systran/faster-whisper-small.en",
        "onnx-community/distil-large-v3.5-ONNX, distil-whisper/distil-large-v3.5-ct2",
        "Xenova/whisper-medium, Systran/faster-whisper-medium",
        "Xenova/distil-medium.en, Systran/faster-distil-whisper-medium.en",
        "mlx-community/whisper-large-v3-mlx, Systran/faster-whisper-large-v3",
        "mlx-community/whisper-turbo, deepdml/faster-whisper-large-v3-turbo-ct2",
        "csukuangfj/sherpa-onnx-whisper-tiny, Systran/faster-whisper-tiny",
        "large-v3, Systran/faster-whisper-large-v3",
        "distil-large-v3, Systran/faster-distil-whisper-large-v3",
        "tiny.en, Systran/faster-whisper-tiny.en",
        "hexgrad/Kokoro-82M, speaches-ai/Kokoro-82M-v1.0-ONNX",
        "HEXGRAD/kokoro-82m, speaches-ai/Kokoro-82M-v1.0-ONNX",
        "nvidia/parakeet-tdt-0.6b-v3, istupakov/parakeet-tdt-0.6b-v3-onnx",
        "nvidia/parakeet-tdt-0.6b-v2, istupakov/parakeet-tdt-0.6b-v2-onnx",
        "nvidia/parakeet-tdt-1.1b, istupakov/parakeet-tdt-0.6b-v3-onnx",
        "pyannote/segmentation-3.0, onnx-community/pyannote-segmentation-3.0",
        "pyannote/speaker-diarization-community-1, onnx-community/pyannote-segmentation-3.0",
        "pyannote/speaker-diarization-3.1, onnx-community/wespeaker-voxceleb-resnet34-LM",
        "pyannote/wespeaker-voxceleb-resnet34-LM, onnx-community/wespeaker-voxceleb-resnet34-LM",
        "rhasspy/piper-voices, rhasspy/piper-voices:en_US-lessac-medium",
        "ggerganov/whisper.cpp, ggerganov/whisper.cpp:base.en",
        "ggml-org/whisper-vad, onnx-community/silero-vad",
    })
    void aRefusalNamesTheRepositoryToUseInstead(String refused, String instead) {
        assertThat(Alternatives.of(ModelId.parse(refused)).orElseThrow())
                .contains("`parlo model download " + instead + "`");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Systran/faster-whisper-tiny",
                "distil-whisper/distil-large-v3.5-ct2",
                "ggerganov/whisper.cpp:tiny",
                "someone/whisper-large-v3",
                "openai/clip",
                "onnx-community/Kokoro-82M-v1.0-ONNX",
                "hexgrad/other",
                "nope",
                "gpt2"
            })
    void nothingIsRecommendedWhereNothingIsKnown(String id) {
        assertThat(Alternatives.of(ModelId.parse(id))).isEmpty();
    }
}
