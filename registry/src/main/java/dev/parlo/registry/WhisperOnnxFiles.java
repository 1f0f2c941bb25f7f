package dev.parlo.registry;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Whisper as Optimum and Transformers.js export it to ONNX, in one or more precisions: {@code
 * owner/name:fp16} names one by what follows {@code encoder_model_}. Of the two decoders that an
 * export may have, the merged one is taken, which holds all weights; so does {@code
 * decoder_model.onnx} alone.
 */
final class WhisperOnnxFiles implements FamilyFiles {
    /** Those whose weights are read, in the order in which the engine takes them. */
    private static final List<String> VARIANTS = List.of("", "fp16", "quantized", "int8", "uint8");

    private static final List<String> FOLDERS = List.of("", "onnx/");
    private static final Pattern PART =
            Pattern.compile("(?:onnx/)?(?:en|de)coder_model(?:_merged)?[^/]*\\.onnx");

    @Override
    public boolean recognises(RepositoryContents contents) {
        return contents.has("config.json")
                && !variants(contents).isEmpty()
                && WhisperTransformersFiles.hasTokens(contents)
                && WhisperTransformersFiles.isWhisper(contents);
    }

    @Override
    public List<String> variants(RepositoryContents contents) {
        return VARIANTS.stream().filter(variant -> !parts(contents, variant).isEmpty()).toList();
    }

    /** The encoder and the decoder of a variant; empty where one of them is not there. */
    private static List<String> parts(RepositoryContents contents, String variant) {
        String kind = (variant.isEmpty() ? "" : "_" + variant) + ".onnx";
        for (String folder : FOLDERS) {
            Optional<String> decoder =
                    Stream.of("decoder_model_merged", "decoder_model")
                            .map(stem -> folder + stem + kind)
                            .filter(contents::has)
                            .findFirst();
            String encoder = folder + "encoder_model" + kind;
            if (contents.has(encoder) && decoder.isPresent()) {
                return List.of(encoder, decoder.get());
            }
        }
        return List.of();
    }

    @Override
    public boolean mayMeanAnother(RepositoryContents contents) {
        return parts(contents, "").isEmpty();
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> wanted = WhisperTransformersFiles.settings(contents);
        for (String graph : parts(contents, variant)) {
            wanted.addAll(FamilyFiles.withWeights(contents, graph));
            wanted.addAll(contents.matching(Pattern.compile(Pattern.quote(graph) + "_data_\\d+")));
        }
        return wanted;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        List<String> begun = contents.matching(PART);
        if (begun.isEmpty() || !WhisperTransformersFiles.isWhisper(contents)) {
            return List.of();
        }
        List<String> lacking = new ArrayList<>(FamilyFiles.absent(contents, "config.json"));
        for (String stem : List.of("encoder_model", "decoder_model")) {
            if (begun.stream().noneMatch(file -> file.contains(stem))) {
                lacking.add(stem + ".onnx");
            }
        }
        if (!WhisperTransformersFiles.hasTokens(contents)) {
            lacking.add("tokenizer.json (or vocab.json with merges.txt)");
        }
        return lacking;
    }

    @Override
    public boolean mayHoldMore(RepositoryContents contents) {
        return !contents.has("generation_config.json");
    }
}
