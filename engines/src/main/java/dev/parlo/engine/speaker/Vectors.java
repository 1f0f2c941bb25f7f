package dev.parlo.engine.speaker;

/** Arithmetic of embeddings. */
final class Vectors {
    private Vectors() {}

    static double length(float[] vector) {
        double sum = 0;
        for (float value : vector) {
            sum += (double) value * value;
        }
        return Math.sqrt(sum);
    }

    /** The vector in its direction of length 1; zeros stay zeros. */
    static float[] unit(float[] vector) {
        double length = length(vector);
        float[] unit = new float[vector.length];
        for (int i = 0; i < vector.length && length > 0; i++) {
            unit[i] = (float) (vector[i] / length);
        }
        return unit;
    }

    static boolean finite(float[] vector) {
        for (float value : vector) {
            if (!Float.isFinite(value)) {
                return false;
            }
        }
        return true;
    }

    static double dot(float[] a, float[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (double) a[i] * b[i];
        }
        return sum;
    }

    /** The cosine of the angle between them, -1 to 1; 0 where one of them is zero. */
    static double cosine(float[] a, float[] b) {
        double lengths = length(a) * length(b);
        return lengths > 0 ? dot(a, b) / lengths : 0;
    }

    static float[] floats(double[] vector, double scale) {
        float[] floats = new float[vector.length];
        for (int i = 0; i < vector.length; i++) {
            floats[i] = (float) (vector[i] * scale);
        }
        return floats;
    }
}
