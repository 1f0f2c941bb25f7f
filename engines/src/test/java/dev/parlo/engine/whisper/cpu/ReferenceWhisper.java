package dev.parlo.engine.whisper.cpu;

import dev.parlo.engine.whisper.checkpoint.Checkpoint;
import dev.parlo.engine.whisper.checkpoint.WhisperShape;

/**
 * The Whisper network in plain loops, straight from the paper: slow, exact to float rounding, and
 * with nothing in common with the graphs that are tested against it.
 */
final class ReferenceWhisper {
    private static final int HEAD = 64;

    private final Checkpoint c;
    private final WhisperShape s;

    ReferenceWhisper(Checkpoint checkpoint) {
        this.c = checkpoint;
        this.s = checkpoint.shape();
    }

    /** mel [bands][2n] to [n][d]. */
    double[][] encode(double[][] mel) {
        double[][] x = conv(mel, "encoder/conv1", 1);
        x = conv(x, "encoder/conv2", 2);
        double[][] h = new double[x[0].length][s.width()];
        float[] positions = c.variable("encoder/position_encodings/encodings").toFloats();
        for (int t = 0; t < h.length; t++) {
            for (int i = 0; i < s.width(); i++) {
                h[t][i] = x[i][t] + positions[t * s.width() + i];
            }
        }
        int d = s.width();
        for (int l = 0; l < s.encoderLayers(); l++) {
            String layer = "encoder/layer_" + l;
            double[][] qkv =
                    linear(
                            norm(h, layer + "/self_attention/layer_norm"),
                            layer + "/self_attention/linear_0");
            add(
                    h,
                    linear(
                            attend(qkv, 0, qkv, d, 2 * d, false),
                            layer + "/self_attention/linear_1"));
            add(h, feedForward(norm(h, layer + "/ffn/layer_norm"), layer + "/ffn"));
        }
        return norm(h, "encoder/layer_norm");
    }

    /** Logits after each token, without any cache. */
    double[][] decode(double[][] audio, int[] tokens) {
        int d = s.width();
        float[] embeddings = c.variable("decoder/embeddings/weight").toFloats();
        float[] positions = c.variable("decoder/position_encodings/encodings").toFloats();
        double[][] h = new double[tokens.length][d];
        for (int t = 0; t < tokens.length; t++) {
            for (int i = 0; i < d; i++) {
                h[t][i] = embeddings[tokens[t] * d + i] + positions[t * d + i];
            }
        }
        for (int l = 0; l < s.decoderLayers(); l++) {
            String layer = "decoder/layer_" + l;
            double[][] qkv =
                    linear(
                            norm(h, layer + "/self_attention/layer_norm"),
                            layer + "/self_attention/linear_0");
            add(h, linear(attend(qkv, 0, qkv, d, 2 * d, true), layer + "/self_attention/linear_1"));
            double[][] q =
                    linear(norm(h, layer + "/attention/layer_norm"), layer + "/attention/linear_0");
            double[][] kv = linear(audio, layer + "/attention/linear_1");
            add(h, linear(attend(q, 0, kv, 0, d, false), layer + "/attention/linear_2"));
            add(h, feedForward(norm(h, layer + "/ffn/layer_norm"), layer + "/ffn"));
        }
        double[][] n = norm(h, "decoder/layer_norm");
        double[][] logits = new double[tokens.length][s.vocabularySize()];
        for (int t = 0; t < tokens.length; t++) {
            for (int v = 0; v < s.vocabularySize(); v++) {
                for (int i = 0; i < d; i++) {
                    logits[t][v] += n[t][i] * embeddings[v * d + i];
                }
            }
        }
        return logits;
    }

    private double[][] conv(double[][] x, String name, int stride) {
        float[] w = c.variable(name + "/weight").toFloats();
        float[] b = c.variable(name + "/bias").toFloats();
        int frames = (x[0].length - 1) / stride + 1;
        double[][] y = new double[s.width()][frames];
        for (int o = 0; o < y.length; o++) {
            for (int t = 0; t < frames; t++) {
                double sum = b[o];
                for (int i = 0; i < x.length; i++) {
                    for (int k = 0; k < 3; k++) {
                        int at = t * stride + k - 1;
                        if (at >= 0 && at < x[i].length) {
                            sum += x[i][at] * w[(o * x.length + i) * 3 + k];
                        }
                    }
                }
                y[o][t] = gelu(sum);
            }
        }
        return y;
    }

    private double[][] attend(
            double[][] q, int qAt, double[][] kv, int kAt, int vAt, boolean causal) {
        double[][] out = new double[q.length][s.width()];
        for (int head = 0; head < s.heads(); head++) {
            int from = head * HEAD;
            for (int t = 0; t < q.length; t++) {
                double[] p = new double[causal ? t + 1 : kv.length];
                double max = Double.NEGATIVE_INFINITY;
                for (int k = 0; k < p.length; k++) {
                    for (int i = from; i < from + HEAD; i++) {
                        p[k] += q[t][qAt + i] * kv[k][kAt + i];
                    }
                    p[k] /= 8;
                    max = Math.max(max, p[k]);
                }
                double sum = 0;
                for (int k = 0; k < p.length; k++) {
                    p[k] = Math.exp(p[k] - max);
                    sum += p[k];
                }
                for (int k = 0; k < p.length; k++) {
                    for (int i = from; i < from + HEAD; i++) {
                        out[t][i] += p[k] / sum * kv[k][vAt + i];
                    }
                }
            }
        }
        return out;
    }

    private double[][] feedForward(double[][] x, String block) {
        double[][] inner = linear(x, block + "/linear_0");
        for (double[] row : inner) {
            for (int i = 0; i < row.length; i++) {
                row[i] = gelu(row[i]);
            }
        }
        return linear(inner, block + "/linear_1");
    }

    private double[][] linear(double[][] x, String name) {
        float[] w = c.variable(name + "/weight").toFloats();
        float[] b = c.variable(name + "/bias").toFloats();
        double[][] y = new double[x.length][b.length];
        int in = x[0].length;
        for (int t = 0; t < x.length; t++) {
            for (int o = 0; o < b.length; o++) {
                double sum = b[o];
                for (int i = 0; i < in; i++) {
                    sum += x[t][i] * w[o * in + i];
                }
                y[t][o] = sum;
            }
        }
        return y;
    }

    private double[][] norm(double[][] x, String name) {
        float[] gamma = c.variable(name + "/gamma").toFloats();
        float[] beta = c.variable(name + "/beta").toFloats();
        double[][] y = new double[x.length][gamma.length];
        for (int t = 0; t < x.length; t++) {
            double mean = 0;
            for (double v : x[t]) {
                mean += v / gamma.length;
            }
            double variance = 0;
            for (double v : x[t]) {
                variance += (v - mean) * (v - mean) / gamma.length;
            }
            for (int i = 0; i < gamma.length; i++) {
                y[t][i] = (x[t][i] - mean) / Math.sqrt(variance + 1e-5) * gamma[i] + beta[i];
            }
        }
        return y;
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += y[t][i];
            }
        }
    }

    private static double gelu(double x) {
        return 0.5 * x * (1 + erf(x / Math.sqrt(2)));
    }

    /** The Maclaurin series for small arguments, 1 beyond: exact to 1e-12. */
    private static double erf(double x) {
        if (Math.abs(x) > 5.5) {
            return Math.signum(x);
        }
        double term = x;
        double sum = x;
        for (int n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 400; n++) {
            term *= -x * x / n;
            sum += term / (2 * n + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
    }
}
