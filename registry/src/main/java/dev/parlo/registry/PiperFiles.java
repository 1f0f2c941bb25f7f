package dev.parlo.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A Piper voice: {@code model.onnx} with {@code config.json}, or {@code NAME.onnx} with {@code
 * NAME.onnx.json}. Of the latter a repository may hold many, side by side or in folders, and {@code
 * owner/name:NAME} is one.
 */
final class PiperFiles implements FamilyFiles {
    private static final Pattern CONFIG = Pattern.compile("[^/]+\\.onnx\\.json");

    /** {@code de/de_DE/thorsten/high/de_DE-thorsten-high.onnx.json}, as rhasspy/piper-voices. */
    private static final Pattern IN_FOLDERS =
            Pattern.compile("(?:[^/]+/){1,8}[\\w-]+-[\\w-]+\\.onnx\\.json");

    /** The graph that has no name of its own. */
    private static final String UNNAMED = "model.onnx";

    @Override
    public boolean recognises(RepositoryContents contents) {
        return !configs(contents).isEmpty() || (contents.has(UNNAMED) && isPiper(contents));
    }

    private static boolean isPiper(RepositoryContents contents) {
        RepositoryConfig config = contents.config();
        return config.readable()
                ? config.hasAny("phoneme_id_map")
                : contents.has("config.json") && contents.mentions("piper");
    }

    /** The voices' JSON by their names; of two of one name, that which lies less deep. */
    private static Map<String, String> configs(RepositoryContents contents) {
        List<String> pairs = new ArrayList<>(contents.matching(CONFIG));
        pairs.addAll(contents.matching(IN_FOLDERS));
        pairs.removeIf(config -> !contents.has(graphOf(config)));
        Map<String, String> configs = new LinkedHashMap<>();
        for (String config : pairs) {
            String name = voiceOf(config);
            if (name.isEmpty() || ModelId.isPart(name)) {
                configs.putIfAbsent(name, config);
            } else if (pairs.size() == 1) {
                // a file's name may be none that an id can hold; the only voice needs none
                configs.put("", config);
            }
        }
        return configs;
    }

    private static String voiceOf(String config) {
        String graph = graphOf(config);
        return graph.equals(UNNAMED)
                ? ""
                : graph.substring(graph.lastIndexOf('/') + 1, graph.length() - ".onnx".length());
    }

    @Override
    public List<String> variants(RepositoryContents contents) {
        return List.copyOf(configs(contents).keySet());
    }

    @Override
    public String namedVariants() {
        return "voices";
    }

    @Override
    public List<String> wanted(RepositoryContents contents, String variant) {
        // of all voices of a large repository: without making the table each time
        @Nullable String config =
                Stream.concat(
                                contents.matching(CONFIG).stream(),
                                contents.matching(IN_FOLDERS).stream())
                        .filter(pair -> voiceOf(pair).equals(variant))
                        .filter(pair -> contents.has(graphOf(pair)))
                        .findFirst()
                        .orElseGet(() -> configs(contents).get(variant));
        if (config == null) {
            List<String> files = FamilyFiles.present(contents, "config.json");
            files.addAll(FamilyFiles.withWeights(contents, UNNAMED));
            return files;
        }
        List<String> files = new ArrayList<>(List.of(config));
        files.addAll(FamilyFiles.withWeights(contents, graphOf(config)));
        String asked = contents.id().variant();
        if (!asked.isEmpty() && !asked.equals(variant)) {
            files.add(VoiceIndex.FILE); // so that the name by which it was asked for is understood
        }
        return files;
    }

    @Override
    public List<String> lacking(RepositoryContents contents) {
        List<String> voices = contents.matching(CONFIG);
        if (voices.size() == 1) {
            return FamilyFiles.absent(contents, graphOf(voices.getFirst()));
        }
        return !contents.has(UNNAMED) && contents.config().hasAny("phoneme_id_map")
                ? List.of(UNNAMED)
                : List.of();
    }

    private static String graphOf(String config) {
        return config.substring(0, config.length() - ".json".length());
    }
}
