package dev.parlo.server.runpod;

import dev.parlo.server.http.LaxValues;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * What RunPod tells a worker by its environment, and how many jobs one may have.
 *
 * @param workerId the pod's, or one of our own
 * @param key sent as it is, without a scheme
 * @param take template of the address that gives jobs
 * @param output template of the address that takes results
 * @param stream template of the address that takes parts of results
 * @param ping template of the address that hears that the worker is there
 * @param concurrency jobs at once, at least 1
 * @param pinged whether the platform knows this worker, so that it is to be told
 */
public record WorkerSettings(
        String workerId,
        Optional<String> key,
        Optional<String> take,
        Optional<String> output,
        Optional<String> stream,
        Optional<String> ping,
        Duration pingInterval,
        int concurrency,
        boolean pinged) {
    private static final int USUAL_CONCURRENCY = 4;
    private static final int MOST_CONCURRENCY = 1000;
    private static final int USUAL_PING_MS = 10_000;
    private static final int MOST_PING_MS = 3_600_000;

    /**
     * Reads the environment.
     *
     * @throws IllegalArgumentException for a number that is none
     */
    public static WorkerSettings of(Map<String, String> environment) {
        Optional<String> pod = text(environment, "RUNPOD_POD_ID");
        Optional<String> key = text(environment, "RUNPOD_AI_API_KEY");
        Optional<String> ping = text(environment, "RUNPOD_WEBHOOK_PING");
        return new WorkerSettings(
                pod.orElseGet(() -> UUID.randomUUID().toString()),
                key,
                text(environment, "RUNPOD_WEBHOOK_GET_JOB"),
                text(environment, "RUNPOD_WEBHOOK_POST_OUTPUT"),
                text(environment, "RUNPOD_WEBHOOK_POST_STREAM"),
                ping,
                Duration.ofMillis(
                        number(environment, "RUNPOD_PING_INTERVAL", USUAL_PING_MS, MOST_PING_MS)),
                number(environment, "RUNPOD_CONCURRENCY", USUAL_CONCURRENCY, MOST_CONCURRENCY),
                pod.isPresent() && key.isPresent() && ping.isPresent());
    }

    private static Optional<String> text(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name))
                .map(String::strip)
                .filter(value -> !value.isEmpty());
    }

    private static int number(Map<String, String> environment, String name, int usual, int most) {
        String given = text(environment, name).orElse(String.valueOf(usual));
        Long number = LaxValues.digits(given);
        if (number != null && number >= 1 && number <= most) {
            return number.intValue();
        }
        throw new IllegalArgumentException(
                String.format(
                        Locale.ROOT,
                        "%s: got %s, accepted: a whole number from 1 to %d.",
                        name,
                        given,
                        most));
    }

    /** Whether jobs come from a queue; else the platform passes requests on as they are. */
    public boolean queued() {
        return take.isPresent();
    }

    /** Hides the key. */
    @Override
    public String toString() {
        return "WorkerSettings[" + workerId + ", concurrency=" + concurrency + "]";
    }
}
