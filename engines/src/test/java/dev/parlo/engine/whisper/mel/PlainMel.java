package dev.parlo.engine.whisper.mel;

/** The log-mel spectrogram of an array, written down as plainly as its definition. */
final class PlainMel {
    private PlainMel() {}

    static double[][] compute(float[] audio, int bands) {
        int n = audio.length + 160;
        int frames = audio.length / 160 + 1;
        MelFilterBank bank = new MelFilterBank(bands);
        double[][] result = new double[bands][frames];
        double loudest = Double.NEGATIVE_INFINITY;
        for (int frame = 0; frame < frames; frame++) {
            double[] power = new double[201];
            double[] x = new double[400];
            for (int i = 0; i < 400; i++) {
                int index = reflect(frame * 160 + i - 200, n);
                double sample = index < audio.length ? audio[index] : 0;
                x[i] = sample * (0.5 - 0.5 * Math.cos(2 * Math.PI * i / 400));
            }
            for (int k = 0; k <= 200; k++) {
                double re = 0;
                double im = 0;
                for (int i = 0; i < 400; i++) {
                    int turn = k * i % 400;
                    re += x[i] * COS[turn];
                    im -= x[i] * SIN[turn];
                }
                power[k] = re * re + im * im;
            }
            for (int band = 0; band < bands; band++) {
                double sum = 0;
                for (int k = 0; k <= 200; k++) {
                    sum += bank.weight(band, k) * power[k];
                }
                result[band][frame] = Math.log10(Math.max(sum, 1e-10));
                loudest = Math.max(loudest, result[band][frame]);
            }
        }
        for (double[] row : result) {
            for (int i = 0; i < frames; i++) {
                row[i] = (Math.max(row[i], loudest - 8) + 4) / 4;
            }
        }
        return result;
    }

    private static int reflect(int index, int n) {
        int i = index;
        while (i < 0 || i >= n) {
            i = i < 0 ? -i : 2 * (n - 1) - i;
        }
        return i;
    }

    private static final double[] COS = new double[400];
    private static final double[] SIN = new double[400];

    static {
        for (int i = 0; i < 400; i++) {
            COS[i] = Math.cos(2 * Math.PI * i / 400);
            SIN[i] = Math.sin(2 * Math.PI * i / 400);
        }
    }
}
