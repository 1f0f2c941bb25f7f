package dev.parlo.server.cli;

import java.util.Map;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/** Where the model commands act: a running server, or the cache on this machine. */
interface ModelSource extends AutoCloseable {
    /**
     * How far a download is.
     *
     * @param totalBytes 0 until it is known
     */
    record Progress(String file, long bytes, long totalBytes) {}

    /** The Hub's models, as {@code GET /v1/registry} answers. */
    JsonNode registry(Map<String, String> query);

    /** What to use for a task, as {@code GET /v1/registry/suggestions} answers. */
    JsonNode suggestions(Map<String, String> query);

    /** One repository of the Hub, as {@code GET /v1/registry/ID} answers. */
    JsonNode offer(String name);

    /** The installed models, as {@code GET /v1/models} answers. */
    JsonNode installed(Map<String, String> query);

    /** One installed model. */
    JsonNode show(String name);

    /** Downloads; returns what to say. */
    String download(String name, Consumer<Progress> progress);

    /** Deletes; returns what to say. */
    String delete(String name);

    @Override
    void close();
}
