package dev.parlo.engine.audio;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The form of audio without any header, as a content type tells it: {@code
 * audio/pcm;rate=24000;channels=2}.
 *
 * @param demuxer FFmpeg's name of it, such as {@code s16le}
 * @param rate samples per second and channel, 1000 to 768000
 * @param channels interleaved, 1 to 64
 */
record RawAudio(String demuxer, int rate, int channels) {
    /** What {@code audio/pcm} means without parameters. */
    static final RawAudio DEFAULT = new RawAudio("s16le", AudioSource.SAMPLE_RATE, 1);

    private static final int LOWEST_RATE = 1_000;
    private static final int HIGHEST_RATE = 768_000;
    private static final int MOST_CHANNELS = 64;
    private static final int TELEPHONE = 8_000;

    /** {@code s16le}, {@code pcm_f32be}, and {@code F64LE} or {@code U8} as GStreamer has them. */
    private static final Pattern SAMPLES =
            Pattern.compile("(?:pcm_)?([suf])(8|16|24|32|64)(le|be)?");

    /**
     * Reads a content type.
     *
     * @return empty for a type that is not of bare audio
     * @throws dev.parlo.engine.EngineException UNSUPPORTED_AUDIO for a parameter that cannot be
     *     honoured: samples read in the wrong way would be noise
     */
    static Optional<RawAudio> of(@Nullable String contentType) {
        if (contentType == null) {
            return Optional.empty();
        }
        String[] parts = contentType.split(";", -1);
        String type = parts[0].strip().toLowerCase(Locale.ROOT);
        Draft draft =
                switch (type) {
                    case "audio/pcm", "audio/x-pcm", "audio/raw", "audio/x-raw" -> new Draft(type);
                    // In the byte order of the network, unless a parameter says otherwise (RFC
                    // 2586, 3190).
                    case "audio/l16" -> new Draft(type).samples("s", 16, true);
                    case "audio/l24" -> new Draft(type).samples("s", 24, true);
                    case "audio/l8" -> new Draft(type).samples("u", 8, true);
                    case "audio/basic",
                            "audio/pcmu",
                            "audio/mulaw",
                            "audio/ulaw",
                            "audio/x-mulaw" ->
                            new Draft(type).coded("mulaw", TELEPHONE);
                    case "audio/pcma", "audio/alaw", "audio/x-alaw" ->
                            new Draft(type).coded("alaw", TELEPHONE);
                    case "audio/g729" -> new Draft(type).fixed("g729", TELEPHONE);
                    case "audio/gsm" -> new Draft(type).fixed("gsm", TELEPHONE);
                    // RFC 3551 calls its clock 8000 Hz by mistake.
                    case "audio/g722" -> new Draft(type).fixed("g722", TELEPHONE);
                    default -> null;
                };
        if (draft == null) {
            return Optional.empty();
        }
        for (int i = 1; i < parts.length; i++) {
            if (!parts[i].isBlank()) {
                draft.read(parts[i].strip());
            }
        }
        return Optional.of(draft.audio());
    }

    /** Whether FFmpeg has to be told the rate and the channels. */
    boolean choosesRate() {
        return !demuxer.equals("g729") && !demuxer.equals("g722") && !demuxer.equals("gsm");
    }

    /** What the parameters have said so far. */
    private static final class Draft {
        private final String type;

        /** Samples of {@code bits}: signed, unsigned or float. Null where {@code codec} says it. */
        private @Nullable String kind;

        private int bits;
        private boolean bigEndian;
        private @Nullable String codec;
        private boolean fixed;
        private int rate = AudioSource.SAMPLE_RATE;
        private int channels = 1;

        Draft(String type) {
            this.type = type;
        }

        Draft samples(String kind, int bits, boolean bigEndian) {
            this.kind = kind;
            this.bits = bits;
            this.bigEndian = bigEndian;
            return this;
        }

        Draft coded(String codec, int rate) {
            this.codec = codec;
            this.rate = rate;
            return this;
        }

        /** A codec that has one rate and one channel. */
        Draft fixed(String codec, int rate) {
            fixed = true;
            return coded(codec, rate);
        }

        void read(String parameter) {
            int equals = parameter.indexOf('=');
            String name =
                    parameter.substring(0, Math.max(0, equals)).strip().toLowerCase(Locale.ROOT);
            String value =
                    parameter
                            .substring(equals + 1)
                            .strip()
                            .replaceAll("^\"|\"$", "")
                            .toLowerCase(Locale.ROOT);
            if (!set(name, value)) {
                throw refused(parameter);
            }
        }

