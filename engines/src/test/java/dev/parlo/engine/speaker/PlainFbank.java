package dev.parlo.engine.speaker;

/** Kaldi's mel energies by their formulas, one by one, with nothing made faster. */
final class PlainFbank {
    private PlainFbank() {}

    static double[][] features(float[] x) {
        int frames = x.length < 400 ? 0 : 1 + (x.length - 400) / 160;
        double[][] features = new double[frames][];
        for (int t = 0; t < frames; t++) {
            double[] frame = new double[400];
            double mean = 0;
            for (int i = 0; i < 400; i++) {
                frame[i] = 32768.0 * x[160 * t + i];
                mean += frame[i] / 400;
            }
            for (int i = 0; i < 400; i++) {
                frame[i] -= mean;
            }
            double[] windowed = new double[400];
            for (int i = 0; i < 400; i++) {
                double emphasised = frame[i] - 0.97 * frame[Math.max(0, i - 1)];
                windowed[i] = emphasised * (0.54 - 0.46 * Math.cos(2 * Math.PI * i / 399));
            }
            features[t] = energies(windowed);
        }
        return features;
    }

    private static double[] energies(double[] windowed) {
        double[] power = new double[257];
        for (int k = 0; k < 257; k++) {
            double re = 0;
            double im = 0;
            for (int i = 0; i < 400; i++) {
                re += windowed[i] * Math.cos(2 * Math.PI * k * i / 512);
                im -= windowed[i] * Math.sin(2 * Math.PI * k * i / 512);
            }
            power[k] = re * re + im * im;
        }
        double[] energies = new double[80];
        for (int j = 0; j < 80; j++) {
            double sum = 0;
            for (int k = 0; k < 256; k++) {
                sum += weight(j, k) * power[k];
            }
            energies[j] = Math.log(Math.max(sum, 1.1920929e-7));
        }
        return energies;
    }

    /** Of an FFT bin in a filter. */
    static double weight(int filter, int bin) {
        double delta = (mel(8000) - mel(20)) / 81;
        double left = mel(20) + filter * delta;
        double at = (mel(bin * 31.25) - left) / delta;
        return Math.max(0, Math.min(at, 2 - at));
    }

    private static double mel(double hertz) {
        return 1127 * Math.log(1 + hertz / 700);
    }
}
