package dev.parlo.server.speech;

import static org.assertj.core.api.Assertions.assertThat;

import dev.parlo.server.ProjectFiles;
import dev.parlo.server.http.Json;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * Speech and back at length, with the figures of docs/accuracy.md; {@code make round-trip}. The
 * yardstick are recordings of espeak-ng that were made outside of this server, among the reference
 * answers beside the repository; without those only the absolute figures are printed.
 */
final class RoundTripRun {
    /** Those of the recordings. */
    private static final List<String> VOICES =
            List.of(
                    "en-us",
                    "en-us+m1",
                    "en-us+m2",
                    "en-us+m4",
                    "en-us+f1",
                    "en-us+f2",
                    "en-us+f3",
                    "en-us+f4",
                    "en-gb+m3",
                    "en-gb",
                    "en-gb-x-rp+m1",
                    "en-gb-x-rp+m6",
                    "en-gb-x-rp+f1",
                    "en-gb-scotland+m7");

    private static final double ALLOWED_POINTS = 5;

    @TempDir Path folder;
    private final PrintStream out = System.out;

    private record Recording(Path file, String text, String voice) {}

    @Test
    void whatIsSaidIsHeard() throws Exception {
        List<String> sentences = SpeakingServer.sentences();
        List<Recording> recordings = recordings();
        try (SpeakingServer server = new SpeakingServer(folder)) {
            double own = wer(server, sentences, VOICES, "wav", "100 sentences, wav");
            if (recordings.isEmpty()) {
                out.println("no reference recordings beside the repository: no comparison");
            } else {
                double yardstick = recorded(server, recordings);
                double again = saidAgain(server, recordings);
                assertThat(own).isLessThanOrEqualTo(yardstick + ALLOWED_POINTS);
                assertThat(again).isLessThanOrEqualTo(yardstick + ALLOWED_POINTS);
            }
            List<String> five = sentences.subList(0, 5);
            double wav = wer(server, five, VOICES, "wav", "5 sentences, wav");
            List<String> others =
                    Stream.concat(
                                    SpeakingServer.CONTAINERS.stream().skip(1),
                                    SpeakingServer.BARE.stream())
                            .toList();
            for (String format : others) {
                double found = wer(server, five, VOICES, format, "5 sentences, " + format);
                assertThat(found).as(format).isLessThanOrEqualTo(wav + ALLOWED_POINTS);
            }
        }
    }

    private double wer(
            SpeakingServer server,
            List<String> sentences,
            List<String> voices,
            String format,
            String what)
            throws Exception {
        WordErrors errors = new WordErrors();
        for (int i = 0; i < sentences.size(); i++) {
            String said = sentences.get(i);
            String voice = voices.get(i % voices.size());
            String heard = server.roundTrip(said, voice, format);
            if (errors.add(said, heard) > 0 && sentences.size() > 5) {
                out.printf(Locale.ROOT, "    %-18s %s | %s%n", voice, said, heard);
            }
        }
        return print(errors, what);
    }

    /** At the paces of the recordings, which were made at 130 to 190 words a minute. */
    private double saidAgain(SpeakingServer server, List<Recording> recordings) throws Exception {
        WordErrors errors = new WordErrors();
        for (double speed : new double[] {0.75, 0.85, 0.95, 1.05}) {
            for (Recording recording : recordings) {
                Map<String, Object> request =
                        SpeechClient.request(recording.text(), recording.voice(), "wav");
                request.put("speed", speed);
                errors.add(
                        recording.text(),
                        server.client().heard(server.client().audio(request), "audio/wav"));
            }
        }
        return print(errors, "their sentences and voices, said by this server at four paces");
    }

    private double recorded(SpeakingServer server, List<Recording> recordings) throws Exception {
        WordErrors errors = new WordErrors();
        for (Recording recording : recordings) {
            errors.add(
                    recording.text(),
                    server.client().heard(Files.readAllBytes(recording.file()), "audio/flac"));
        }
        return print(errors, recordings.size() + " recordings of espeak-ng from outside");
    }

    private double print(WordErrors errors, String what) {
        out.printf(Locale.ROOT, "WER %6.2f %%  %s%n", errors.percent(), what);
        return errors.percent();
    }

    /** Those that espeak-ng alone speaks. */
    private static List<Recording> recordings() throws Exception {
        Path golden = ProjectFiles.root().resolveSibling("shared/golden");
        List<Recording> found = new ArrayList<>();
        if (Files.isRegularFile(golden.resolve("golden.json"))) {
            JsonNode all =
                    Json.mapper().readTree(Files.readAllBytes(golden.resolve("golden.json")));
            for (JsonNode utterance : all.path("utterances")) {
                String voice = utterance.path("voice").asString();
                if (voice.startsWith("en-") && !voice.contains(" / ")) {
                    found.add(
                            new Recording(
                                    golden.resolve("audio")
                                            .resolve(utterance.path("file").asString()),
                                    utterance.path("reference").asString(),
                                    // ours is built without the Klatt synthesiser
                                    voice.replaceFirst("\\+klatt\\d*$", "")));
                }
            }
        }
        return found;
    }
}