        private boolean set(String name, String value) {
            switch (name) {
                case "rate", "sample_rate", "samplerate" -> {
                    int number = number(value, LOWEST_RATE, HIGHEST_RATE);
                    boolean known = number > 0 && (!fixed || number == rate);
                    rate = number;
                    return known;
                }
                case "channels" -> {
                    channels = number(value, 1, MOST_CHANNELS);
                    return channels > 0 && (!fixed || channels == 1);
                }
                case "layout" -> {
                    return value.equals("interleaved");
                }
                case "bits", "bitdepth", "bit_depth", "bitspersample" -> {
                    int number = number(value, 8, 64);
                    boolean same = bits == 0 || bits == number;
                    bits = number;
                    return codec == null ? same : number == 8;
                }
                case "endian", "endianness" -> {
                    bigEndian = value.startsWith("big");
                    return codec == null && value.matches("(big|little)(-?endian)?");
                }
                case "big-endian" -> {
                    bigEndian = value.equals("true");
                    return codec == null && (bigEndian || value.equals("false"));
                }
                case "format", "codec", "codecs", "encoding" -> {
                    return encoding(value);
                }
                default -> {
                    return false;
                }
            }
        }

        private boolean encoding(String value) {
            switch (value) {
                case "pcm", "linear16", "signed-int", "signed-integer" -> {
                    return kind("s");
                }
                case "unsigned-int", "unsigned-integer" -> {
                    return kind("u");
                }
                case "float", "floating-point" -> {
                    return kind("f");
                }
                case "mulaw", "ulaw", "mu-law", "u-law", "pcm_mulaw" -> {
                    return law("mulaw");
                }
                case "alaw", "a-law", "pcm_alaw" -> {
                    return law("alaw");
                }
                default -> {}
            }
            Matcher samples = SAMPLES.matcher(value);
            if (!samples.matches()) {
                return false;
            }
            int width = Integer.parseInt(samples.group(2));
            boolean same = bits == 0 || bits == width;
            bits = width;
            if (samples.group(3) != null) {
                bigEndian = samples.group(3).equals("be");
            }
            return same && kind(samples.group(1));
        }

        private boolean kind(String wanted) {
            boolean same = kind == null || kind.equals(wanted);
            kind = wanted;
            return same && codec == null;
        }

        private boolean law(String wanted) {
            boolean possible = kind == null && (codec == null || codec.equals(wanted));
            codec = wanted;
            return possible && (bits == 0 || bits == 8);
        }

        /** 0 where it is not a number in that range. */
        private static int number(String value, int least, int most) {
            // At most as many digits as the largest number has: no overflow.
            int number = value.matches("[0-9]{1,6}") ? Integer.parseInt(value) : 0;
            return number >= least && number <= most ? number : 0;
        }

        RawAudio audio() {
            if (codec != null) {
                return new RawAudio(codec, rate, channels);
            }
            String sign = kind == null ? (bits == 8 ? "u" : "s") : kind;
            int width = bits > 0 ? bits : sign.equals("f") ? 32 : 16;
            boolean known =
                    switch (sign) {
                        case "f" -> width == 32 || width == 64;
                        default -> width == 8 || width == 16 || width == 24 || width == 32;
                    };
            if (!known) {
                throw refused((sign.equals("f") ? "float, bits=" : "bits=") + width);
            }
            String order = width == 8 ? "" : bigEndian ? "be" : "le";
            return new RawAudio(sign + width + order, rate, channels);
        }

        private RuntimeException refused(String parameter) {
            String shown = parameter.length() > 60 ? parameter.substring(0, 60) + "…" : parameter;
            return AudioFailure.unsupported(
                    "The parameter \""
                            + shown
                            + "\" of "
                            + type
                            + (fixed
                                    ? " is not supported; it has one rate and one channel."
                                    : " is not supported, or contradicts another one. Accepted are"
                                            + " rate="
                                            + LOWEST_RATE
                                            + " to "
                                            + HIGHEST_RATE
                                            + ", channels=1 to "
                                            + MOST_CHANNELS
                                            + ", bits=8, 16, 24 or 32, endian=little or big, and"
                                            + " encoding=signed-int, unsigned-int, float, mulaw,"
                                            + " alaw or a name such as s16le; send anything else in"
                                            + " a container such as WAV."));
        }
    }
}
