package dev.parlo.registry;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Piper voice: {@code model.onnx} with {@code config.json}, or {@code NAME.onnx} with {@code
 * NAME.onnx.json}; or many of these in folders, of which {@code owner/name:NAME} is one.
 */
final class PiperFiles implements FamilyFiles {
    private static final Pattern CONFIG = Pattern.compile("[^/]+\\.onnx\\.json");

    /** {@code de/de_DE/thorsten/high/de_DE-thorsten-high.onnx.json}, as rhasspy/piper-voices. */
    private static final Pattern IN_FOLDERS =
            Pattern.compile("(?:[^/]+/){1,8}([\\w-]+-[\\w-]+)\\.onnx\\.json");

    @Override
    public boolean recognises(RepositoryContents contents) {
        if (!inFolders(contents).isEmpty()) {
            return true;
        }
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

    /** Of a repository that has a folder for each voice. */
    private static List<String> inFolders(RepositoryContents contents) {
        return contents.matching(IN_FOLDERS).stream()
                .filter(config -> contents.has(graphOf(config)))
                .toList();
    }

    private static String voiceOf(String config) {
        return config.substring(config.lastIndexOf('/') + 1).replaceFirst("\\.onnx\\.json$", "");
    }

    @Override
    public List<String> variants(RepositoryContents contents) {
        return inFolders(contents).stream().map(PiperFiles::voiceOf).toList();
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        List<String> all = variants(contents);
        if (!all.isEmpty()) {
            if (variant.isEmpty() && all.size() > 1) {
                throw new RegistryException(
                        RegistryException.Category.NOT_FOUND,
                        "Model '"
                                + contents.id()
                                + "' holds several voices; name one of them behind a colon: "
                                + FamilyFiles.ids(contents, all));
            }
            String chosen = FamilyFiles.chosen(contents, all, variant);
            return inFolders(contents).stream()
                    .filter(config -> voiceOf(config).equals(chosen))
                    .limit(1)
                    .flatMap(config -> Stream.of(config, graphOf(config)))
                    .toList();
        }
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
