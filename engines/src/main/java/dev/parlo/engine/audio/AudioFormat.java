package dev.parlo.engine.audio;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What synthesised speech is delivered as. Always mono. */
public enum AudioFormat {
    /** MPEG layer III at a constant bit rate, without a Xing header, which would need seeking. */
    MP3("mp3", "audio/mpeg", "mp3"),
    /** Opus in Ogg, 48 kHz whatever the input. */
    OPUS("opus", "audio/opus", "ogg"),
    /** AAC-LC in ADTS frames. */
    AAC("aac", "audio/aac", "aac"),
    /** FLAC of 16-bit samples. */
    FLAC("flac", "audio/flac", "flac"),
    /** RIFF with signed 16-bit samples. */
    WAV("wav", "audio/wav", "wav"),
    /** Bare signed 16-bit little-endian samples. */
    PCM("pcm", "audio/pcm", "pcm"),
    /** AAC-LC in fragmented MP4. */
    M4A("m4a", "audio/mp4", "m4a"),
    /** Opus in WebM, 48 kHz whatever the input. */
    WEBM("webm", "audio/webm", "webm"),
    /** RIFF with G.711 µ-law samples. */
    WAV_MULAW("wav_mulaw", "audio/wav", "wav"),
    /** RIFF with G.711 A-law samples. */
    WAV_ALAW("wav_alaw", "audio/wav", "wav"),
    /** Bare G.711 µ-law bytes. */
    MULAW("mulaw", "audio/pcmu", "ulaw"),
    /** Bare G.711 A-law bytes. */
    ALAW("alaw", "audio/pcma", "alaw");

    private final String id;
    private final String mimeType;
    private final String extension;

    AudioFormat(String id, String mimeType, String extension) {
        this.id = id;
        this.mimeType = mimeType;
        this.extension = extension;
    }

    /** {@return what requests and files' endings call it, such as {@code mp3}} */
    public String id() {
        return id;
    }

    /** {@return the content type, without parameters} */
    public String mimeType() {
        return mimeType;
    }

    /** {@return the usual ending of a file's name, without the dot} */
    public String extension() {
        return extension;
    }

    /**
     * {@return the format of an id, or of {@code ulaw}, {@code wav_ulaw} or {@code ogg}; empty for
     * any other}
     *
     * @param id in upper or lower case
     */
    public static Optional<AudioFormat> of(String id) {
        String wanted = id.strip().toLowerCase(Locale.ROOT);
        return switch (wanted) {
            case "ulaw" -> Optional.of(MULAW);
            case "wav_ulaw" -> Optional.of(WAV_MULAW);
            case "ogg" -> Optional.of(OPUS);
            default ->
                    Arrays.stream(values()).filter(format -> format.id.equals(wanted)).findFirst();
        };
    }

    /** {@return all ids, for a message to someone who gave another} */
    public static String ids() {
        return Arrays.stream(values()).map(AudioFormat::id).collect(Collectors.joining(", "));
    }

    /**
     * {@return the sample rate to write speech at where the request names none: the model's own,
     * but 48 kHz for MP3, AAC and M4A} These hold whole frames and a lead-in that their streams
     * cannot tell players to leave out; at 48 kHz both together stay below 50 ms.
     *
     * @param modelRate samples per second that the model makes
     */
    public int usualRate(int modelRate) {
        return switch (this) {
            case MP3, AAC, M4A -> 48_000;
            default -> modelRate;
        };
    }

    /**
     * {@return the sample rate that is really written: the next higher one that the codec knows}
     *
     * @param rate samples per second that are asked for
     */
    public int sampleRate(int rate) {
        return switch (this) {
            case OPUS, WEBM -> 48_000;
            case MP3 -> nextOf(rate, 8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100);
            case AAC, M4A ->
                    nextOf(rate, 8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100);
            case FLAC, WAV, PCM, WAV_MULAW, WAV_ALAW, MULAW, ALAW -> rate;
        };
    }

    private static int nextOf(int rate, int... rates) {
        for (int known : rates) {
            if (known >= rate) {
                return known;
            }
        }
        return 48_000;
    }
}
