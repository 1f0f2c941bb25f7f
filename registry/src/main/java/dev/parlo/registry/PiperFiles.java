package dev.parlo.registry;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A Piper voice: {@code model.onnx} with {@code config.json}, or {@code NAME.onnx} with {@code
 * NAME.onnx.json}.
 */
final class PiperFiles implements FamilyFiles {
    private static final Pattern CONFIG = Pattern.compile("[^/]+\\.onnx\\.json");

    @Override
    public boolean recognises(RepositoryContents contents) {
        List<String> voices = contents.matching(CONFIG);
        return (voices.size() == 1 && contents.has(graphOf(voices.getFirst())))
                || (contents.has("model.onnx") && isPiper(contents));
    }

    private static boolean isPiper(RepositoryContents contents) {
        RepositoryConfig config = contents.config();
        return config.readable()
                ? config.hasAny("phoneme_id_map")
                : contents.has("config.json") && contents.mentions("piper");
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> voices = contents.matching(CONFIG);
        if (voices.size() == 1) {
            return FamilyFiles.present(contents, voices.getFirst(), graphOf(voices.getFirst()));
        }
        List<String> files = FamilyFiles.present(contents, "config.json");
        files.addAll(FamilyFiles.withWeights(contents, "model.onnx"));
        return files;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        List<String> voices = contents.matching(CONFIG);
        if (voices.size() == 1) {
            return FamilyFiles.absent(contents, graphOf(voices.getFirst()));
        }
        return !contents.has("model.onnx") && contents.config().hasAny("phoneme_id_map")
                ? List.of("model.onnx")
                : List.of();
    }

    private static String graphOf(String config) {
        return config.substring(0, config.length() - ".json".length());
    }
}
