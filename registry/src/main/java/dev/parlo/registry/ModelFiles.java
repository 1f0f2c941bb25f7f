package dev.parlo.registry;

import java.util.Collections;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The files of a model with their sizes, here or on the Hub: what is known of its size before it is
 * loaded.
 *
 * @param sizes bytes by path
 * @param bitsPerWeight how many bits a number takes in the files of weights; empty where neither
 *     their head nor their name tells
 */
public record ModelFiles(
        ModelFamily family, SortedMap<String, Long> sizes, OptionalDouble bitsPerWeight) {
    private static final Pattern WEIGHTS =
            Pattern.compile("(?!voices/).*\\.(?:bin|safetensors|onnx|data|onnx_data)");

    public ModelFiles {
        sizes = Collections.unmodifiableSortedMap(new TreeMap<>(sizes));
    }

    /**
     * @param id whose variant names the width in some families
     * @param head reads the head of a file; asked only where the name does not tell
     */
    public static ModelFiles of(
            ModelId id, ModelFamily family, SortedMap<String, Long> sizes, FileStart head) {
        List<String> weights = sizes.keySet().stream().filter(ModelFiles::isWeights).toList();
        return new ModelFiles(family, sizes, WeightWidth.of(id, family, weights, head));
    }

    /** Whether a file holds numbers. */
    static boolean isWeights(String file) {
        return WEIGHTS.matcher(file).matches();
    }

    /** Of all files. */
    public long bytes() {
        return sum(false);
    }

    /** Of the files that hold numbers. */
    public long weightBytes() {
        return sum(true);
    }

    /** How many weights there are, rounded; empty where their width is not known. */
    public OptionalLong weights() {
        return bitsPerWeight.isEmpty()
                ? OptionalLong.empty()
                : OptionalLong.of((long) (weightBytes() / bitsPerWeight.getAsDouble() * 8));
    }

    /** Sizes come from outside: what is too much for a number stays the largest number. */
    private long sum(boolean weightsOnly) {
        long sum = 0;
        for (var file : sizes.entrySet()) {
            if (!weightsOnly || isWeights(file.getKey())) {
                long size = Math.max(0, file.getValue());
                sum = sum > Long.MAX_VALUE - size ? Long.MAX_VALUE : sum + size;
            }
        }
        return sum;
    }
}
