package dev.parlo.server.runpod;

import tools.jackson.databind.JsonNode;

/** What became of a job. */
sealed interface JobResult {
    /** Whether the worker is to end now. */
    boolean refreshWorker();

    /**
     * @param output what its client reads
     */
    record Done(JsonNode output, boolean refreshWorker) implements JobResult {}

    /**
     * @param error with {@code message}, and where the API refused {@code details} and {@code
     *     status_code}
     */
    record Failed(JsonNode error, boolean refreshWorker) implements JobResult {}
}
