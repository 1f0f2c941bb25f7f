package dev.parlo.registry;

import dev.parlo.registry.SpeechVoices.Voice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * Finds a text-to-speech model's voices without loading it: from the names inside Kokoro's voice
 * file or folder, from a Piper repository's name and config.
 */
public final class VoiceCatalog {
    private static final int KOKORO_RATE = 24_000;
    private static final int PIPER_RATE = 22_050;
    private static final int PIPER_LOW_RATE = 16_000;

    /** The voices Kokoro 1.0 is published with, for repositories not yet on disk. */
    private static final List<String> KOKORO_VOICES =
            List.of(
                    ("af_alloy af_aoede af_bella af_heart af_jessica af_kore af_nicole af_nova"
                                    + " af_river af_sarah af_sky am_adam am_echo am_eric am_fenrir"
                                    + " am_liam am_michael am_onyx am_puck am_santa bf_alice"
                                    + " bf_emma bf_isabella bf_lily bm_daniel bm_fable bm_george"
                                    + " bm_lewis ef_dora em_alex em_santa ff_siwis hf_alpha"
                                    + " hf_beta hm_omega hm_psi if_sara im_nicola jf_alpha"
                                    + " jf_gongitsune jf_nezumi jf_tebukuro jm_kumo pf_dora"
                                    + " pm_alex pm_santa zf_xiaobei zf_xiaoni zf_xiaoxiao"
                                    + " zf_xiaoyi zm_yunjian zm_yunxi zm_yunxia zm_yunyang")
                            .split(" "));

    private VoiceCatalog() {}

    /** The voices of a repository that is not on disk. */
    public static @Nullable SpeechVoices remote(
            ModelId id, ModelFamily family, List<String> languages) {
        return switch (family) {
            case KOKORO -> kokoro(KOKORO_VOICES);
            case PIPER -> piper(id, Optional.empty(), languages);
            case WHISPER_CT2,
                    WHISPER_TRANSFORMERS,
                    WHISPER_GGML,
                    PARAKEET,
                    ESPEAK,
                    SILERO_VAD,
                    BUILT_IN_VAD,
                    DIARIZATION,
                    SPEAKER_EMBEDDING ->
                    null;
        };
    }

    /** The voices of an installed repository. */
    static @Nullable SpeechVoices local(
            ModelId id, ModelFamily family, Path directory, List<String> files) {
        return switch (family) {
            case KOKORO -> kokoro(kokoroNames(directory, files));
            case PIPER -> piper(id, PiperConfig.read(directory, files), List.of());
            case WHISPER_CT2,
                    WHISPER_TRANSFORMERS,
                    WHISPER_GGML,
                    PARAKEET,
                    ESPEAK,
                    SILERO_VAD,
                    BUILT_IN_VAD,
                    DIARIZATION,
                    SPEAKER_EMBEDDING ->
                    null;
        };
    }

    private static List<String> kokoroNames(Path directory, List<String> files) {
        List<String> inFolder =
                files.stream()
                        .filter(file -> file.matches("voices/[^/]+\\.(?:bin|pt)"))
                        .map(file -> file.substring(7, file.lastIndexOf('.')))
                        .toList();
        if (!inFolder.isEmpty()) {
            return inFolder;
        }
        for (String file : files) {
            if (file.matches("voices[^/]*\\.(?:bin|npz)")) {
                try (ZipFile pack = new ZipFile(directory.resolve(file).toFile())) {
                    return pack.stream()
                            .map(entry -> entry.getName())
                            .filter(name -> name.endsWith(".npy"))
                            .map(name -> name.substring(0, name.length() - 4))
                            .sorted()
                            .toList();
                } catch (IOException notZip) {
                    return KOKORO_VOICES; // one block of floats without names: the published order
                }
            }
        }
        return List.of();
    }

    private static SpeechVoices kokoro(List<String> names) {
        List<Voice> voices = new ArrayList<>();
        for (String name : names) {
            char second = name.length() > 1 ? name.charAt(1) : ' ';
            voices.add(
                    new Voice(
                            name,
                            name,
                            kokoroLanguage(name),
                            second == 'f' ? "female" : second == 'm' ? "male" : null));
        }
        return new SpeechVoices(KOKORO_RATE, voices);
    }

    private static String kokoroLanguage(String voice) {
        return switch (voice.isEmpty() ? ' ' : voice.charAt(0)) {
            case 'b' -> "en-gb";
            case 'e' -> "es";
            case 'f' -> "fr-fr";
            case 'h' -> "hi";
            case 'i' -> "it";
            case 'j' -> "ja";
            case 'p' -> "pt-br";
            case 'z' -> "zh";
            default -> "en-us";
        };
    }

    /**
     * Piper's names are {@code piper-<language_REGION>-<voice>-<quality>}; a config knows better.
     */
    private static SpeechVoices piper(
            ModelId id, Optional<PiperConfig> config, List<String> languages) {
        String[] parts =
                (id.variant().isEmpty() ? id.name() : "piper-" + id.variant()).split("-", -1);
        boolean regular = parts.length == 4 && parts[0].equals("piper");
        String quality = regular ? parts[3] : "";
        String name = regular ? parts[2] : id.name();
        String language =
                regular ? parts[1].split("_", -1)[0] : languages.stream().findFirst().orElse("");
        int rate = Arrays.asList("x_low", "low").contains(quality) ? PIPER_LOW_RATE : PIPER_RATE;
        String spoken =
                config.map(PiperConfig::language)
                        .filter(found -> !found.isEmpty())
                        .orElse(language);
        List<String> speakers = config.map(PiperConfig::speakers).orElse(List.of());
        return new SpeechVoices(
                config.map(PiperConfig::sampleRate).orElse(rate),
                (speakers.isEmpty() ? List.of(name) : speakers)
                        .stream().map(voice -> new Voice(voice, voice, spoken, null)).toList());
    }
}
