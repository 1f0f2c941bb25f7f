package dev.parlo.engine.vad;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The plain version of {@link SpeechTimestamps}: over all probabilities at once, on lists. */
final class PlainTimestamps {
    private static final int WINDOW = 512;

    private PlainTimestamps() {}

    /** Over the windows of some audio as faster-whisper cuts them. */
    static List<SpeechSpan> of(
            VoiceActivityDetector detector, float[] samples, VadOptions options) {
        int windows = samples.length / WINDOW + 1;
        float[] padded = Arrays.copyOf(samples, windows * WINDOW);
        Arrays.fill(padded, padded.length - 64, padded.length, 0);
        try (VoiceActivityDetector.Pass pass = detector.open()) {
            return of(pass.probabilities(padded, windows), samples.length, options);
        }
    }

    static List<SpeechSpan> of(float[] probabilities, long length, VadOptions options) {
        double minSpeech = 16.0 * options.minSpeechDurationMs();
        double pad = 16.0 * options.speechPadMs();
        double maxSpeech = 16_000 * options.maxSpeechDurationS() - WINDOW - 2 * pad;
        double minSilence = 16.0 * options.minSilenceDurationMs();
        List<double[]> speeches = new ArrayList<>();
        double start = Double.NaN; // none
        boolean triggered = false;
        double tempEnd = 0;
        double prevEnd = 0;
        double nextStart = 0;
        for (int i = 0; i < probabilities.length; i++) {
            double at = (double) WINDOW * i;
            boolean speech = probabilities[i] >= options.threshold();
            if (speech && tempEnd != 0) {
                tempEnd = 0;
                nextStart = nextStart < prevEnd ? at : nextStart;
            }
            if (speech && !triggered) {
                triggered = true;
                start = at;
                continue;
            }
            if (triggered && at - start > maxSpeech) {
                if (prevEnd != 0) {
                    speeches.add(new double[] {start, prevEnd});
                    start = Double.NaN;
                    if (nextStart < prevEnd) {
                        triggered = false;
                    } else {
                        start = nextStart;
                    }
                    prevEnd = nextStart = tempEnd = 0;
                } else {
                    speeches.add(new double[] {start, at});
                    start = Double.NaN;
                    prevEnd = nextStart = tempEnd = 0;
                    triggered = false;
                    continue;
                }
            }
            if (probabilities[i] < options.endThreshold() && triggered) {
                tempEnd = tempEnd == 0 ? at : tempEnd;
                if (at - tempEnd > 16 * 98) {
                    prevEnd = tempEnd;
                }
                if (at - tempEnd < minSilence) {
                    continue;
                }
                if (tempEnd - start > minSpeech) {
                    speeches.add(new double[] {start, tempEnd});
                }
                start = Double.NaN;
                prevEnd = nextStart = tempEnd = 0;
                triggered = false;
            }
        }
        if (length - start > minSpeech) {
            speeches.add(new double[] {start, length});
        }
        for (int i = 0; i < speeches.size(); i++) {
            double[] speech = speeches.get(i);
            if (i == 0) {
                speech[0] = Math.max(0, speech[0] - pad);
            }
            if (i == speeches.size() - 1) {
                speech[1] = Math.min(length, speech[1] + pad);
            } else {
                double[] next = speeches.get(i + 1);
                double silence = next[0] - speech[1];
                double share = silence < 2 * pad ? Math.floor(silence / 2) : pad;
                speech[1] = Math.min(length, speech[1] + share);
                next[0] = Math.max(0, next[0] - share);
            }
        }
        return speeches.stream()
                .map(speech -> new SpeechSpan((long) speech[0], (long) speech[1]))
                .toList();
    }
}
