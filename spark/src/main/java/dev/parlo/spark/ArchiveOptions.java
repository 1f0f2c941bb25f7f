package dev.parlo.spark;

import dev.parlo.engine.audio.AudioSource;
import java.io.Serializable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an archive is transcribed. Immutable; {@link #builder} has the defaults.
 *
 * @param model a folder or file as {@code SpeechEngines.speechToText} opens it, at the same path on
 *     every executor
 * @param language ISO code; null to detect it in each piece
 * @param translate whether to write English instead of the spoken language
 * @param words whether each segment has its words with their times
 * @param beamSize at least 1
 * @param batchSize chunks of at most 30 s that are decoded together; null decodes windows in order
 * @param prompt text that the model takes as what was said before each piece; null for none
 * @param speechOnly whether pauses are left out before a model hears a piece
 * @param longestPiece recordings that are longer are split in pauses; at least 30 s
 * @param speakers what tells speakers apart; null where they are not told
 * @param limits what is refused of a recording
 * @param cache folder on every executor for unpacked libraries and converted weights; null for
 *     {@code ~/.cache/parlo}
 */
public record ArchiveOptions(
        String model,
        @Nullable String language,
        boolean translate,
        boolean words,
        int beamSize,
        @Nullable Integer batchSize,
        @Nullable String prompt,
        boolean speechOnly,
        Duration longestPiece,
        @Nullable SpeakerModels speakers,
        Limits limits,
        @Nullable String cache)
        implements Serializable {
    private static final Duration SHORTEST_PIECE = Duration.ofSeconds(30);

    public ArchiveOptions {
        if (longestPiece.compareTo(SHORTEST_PIECE) < 0) {
            throw new ArchiveException(
                    "The longest piece is "
                            + longestPiece.toSeconds()
                            + " s; it must be at least 30 s, which a model hears at once.");
        }
        if (beamSize < 1 || (batchSize != null && batchSize < 1)) {
            throw new ArchiveException("The beam and the batch size must be at least 1.");
        }
    }

    /**
     * Networks that tell who speaks, at the same paths on every executor.
     *
     * @param segmentation pyannote's, an .onnx file
     * @param embedding of voices, an .onnx file
     */
    public record SpeakerModels(String segmentation, String embedding) implements Serializable {}

    /**
     * What one recording may have.
     *
     * @param bytes of its file, at least 1
     * @param length of its audio, above 0
     */
    public record Limits(long bytes, Duration length) implements Serializable {
        public Limits {
            if (bytes < 1 || !length.isPositive()) {
                throw new ArchiveException(
                        "The largest file and the longest recording must be above 0.");
            }
        }
    }

    /** Samples of the longest piece. */
    long longestSamples() {
        return longestPiece.toMillis() * AudioSource.SAMPLE_RATE / 1000;
    }

    /** With the defaults and a model. */
    public static Builder builder(String model) {
        return new Builder(model);
    }

    /** Collects options; every field starts at its default. Used by one thread. */
    public static final class Builder {
        private final String model;
        private @Nullable String language;
        private boolean translate;
        private boolean words = true;
        private int beamSize = 5;
        private @Nullable Integer batchSize;
        private @Nullable String prompt;
        private boolean speechOnly = true;
        private Duration longestPiece = Duration.ofMinutes(10);
        private @Nullable SpeakerModels speakers;
        private Limits limits = new Limits(16L << 30, Duration.ofHours(48));
        private @Nullable String cache;

        private Builder(String model) {
            this.model = model;
        }

        public Builder language(@Nullable String code) {
            language = code;
            return this;
        }

        public Builder translate(boolean value) {
            translate = value;
            return this;
        }

        public Builder words(boolean value) {
            words = value;
            return this;
        }

        public Builder beamSize(int value) {
            beamSize = value;
            return this;
        }

        public Builder batchSize(@Nullable Integer value) {
            batchSize = value;
            return this;
        }

        public Builder prompt(@Nullable String value) {
            prompt = value;
            return this;
        }

        public Builder speechOnly(boolean value) {
            speechOnly = value;
            return this;
        }

        public Builder longestPiece(Duration value) {
            longestPiece = value;
            return this;
        }

        public Builder speakers(@Nullable SpeakerModels value) {
            speakers = value;
            return this;
        }

        public Builder limits(Limits value) {
            limits = value;
            return this;
        }

        public Builder cache(@Nullable String folder) {
            cache = folder;
            return this;
        }

        public ArchiveOptions build() {
            return new ArchiveOptions(
                    model,
                    language,
                    translate,
                    words,
                    beamSize,
                    batchSize,
                    prompt,
                    speechOnly,
                    longestPiece,
                    speakers,
                    limits,
                    cache);
        }
    }
}
