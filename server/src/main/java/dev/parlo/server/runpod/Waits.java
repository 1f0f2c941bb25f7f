package dev.parlo.server.runpod;

import java.time.Duration;

/**
 * How long a worker leaves the platform alone.
 *
 * @param tooMany after it was told to ask less often
 * @param failure after a question that was not answered
 * @param nothing after an answer that there is nothing, which may come at once
 * @param retry before a result is sent once more; later tries wait longer
 */
public record Waits(Duration tooMany, Duration failure, Duration nothing, Duration retry) {
    static final Waits USUAL =
            new Waits(
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(1));
}
