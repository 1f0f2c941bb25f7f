package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.EngineException;
import java.util.Locale;

/** Derives a checkpoint's shape from its variables and checks that they all agree. */
final class ShapeCheck {
    private static final int GELU = 3;

    private ShapeCheck() {}

    static WhisperShape shapeOf(Checkpoint checkpoint) {
        Variable conv1 = checkpoint.variable("encoder/conv1/weight");
        Variable embeddings = checkpoint.variable("decoder/embeddings/weight");
        if (conv1.rank() != 3 || embeddings.rank() != 2) {
            throw bad(
                    checkpoint,
                    "'encoder/conv1/weight' must have three dimensions and 'decoder/embeddings/weight' two");
        }
        int width = conv1.shape()[0];
        Variable inner = checkpoint.variable("encoder/layer_0/ffn/linear_0/weight");
        Variable positions = checkpoint.variable("decoder/position_encodings/encodings");
        WhisperShape shape =
                new WhisperShape(
                        width,
                        checkpoint.variable("encoder/num_heads").toInt(),
                        layers(checkpoint, "encoder"),
                        layers(checkpoint, "decoder"),
                        embeddings.rows(),
                        conv1.shape()[1],
                        inner.rows(),
                        positions.rows());
        check(shape, checkpoint);
        return shape;
    }

    private static int layers(Checkpoint checkpoint, String part) {
        int layers = 0;
        while (checkpoint.has(part + "/layer_" + layers + "/self_attention/linear_0/weight")) {
            layers++;
        }
        return layers;
    }

    private static void check(WhisperShape s, Checkpoint c) {
        if (s.heads() < 1 || s.width() != s.heads() * WhisperShape.HEAD_WIDTH) {
            throw bad(
                    c,
                    String.format(
                            Locale.ROOT,
                            "%d heads in a width of %d; every head must be %d wide",
                            s.heads(),
                            s.width(),
                            WhisperShape.HEAD_WIDTH));
        }
        if (s.melBands() != 80 && s.melBands() != 128) {
            throw bad(
                    c,
                    String.format(
                            Locale.ROOT, "%d mel bands; 80 or 128 are supported", s.melBands()));
        }
        if (s.textPositions() != WhisperShape.TEXT_POSITIONS) {
            throw bad(
                    c,
                    String.format(
                            Locale.ROOT,
                            "%d decoder positions; %d are supported",
                            s.textPositions(),
                            WhisperShape.TEXT_POSITIONS));
        }
        if (s.feedForwardWidth() < 1 || s.feedForwardWidth() % WhisperShape.HEAD_WIDTH != 0) {
            throw bad(
                    c,
                    String.format(
                            Locale.ROOT,
                            "feed-forward blocks %d wide; a multiple of %d is expected",
                            s.feedForwardWidth(),
                            WhisperShape.HEAD_WIDTH));
        }
        if (c.variable("decoder/num_heads").toInt() != s.heads()) {
            throw bad(c, "encoder and decoder have different numbers of heads");
        }
        if (s.encoderLayers() == 0 || s.decoderLayers() == 0) {
            throw bad(c, "encoder and decoder need at least one layer each");
        }
        if (s.vocabularySize() <= WhisperShape.TIMESTAMPS) {
            throw bad(
                    c,
                    String.format(
                            Locale.ROOT,
                            "%d tokens leave none for text beside %d timestamps",
                            s.vocabularySize(),
                            WhisperShape.TIMESTAMPS));
        }
        if (c.has("decoder/activation") && c.variable("decoder/activation").toInt() != GELU) {
            throw bad(
                    c,
                    String.format(
                            Locale.ROOT,
                            "activation %d; only GELU (3) is supported",
                            c.variable("decoder/activation").toInt()));
        }
        int d = s.width();
        c.variable("encoder/conv1/weight", d, s.melBands(), 3);
        c.variable("encoder/conv1/bias", d);
        c.variable("encoder/conv2/weight", d, d, 3);
        c.variable("encoder/conv2/bias", d);
        c.variable("encoder/position_encodings/encodings", WhisperShape.AUDIO_POSITIONS, d);
        c.variable("decoder/position_encodings/encodings", s.textPositions(), d);
        c.variable("decoder/embeddings/weight", s.vocabularySize(), d);
        if (c.has("decoder/projection/weight")) {
            c.variable("decoder/projection/weight", s.vocabularySize(), d);
        }
        for (int i = 0; i < s.encoderLayers(); i++) {
            block(c, "encoder/layer_" + i, d, s.feedForwardWidth());
        }
        for (int i = 0; i < s.decoderLayers(); i++) {
            String layer = "decoder/layer_" + i;
            block(c, layer, d, s.feedForwardWidth());
            norm(c, layer + "/attention", d);
            linear(c, layer + "/attention/linear_0", d, d);
            linear(c, layer + "/attention/linear_1", 2 * d, d);
            linear(c, layer + "/attention/linear_2", d, d);
        }
        norm(c, "encoder", d);
        norm(c, "decoder", d);
    }

    private static void block(Checkpoint c, String layer, int d, int inner) {
        norm(c, layer + "/self_attention", d);
        linear(c, layer + "/self_attention/linear_0", 3 * d, d);
        linear(c, layer + "/self_attention/linear_1", d, d);
        norm(c, layer + "/ffn", d);
        linear(c, layer + "/ffn/linear_0", inner, d);
        linear(c, layer + "/ffn/linear_1", d, inner);
    }

    private static void norm(Checkpoint c, String block, int d) {
        c.variable(block + "/layer_norm/gamma", d);
        c.variable(block + "/layer_norm/beta", d);
    }

    private static void linear(Checkpoint c, String name, int out, int in) {
        c.variable(name + "/weight", out, in);
        c.variable(name + "/bias", out);
    }

    private static EngineException bad(Checkpoint c, String problem) {
        return new EngineException(
                EngineException.Category.BAD_MODEL, c.file() + ": " + problem + ".");
    }
}
