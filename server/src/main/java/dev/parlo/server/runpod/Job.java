package dev.parlo.server.runpod;

import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * A job as the queue gives it.
 *
 * @param input what the client sent as {@code input}; a missing node where it sent none, so that
 *     the job fails with that sentence and is not waited for
 */
record Job(String id, JsonNode input) {
    /** An id is put into addresses and a header. */
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._:-]{0,255}");

    /** The job in what the queue sent; empty where it is none. */
    static Optional<Job> of(JsonNode sent) {
        JsonNode id = sent.path("id");
        return id.isString() && ID.matcher(id.asString()).matches()
                ? Optional.of(new Job(id.asString(), sent.path("input")))
                : Optional.empty();
    }

    /** Whether the client waits for the result in its request, which then may be larger. */
    boolean synchronous() {
        return id.startsWith("sync-");
    }
}
