package dev.parlo.benchmarks;

import java.util.Locale;

/** Sizes of published multilingual models, by which the generated ones are made. */
enum Shape {
    TINY(384, 4),
    BASE(512, 6),
    SMALL(768, 12);

    /** Tokens of the multilingual models with 99 languages. */
    static final int VOCABULARY = 51865;

    private final int width;
    private final int layers;

    Shape(int width, int layers) {
        this.width = width;
        this.layers = layers;
    }

    /** Width of encoder and decoder. */
    int width() {
        return width;
    }

    /** Layers of the encoder, and of the decoder. */
    int layers() {
        return layers;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Shape of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
