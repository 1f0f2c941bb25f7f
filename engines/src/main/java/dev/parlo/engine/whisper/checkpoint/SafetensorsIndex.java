package dev.parlo.engine.whisper.checkpoint;

import dev.parlo.engine.ModelFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * The index of weights that are split into several files.
 *
 * @param tensors the names of all weights
 * @param files the files beside the index that hold them, each once
 */
record SafetensorsIndex(List<String> tensors, List<String> files) {
    private static final int MAX_BYTES = 16 << 20;
    private static final int MAX_FILES = 1000;

    /** A name without a folder: nothing outside of the model's own is opened. */
    private static final Pattern FILE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");

    SafetensorsIndex {
        tensors = List.copyOf(tensors);
        files = List.copyOf(files);
    }

    /**
     * Reads an index.
     *
     * @throws dev.parlo.engine.EngineException of category BAD_MODEL
     */
    static SafetensorsIndex read(Path path) {
        ModelFile file = new ModelFile(path, MAX_BYTES);
        JsonNode map = file.json().path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw file.bad("has no weight_map", null);
        }
        List<String> tensors = new ArrayList<>();
        TreeSet<String> files = new TreeSet<>();
        for (Map.Entry<String, JsonNode> entry : map.properties()) {
            String name = entry.getValue().asString("");
            if (!FILE.matcher(name).matches() || !name.endsWith(".safetensors")) {
                throw file.outside(
                        entry.getValue(), "weight_map", "names of .safetensors files beside it");
            }
            tensors.add(entry.getKey());
            files.add(name);
        }
        if (files.size() > MAX_FILES) {
            throw file.bad("names more than " + MAX_FILES + " files", null);
        }
        return new SafetensorsIndex(tensors, List.copyOf(files));
    }
}
