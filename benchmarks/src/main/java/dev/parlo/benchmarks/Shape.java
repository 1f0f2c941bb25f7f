package dev.parlo.benchmarks;

import java.util.Locale;

/** Sizes of published multilingual models, by which the generated ones are made. */
public enum Shape {
    TINY(384, 4, 4, 80, 99),
    BASE(512, 6, 6, 80, 99),
    SMALL(768, 12, 12, 80, 99),
    LARGE_V3(1280, 32, 32, 128, 100),
    TURBO(1280, 32, 4, 128, 100);

    /** Tokens of the multilingual models with 99 languages. */
    static final int VOCABULARY = 51865;

    private final int width;
    private final int encoderLayers;
    private final int decoderLayers;
    private final int bands;
    private final int languages;

    Shape(int width, int encoderLayers, int decoderLayers, int bands, int languages) {
        this.width = width;
        this.encoderLayers = encoderLayers;
        this.decoderLayers = decoderLayers;
        this.bands = bands;
        this.languages = languages;
    }

    /** Width of encoder and decoder. */
    int width() {
        return width;
    }

    int encoderLayers() {
        return encoderLayers;
    }

    int decoderLayers() {
        return decoderLayers;
    }

    /** Of the spectrogram. */
    int bands() {
        return bands;
    }

    int languages() {
        return languages;
    }

    int vocabulary() {
        return VOCABULARY - 99 + languages;
    }

    /** As it is named in settings, such as {@code large-v3}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The shape of a label. */
    public static Shape of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT).replace('-', '_'));
    }
}
