package dev.parlo.server.elevenlabs;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.List;

/** Times of characters in the two spellings of ElevenLabs. */
final class Alignment {
    private Alignment() {}

    /** As answers to requests carry it. */
    record Seconds(
            List<String> characters,
            List<Double> characterStartTimesSeconds,
            List<Double> characterEndTimesSeconds) {
        static Seconds of(List<CharacterTimes.Timed> timed) {
            return new Seconds(
                    timed.stream().map(CharacterTimes.Timed::text).toList(),
                    timed.stream().map(one -> rounded(one.start())).toList(),
                    timed.stream().map(one -> rounded(one.end())).toList());
        }

        private static double rounded(double seconds) {
            return Math.round(seconds * 1000) / 1000.0;
        }
    }

    /** As messages carry it, timed from the start of their own audio. */
    record Milliseconds(
            List<String> chars,
            @JsonProperty("charStartTimesMs") List<Long> starts,
            @JsonProperty("charDurationsMs") List<Long> durations) {
        static final Milliseconds NONE = new Milliseconds(List.of(), List.of(), List.of());

        static Milliseconds of(List<CharacterTimes.Timed> timed, double origin) {
            return new Milliseconds(
                    timed.stream().map(CharacterTimes.Timed::text).toList(),
                    timed.stream().map(one -> since(origin, one.start())).toList(),
                    timed.stream()
                            .map(one -> since(origin, one.end()) - since(origin, one.start()))
                            .toList());
        }

        private static long since(double origin, double time) {
            return Math.max(0, Math.round((time - origin) * 1000));
        }
    }
}
