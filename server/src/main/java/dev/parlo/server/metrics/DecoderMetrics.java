package dev.parlo.server.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;

/** The steps of one model's decoder. Thread-safe. */
record DecoderMetrics(Timer steps, DistributionSummary rows, Counter tokens) {
    static DecoderMetrics of(MeterRegistry registry, String model) {
        return new DecoderMetrics(
                Timer.builder("parlo.model.decoder.step.duration")
                        .description("Steps of Whisper's decoder")
                        .tag("model", model)
                        .serviceLevelObjectives(Buckets.steps())
                        .register(registry),
                DistributionSummary.builder("parlo.model.decoder.batch.rows")
                        .description("Hypotheses in one step of Whisper's decoder")
                        .tag("model", model)
                        .serviceLevelObjectives(Buckets.rows())
                        .register(registry),
                Counter.builder("parlo.model.decoder.tokens")
                        .description("Tokens that Whisper's decoder computed, of all hypotheses")
                        .tag("model", model)
                        .register(registry));
    }

    void step(int count, Duration took) {
        steps.record(took);
        rows.record(count);
        tokens.increment(count);
    }
}
