package dev.parlo.registry;

import dev.parlo.registry.SpeechVoices.Voice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
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

    /**
     * The voices of a repository that is not on disk.
     *
     * @param contents with its files where they are known
     */
    public static @Nullable SpeechVoices remote(
            ModelId id, ModelFamily family, List<String> languages, RepositoryContents contents) {
        return switch (family) {
            case KOKORO -> {
                List<String> inFolder = inFolder(contents.files());
                yield kokoro(inFolder.isEmpty() ? KOKORO_VOICES : inFolder);
            }
            case PIPER -> {
                VoiceIndex.IndexedVoice indexed = contents.voiceIndex().voices().get(id.variant());
                yield piper(
                        id,
                        OptionalInt.empty(),
                        indexed == null ? "" : indexed.language(),
                        indexed == null ? List.of() : indexed.speakers(),
                        languages);
            }
            case WHISPER_CT2,
                    WHISPER_TRANSFORMERS,
                    WHISPER_GGML,
                    WHISPER_ONNX,
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
            case PIPER -> {
                Optional<PiperConfig> config = PiperConfig.read(directory, files);
                yield piper(
                        id,
                        config.stream().mapToInt(PiperConfig::sampleRate).findFirst(),
                        config.map(PiperConfig::language).orElse(""),
                        config.map(PiperConfig::speakers).orElse(List.of()),
                        List.of());
            }
            case WHISPER_CT2,
                    WHISPER_TRANSFORMERS,
                    WHISPER_GGML,
                    WHISPER_ONNX,
                    PARAKEET,
                    ESPEAK,
                    SILERO_VAD,
                    BUILT_IN_VAD,
                    DIARIZATION,
                    SPEAKER_EMBEDDING ->
                    null;
        };
    }

    /**
     * The languages of one model of a repository: of one voice of many, its own instead of those of
     * the card, which are all of them.
     */
    public static List<String> languages(
            ModelId id, ModelFamily family, List<String> ofCard, @Nullable SpeechVoices speech) {
        if (family != ModelFamily.PIPER || id.variant().isEmpty() || speech == null) {
            return ofCard;
        }
        List<String> own =
                speech.voices().stream()
                        .map(Voice::language)
                        .filter(language -> !language.isEmpty())
                        .distinct()
                        .toList();
        return own.isEmpty() ? ofCard : own;
    }

    private static List<String> inFolder(List<String> files) {
        return files.stream()
                .filter(file -> file.matches("voices/[^/]+\\.(?:bin|pt)"))
                .map(file -> file.substring(7, file.lastIndexOf('.')))
                .toList();
    }

    private static List<String> kokoroNames(Path directory, List<String> files) {
        List<String> inFolder = inFolder(files);
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
     * Piper's names are {@code piper-<language_REGION>-<voice>-<quality>}, in a repository of many
     * the same without {@code piper-}; a config knows better.
     *
     * @param rate of the config
     * @param language of the config or the index, "" where neither tells
     * @param ofCard the languages of the repository, for a name that tells none
     */
    private static SpeechVoices piper(
            ModelId id,
            OptionalInt rate,
            String language,
            List<String> speakers,
            List<String> ofCard) {
        String text = id.variant().isEmpty() ? id.name() : "piper-" + id.variant();
        String[] parts = text.split("-", -1);
        boolean regular = parts.length == 4 && parts[0].equals("piper");
        String quality = regular ? parts[3] : "";
        String plain = id.variant().isEmpty() ? id.name() : id.variant();
        String name = regular ? parts[2] : plain;
        String named =
                regular ? parts[1].split("_", -1)[0] : ofCard.stream().findFirst().orElse("");
        String spoken = language.isEmpty() ? named : language;
        int usual = Arrays.asList("x_low", "low").contains(quality) ? PIPER_LOW_RATE : PIPER_RATE;
        return new SpeechVoices(
                rate.orElse(usual),
                (speakers.isEmpty() ? List.of(name) : speakers)
                        .stream().map(voice -> new Voice(voice, voice, spoken, null)).toList());
    }
}
