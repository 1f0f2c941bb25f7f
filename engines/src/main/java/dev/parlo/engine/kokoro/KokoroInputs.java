package dev.parlo.engine.kokoro;

import ai.onnxruntime.OnnxJavaType;
import dev.parlo.engine.speech.SpeechModel;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How a Kokoro export names and shapes its inputs: {@code tokens} or {@code input_ids}, {@code
 * style}, {@code speed}, each in the type that the file declares.
 */
final class KokoroInputs {
    private static final Logger LOG = LoggerFactory.getLogger(KokoroInputs.class);

    private final SpeechModel model;
    private final String ids;
    private final String style;
    private final String speed;
    private final boolean wholeSpeeds;

    KokoroInputs(SpeechModel model) {
        this.model = model;
        this.ids = model.requiredInput("tokens", "input_ids");
        this.style = model.requiredInput("style", "ref_s");
        this.speed = model.requiredInput("speed");
        this.wholeSpeeds =
                model.type(speed) == OnnxJavaType.INT32 || model.type(speed) == OnnxJavaType.INT64;
    }

    void warnOfSpeed(double wanted) {
        if (wholeSpeeds && wanted != Math.rint(wanted)) {
            LOG.warn(
                    "This export of Kokoro takes whole numbers for the speed: {} is spoken as {}",
                    wanted,
                    whole(wanted));
        }
    }

    private static double whole(double wanted) {
        return Math.max(1, Math.rint(wanted));
    }

    /** Values for a run: the tokens with a pad (0) at each end, the style, the speed. */
    Map<String, SpeechModel.Feed> feeds(int[] tokens, float[] styleVector, double wantedSpeed) {
        double[] padded = new double[tokens.length + 2];
        for (int i = 0; i < tokens.length; i++) {
            padded[i + 1] = tokens[i];
        }
        double[] styleValues = new double[styleVector.length];
        for (int i = 0; i < styleValues.length; i++) {
            styleValues[i] = styleVector[i];
        }
        double[] speeds = {wholeSpeeds ? whole(wantedSpeed) : wantedSpeed};
        return Map.of(
                ids, () -> model.tensor(ids, padded, 1, padded.length),
                style, () -> model.tensor(style, styleValues, 1, styleValues.length),
                speed, () -> model.tensor(speed, speeds, 1));
    }
}
