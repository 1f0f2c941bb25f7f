package dev.parlo.engine.audio;

import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The form of bare signed 16-bit little-endian samples, as a content type tells it: {@code
 * audio/pcm;rate=24000;channels=2}.
 *
 * @param rate samples per second and channel, 1000 to 768000
 * @param channels interleaved, 1 to 64
 */
record RawPcm(int rate, int channels) {
    /** What {@code audio/pcm} means without parameters. */
    public static final RawPcm DEFAULT = new RawPcm(AudioSource.SAMPLE_RATE, 1);

    private static final int LOWEST_RATE = 1_000;
    private static final int HIGHEST_RATE = 768_000;
    private static final int MOST_CHANNELS = 64;

    /**
     * Reads a content type.
     *
     * @return empty for any other than {@code audio/pcm} and {@code audio/raw}
     * @throws dev.parlo.engine.EngineException UNSUPPORTED_AUDIO for a parameter that cannot be
     *     honoured: samples read in the wrong way would be noise
     */
    static Optional<RawPcm> of(@Nullable String contentType) {
        if (contentType == null) {
            return Optional.empty();
        }
        String[] parts = contentType.split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        if (!type.equals("audio/pcm") && !type.equals("audio/raw")) {
            return Optional.empty();
        }
        RawPcm format = DEFAULT;
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].isBlank()) {
                format = format.with(type, parts[i].strip());
            }
        }
        return Optional.of(format);
    }

    private RawPcm with(String type, String parameter) {
        int equals = parameter.indexOf('=');
        String name = parameter.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT);
        String value =
                parameter
                        .substring(equals + 1)
                        .strip()
                        .replaceAll("^\"|\"$", "")
                        .toLowerCase(Locale.ROOT);
        switch (name) {
            case "rate", "sample_rate", "samplerate" -> {
                return new RawPcm(
                        number(type, parameter, value, LOWEST_RATE, HIGHEST_RATE), channels);
            }
            case "channels" -> {
                return new RawPcm(rate, number(type, parameter, value, 1, MOST_CHANNELS));
            }
            case "bits", "bitdepth", "bit_depth", "bitspersample" -> {
                if (value.equals("16")) {
                    return this;
                }
            }
            case "format", "codec", "codecs", "encoding" -> {
                switch (value) {
                    case "s16le",
                            "pcm_s16le",
                            "pcm",
                            "linear16",
                            "signed-int",
                            "signed-integer" -> {
                        return this;
                    }
                    default -> {}
                }
            }
            case "endian", "endianness", "big-endian" -> {
                if (value.equals("little")
                        || value.equals("little-endian")
                        || (name.equals("big-endian") && value.equals("false"))) {
                    return this;
                }
            }
            default -> {}
        }
        throw refused(type, parameter);
    }

    private static int number(String type, String parameter, String value, int least, int most) {
        // At most as many digits as the largest number has: no overflow.
        if (!value.matches("[0-9]{1,6}")) {
            throw refused(type, parameter);
        }
        int number = Integer.parseInt(value);
        if (number < least || number > most) {
            throw refused(type, parameter);
        }
        return number;
    }

    private static RuntimeException refused(String type, String parameter) {
        String shown = parameter.length() > 60 ? parameter.substring(0, 60) + "…" : parameter;
        return AudioFailure.unsupported(
                "The parameter \""
                        + shown
                        + "\" of "
                        + type
                        + " is not supported. Accepted are signed 16-bit little-endian samples with"
                        + " rate="
                        + LOWEST_RATE
                        + " to "
                        + HIGHEST_RATE
                        + " and channels=1 to "
                        + MOST_CHANNELS
                        + "; send anything else in a container such as WAV.");
    }
}
